import { createHash } from "node:crypto";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import type { EventEmitter } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import type { TestPair } from "../../support/authority.ts";

/** What a backend says of what reached it. */
export interface Seen {
  /** The backend's port here. */
  readonly at: number;
  readonly tls: boolean;
  readonly sni?: string | undefined;
  /** The name in the certificate that it was shown. */
  readonly client?: string | undefined;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Backends {
  readonly ports: readonly number[];
  /** All that was seen since the last call. */
  take(): readonly Seen[];
  close(): void;
}

/** Backends like those of the suite: each speaks HTTP/1, HTTP/2, gRPC, WebSocket, TLS, and bytes over TCP and UDP. */
export async function startBackends(count: number, pair: TestPair): Promise<Backends> {
  const started = await Promise.all(Array.from({ length: count }, () => startBackend(pair)));
  return {
    ports: started.map(({ port }) => port),
    take: () => started.flatMap(({ take }) => take()),
    close() {
      for (const { close } of started) close();
    },
  };
}

interface Backend {
  readonly port: number;
  take(): readonly Seen[];
  close(): void;
}

async function startBackend(pair: TestPair): Promise<Backend> {
  let seen: Seen[] = [];
  let port = 0;
  const tries = new Map<string, number>();
  const tell = (more: Omit<Seen, "at">): Seen => {
    const each = { at: port, ...more };
    seen.push(each);
    return each;
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const target = new URL(request.url ?? "/", "http://backend");
    const own = tell({ ...ofSocket(request.socket), ...ofRequest(request) });
    const text = JSON.stringify(own);
    setTimeout(() => write(request, response, text, wantedStatus(target, tries)), delayOf(target));
  };
  const http1 = createHttpServer(answer);
  http1.on("upgrade", (request, socket) => {
    const key = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}${WEBSOCKET}`)
      .digest("base64");
    const own = tell({ ...ofSocket(request.socket), ...ofRequest(request) });
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\nX-Seen: ${JSON.stringify(own)}\r\n\r\n`,
    );
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  });
  const http2 = createHttp2Server();
  http2.on("stream", (stream, headers) => {
    const fields = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    const own = tell({
      tls: false,
      method: String(headers[":method"]),
      path: String(headers[":path"]),
      headers: Object.fromEntries([...fields, ["host", String(headers[":authority"])]]),
    });
    const text = Buffer.from(JSON.stringify(own));
    stream.on("error", () => undefined);
    stream.resume();
    if (!String(headers["content-type"]).startsWith("application/grpc")) {
      stream.respond({ ":status": 200, "content-type": "application/json" });
      stream.end(text);
      return;
    }
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(text.length, 1);
    stream.end(Buffer.concat([head, text]));
  });
  const read = (socket: Socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      socket.pause();
      const start = first.toString("latin1", 0, 8);
      const give = (to: EventEmitter) => {
        to.emit("connection", socket);
        socket.unshift(first);
        process.nextTick(() => socket.resume());
      };
      if (first[0] === TLS_RECORD && !(socket instanceof TLSSocket)) {
        socket.unshift(first);
        read(endTls(socket, pair));
      } else if (start.startsWith("PRI ")) give(http2);
      else if (/^[A-Z]+ \//.test(start)) give(http1);
      else socket.end(JSON.stringify(tell(ofSocket(socket))));
    });
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    read(socket);
  });
  const datagrams = createSocket("udp4");
  port = await listenOnBoth(server, datagrams);
  datagrams.on("message", (_, from) => {
    datagrams.send(JSON.stringify(tell({ tls: false })), from.port, from.address);
  });
  return {
    port,
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      datagrams.close();
    },
  };
}

const TLS_RECORD = 22;
const WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** One port number for TCP and UDP. */
async function listenOnBoth(server: Server, datagrams: UdpSocket): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise<void>((resolve, reject) => {
    datagrams.once("error", reject);
    datagrams.bind(port, "127.0.0.1", resolve);
  });
  return port;
}

function endTls(socket: Socket, { cert, key }: TestPair): TLSSocket {
  const secured = new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext({ cert, key }),
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
    SNICallback: (_, done) => done(null),
  });
  secured.on("error", () => secured.destroy());
  secured.on("_tlsError", () => secured.destroy());
  return secured;
}

function ofSocket(socket: Socket): Omit<Seen, "at"> {
  if (!(socket instanceof TLSSocket)) return { tls: false };
  const { servername } = socket as TLSSocket & { readonly servername?: string | false };
  const peer = socket.getPeerCertificate();
  return { tls: true, sni: servername || undefined, client: [peer?.subject?.CN].flat()[0] };
}

function ofRequest({ method, url, rawHeaders }: IncomingMessage): Pick<Seen, "method" | "path" | "headers"> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = [rawHeaders[at]?.toLowerCase(), rawHeaders[at + 1]];
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return { method, path: url, headers: Object.fromEntries(headers) };
}

/** `?delay=1s`. unit: ms */
function delayOf({ searchParams }: URL): number {
  const [, number = "0", unit] = /^(\d+)(ms|s)$/.exec(searchParams.get("delay") ?? "") ?? [];
  return Number(number) * (unit === "s" ? 1_000 : 1);
}

/** `?responseCode=500&succeedAfter=3&uuid=x`: fails three times. */
function wantedStatus({ searchParams, pathname }: URL, tries: Map<string, number>): number {
  const code = Number(searchParams.get("responseCode") ?? 200);
  const after = searchParams.get("succeedAfter");
  if (after === null) return code;
  const key = `${pathname} ${searchParams.get("uuid")}`;
  const many = (tries.get(key) ?? 0) + 1;
  tries.set(key, many);
  return many > Number(after) ? 200 : code;
}

/** `X-Echo-Set-Header: Name: value, Other: value` is what the suite's backends answer with. */
function write(request: IncomingMessage, response: ServerResponse, text: string, status: number): void {
  const extra = request.headers["x-echo-set-header"];
  for (const line of String(extra ?? "").split(",")) {
    const [name = "", value = ""] = line.split(":", 2).map((part) => part.trim());
    if (name !== "") response.appendHeader(name, value);
  }
  response.writeHead(status, { "content-type": "application/json" });
  response.end(text);
}
