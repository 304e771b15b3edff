import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server as HttpServer, type RequestListener } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import forge from "node-forge";
import { onTestFinished } from "vitest";
import type { Decision, RequestFacts } from "../../src/model/decision.ts";
import type { HitEvent, UpstreamEvent } from "../../src/model/event.ts";
import { reason } from "../../src/model/reason.ts";
import type { Transport } from "../../src/model/route/transport.ts";
import type { Route } from "../../src/model/route.ts";
import type { Resolution, Upstream } from "../../src/model/upstream.ts";
import { type ProxyOptions, startProxy } from "../../src/proxy/proxy.ts";

const TRANSPORT: Transport = {
  protocol: "HTTP",
  bodyLimit: 0,
  connectTimeoutMs: 5_000,
  readTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
};

const WEB = { namespace: "default", service: "web", port: { number: 80 } };

/** A route to `default/web` with this transport. */
export function routeWith(transport: Partial<Transport> = {}): Route {
  return {
    id: "default/web a.test/ Prefix",
    ingress: { namespace: "default", name: "web", file: "web.yaml", line: 8 },
    rule: { host: "a.test", path: "/", pathType: "Prefix", regex: false },
    steps: [],
    action: { kind: "forward", shares: [{ backend: WEB, weight: 1 }] },
    transport: { ...TRANSPORT, ...transport },
    why: [reason("longest-prefix", "the path / is a prefix of every path")],
  };
}

/** Forwards every request unchanged. */
export function forwardAll(transport: Partial<Transport> = {}): (facts: RequestFacts) => Decision {
  const route = routeWith(transport);
  const backend = WEB;
  return (facts) => ({ kind: "forward", route, backend, upstreamPath: facts.target, why: route.why });
}

/** An upstream on a local port. */
export function upstreamAt(port: number, more: Partial<Upstream> = {}): Upstream {
  return {
    name: `127.0.0.1:${port}`,
    protocol: "http",
    connection: { kind: "tcp", host: "127.0.0.1", port },
    basePath: "",
    ...more,
  };
}

/** A proxy with its events. */
export interface TestProxy {
  readonly proxy: Awaited<ReturnType<typeof startProxy>>;
  readonly port: number;
  readonly hits: HitEvent[];
  readonly upstreams: UpstreamEvent[];
  /** Resolves with the hits once there are `count`. */
  hit(count: number): Promise<readonly HitEvent[]>;
}

/** Starts a proxy on free ports until the test ends. default: everything goes to `upstream` */
export async function testProxy(
  upstream: Upstream | number,
  options: Partial<ProxyOptions> = {},
): Promise<TestProxy> {
  const resolution: Resolution = {
    kind: "upstream",
    upstream: typeof upstream === "number" ? upstreamAt(upstream) : upstream,
  };
  const hits: HitEvent[] = [];
  const upstreams: UpstreamEvent[] = [];
  const waiting = new Set<() => void>();
  const proxy = await startProxy({
    bind: "127.0.0.1",
    httpPort: 0,
    httpsPort: 0,
    exact: "local",
    noEndpoints: () => undefined,
    decide: forwardAll(),
    resolve: () => resolution,
    secureContext: () => testContext("default.test"),
    onHit(hit) {
      hits.push(hit);
      for (const wake of waiting) wake();
    },
    onUpstream: (event) => upstreams.push(event),
    ...options,
  });
  onTestFinished(() => proxy.close(0));
  const hit = (count: number) =>
    new Promise<readonly HitEvent[]>((resolve) => {
      const look = () => {
        if (hits.length < count) return;
        waiting.delete(look);
        resolve(hits);
      };
      waiting.add(look);
      look();
    });
  return { proxy, port: proxy.http.port, hits, upstreams, hit };
}

/** An HTTP upstream; closed at the test's end. */
export async function httpUpstream(listener: RequestListener): Promise<number> {
  return (await listeningHttp(listener)).port;
}

/** Like `httpUpstream`, with the server itself. */
export async function listeningHttp(
  listener: RequestListener,
  port = 0,
): Promise<{ server: HttpServer; port: number }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A raw TCP upstream; `talk` runs per connection. */
export async function rawUpstream(talk: (socket: Socket, connection: number) => void): Promise<number> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: Server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    talk(socket, ++connections);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Calls `take` for each request head, with what followed it in the same read. */
export function onHead(socket: Socket, take: (head: string) => void): void {
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    if (!text.includes("\r\n\r\n")) return;
    const head = text;
    text = "";
    take(head);
  });
}

/** Takes the connections that hold dead ports. */
let holder: Promise<Server> | undefined;

/**
 * A port of 127.0.0.1 without listener, until the process ends: a connection leaves from it, so that the system gives it
 * to no listener of another test.
 */
export async function deadPort(): Promise<number> {
  holder ??= new Promise((resolve) => {
    const server = createTcpServer((socket) => void socket.unref().on("error", () => {}));
    server.unref().listen(0, "127.0.0.1", () => resolve(server));
  });
  const { port } = (await holder).address() as AddressInfo;
  const held = connect(port, "127.0.0.1").unref();
  await once(held, "connect");
  return held.localPort ?? 0;
}

const contexts = new Map<string, SecureContext>();

/** A cached self-signed certificate. */
export function testContext(name: string): SecureContext {
  const found = contexts.get(name);
  if (found !== undefined) return found;
  const made = createSecureContext(selfSigned(name));
  contexts.set(name, made);
  return made;
}

/** Key and certificate, PEM. */
export function selfSigned(name: string): { key: string; cert: string } {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const forgeKey = forge.pki.privateKeyFromPem(key);
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.setRsaPublicKey(forgeKey.n, forgeKey.e);
  cert.serialNumber = "01";
  cert.validity.notBefore = new Date(Date.now() - 86_400_000);
  cert.validity.notAfter = new Date(Date.now() + 86_400_000);
  const names = [{ name: "commonName", value: name }];
  cert.setSubject(names);
  cert.setIssuer(names);
  cert.sign(forgeKey, forge.md.sha256.create());
  return { key, cert: forge.pki.certificateToPem(cert) };
}

/** A promise and its resolver. */
export function signal(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}
