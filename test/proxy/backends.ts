import { createServer as createHttp2, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import type { Writable } from "node:stream";
import { onTestFinished } from "vitest";
import type { Upstream } from "../../src/model/upstream.ts";
import { fastCgiApp } from "../support/fastcgi-app.ts";
import { httpUpstream, upstreamAt } from "./support.ts";

/** One request as a backend receives it, once all of it has come, and how it is answered; the same for each protocol. */
export interface BackendCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  head(status: number, headers?: Readonly<Record<string, string>>): void;
  /** `false`: there is no room for more until `drained` calls back. */
  write(bytes: string): boolean;
  drained(then: () => void): void;
  end(): void;
  /** Ends the connection, or the stream, as if the backend had died. */
  breakOff(): void;
  /** Calls back when the connection, or the stream, has ended, whoever ended it. */
  left(then: () => void): void;
}

export type Talk = (call: BackendCall) => void;

/** Backends by what is spoken to them. */
export const BACKENDS = {
  "HTTP/1.1": http1Backend,
  "HTTP/2": http2Backend,
  FastCGI: fastCgiBackend,
} as const satisfies Record<string, (talk: Talk) => Promise<Upstream>>;

export type Spoken = keyof typeof BACKENDS;

/** The same upstream as one of this protocol. */
export const PROTOCOLS: Readonly<Record<Spoken, Upstream["protocol"]>> = {
  "HTTP/1.1": "http",
  "HTTP/2": "grpc",
  FastCGI: "fcgi",
};

/** Answers with these, the length of the body not said. */
export function answer(
  call: BackendCall,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = "ok",
): void {
  call.head(status, headers);
  call.write(body);
  call.end();
}

async function http1Backend(talk: Talk): Promise<Upstream> {
  const port = await httpUpstream((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    response.on("error", () => {});
    request.on("end", () => {
      const { method = "", url: path = "" } = request;
      talk({
        method,
        path,
        body,
        head: (status, headers = {}) => void response.writeHead(status, headers).flushHeaders(),
        write: (bytes) => response.write(bytes),
        drained: (then) => void response.once("drain", then),
        end: () => void response.end(),
        breakOff: () => void response.socket?.destroy(),
        left: (then) => void response.on("close", then),
      });
    });
  });
  return upstreamAt(port);
}

async function http2Backend(talk: Talk): Promise<Upstream> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createHttp2();
  server.on("session", (session: ServerHttp2Session) => {
    sessions.add(session);
    session.on("error", () => {});
  });
  server.on("stream", (stream, headers) => {
    let body = "";
    stream.on("error", () => {});
    stream.on("data", (chunk) => {
      body += chunk;
    });
    stream.on("end", () =>
      talk({
        method: String(headers[":method"]),
        path: String(headers[":path"]),
        body,
        head: (status, more = {}) => stream.respond({ ":status": status, ...lowerCase(more) }),
        write: (bytes) => stream.write(bytes),
        drained: (then) => void stream.once("drain", then),
        end: () => void stream.end(),
        breakOff: () => stream.session?.destroy(),
        left: (then) => void stream.on("close", then),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return upstreamAt((server.address() as AddressInfo).port, { protocol: "grpc" });
}

async function fastCgiBackend(talk: Talk): Promise<Upstream> {
  const port = await fastCgiApp((call) => {
    const socket: Writable = call.socket;
    talk({
      method: call.params.REQUEST_METHOD ?? "",
      path: call.params.REQUEST_URI ?? "",
      body: call.body,
      head: (status, headers = {}) => {
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        call.send(`Status: ${status}\r\n${lines.join("")}\r\n`);
      },
      write: (bytes) => {
        call.send(bytes);
        return !socket.writableNeedDrain;
      },
      drained: (then) => void socket.once("drain", then),
      end: () => call.end(),
      breakOff: () => void socket.destroy(),
      left: (then) => void socket.on("close", then),
    });
  });
  return upstreamAt(port, { protocol: "fcgi" });
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
