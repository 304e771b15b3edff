import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach } from "vitest";
import { WebSocket } from "ws";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../support/api-server/api-server.ts";
import type { Json, KubeObject } from "../support/api-server/object.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

export async function started(options: ApiServerOptions = {}): Promise<ApiServer> {
  const server = await startApiServer(options);
  ends.push(() => server.close());
  return server;
}

/** Status, and the body, parsed if it is JSON. */
export interface Reply {
  readonly code: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

/** Asks once on its own connection. */
export async function ask(
  server: ApiServer,
  method: string,
  path: string,
  sent: { readonly body?: unknown; readonly type?: string; readonly headers?: Record<string, string> } = {},
): Promise<Reply> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      connection: "close",
      ...(sent.body === undefined ? {} : { "content-type": sent.type ?? "application/json" }),
      ...sent.headers,
    },
    ...(sent.body === undefined
      ? {}
      : { body: Buffer.isBuffer(sent.body) ? sent.body : JSON.stringify(sent.body) }),
  });
  const text = await response.text();
  return { code: response.status, headers: response.headers, text, body: json(text) };
}

function json(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

export interface Event {
  readonly type: string;
  readonly object: KubeObject & { readonly code?: number };
}

/** Events of a watch, one at a time; `undefined` at its end. Rejects if the connection breaks. */
export async function watching(
  server: ApiServer,
  path: string,
): Promise<{ readonly response: Response; readonly next: () => Promise<Event | undefined> }> {
  const aborted = new AbortController();
  ends.push(() => aborted.abort());
  const response = await fetch(`${server.url}${path}`, { signal: aborted.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let pending = "";
  return {
    response,
    next: async () => {
      while (!pending.includes("\n")) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) return pending === "" ? undefined : (JSON.parse(pending) as Event);
        pending += value ?? "";
      }
      const end = pending.indexOf("\n");
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      return JSON.parse(line) as Event;
    },
  };
}

/** A local TCP server; ends with the test. */
export async function listening(accept: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    accept(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

/** A stored pod. */
export const POD: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1", labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "web:1", ports: [{ name: "http", containerPort: 8080 }] }] },
  status: {
    phase: "Running",
    podIP: "10.244.0.3",
    conditions: [{ type: "Ready", status: "True" }],
    containerStatuses: [{ name: "web", ready: true, restartCount: 0, state: { running: {} } }],
  },
};

/** A port-forward over channels, with frames as `CHANNEL:BYTES` in hex or text. */
export interface Channels {
  readonly socket: WebSocket;
  readonly frames: Buffer[];
  /** Resolves with the next `count` frames. */
  readonly until: (count: number) => Promise<readonly Buffer[]>;
  /** The close code. */
  readonly closed: Promise<number>;
}

/** Opens a port-forward to port 8080 of the pod `web-1`. Rejects if the upgrade is refused. */
export async function forwarding(
  server: ApiServer,
  protocols: readonly string[] = ["v4.channel.k8s.io"],
): Promise<Channels> {
  const path = "/api/v1/namespaces/default/pods/web-1/portforward?ports=8080";
  const socket = new WebSocket(`${server.url.replace("http", "ws")}${path}`, [...protocols]);
  ends.push(() => socket.terminate());
  const frames: Buffer[] = [];
  socket.on("message", (frame: Buffer) => frames.push(frame));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await once(socket, "open");
  socket.on("error", () => {});
  const until = async (count: number) => {
    while (frames.length < count)
      await Promise.race([once(socket, "message"), closed.then(() => Promise.reject(new Error("closed")))]);
    return frames;
  };
  return { socket, frames, until, closed };
}
