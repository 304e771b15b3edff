import { randomUUID } from "node:crypto";
import { createSocket } from "node:dgram";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect as connectHttp2, type IncomingHttpHeaders as Http2Headers } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import type { TestPair } from "../../support/authority.ts";
import type { SuiteRequest } from "../cases.ts";
import type { Seen } from "./backends.ts";

/** What came of a request. */
export interface Given {
  /** 0: nothing */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly grpc?: number | undefined;
  /** What the backend that answered says of it. */
  readonly seen?: Seen | undefined;
}

const NOTHING: Given = { status: 0, headers: {} };

/** Of a Gateway that is asked by its address. */
const ADDRESS = "10.0.0.1";

/** Catches a hang, not slowness. unit: ms */
const PATIENCE_MS = 4_000;

/** Sends a request of the suite to a local port. */
export async function askSuite(
  request: SuiteRequest,
  port: number,
  pair: TestPair | undefined,
): Promise<Given> {
  const { scheme, protocol } = request;
  if (scheme === "udp") return await askUdp(port);
  if (scheme === "tcp" || scheme === "tls") return await askBytes(open(request, port, pair));
  if (protocol !== "grpc" && protocol !== "H2" && protocol !== "H2C_PRIOR_KNOWLEDGE")
    return await askHttp1(request, open(request, port, pair));
  const socket = open(request, port, pair, protocol === "grpc" ? ["h2"] : ["h2", "http/1.1"]);
  if (!(socket instanceof TLSSocket)) return await askHttp2(request, port, socket);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once("secureConnect", () => resolve(true)).once("error", () => resolve(false));
  });
  if (!isOpen) return NOTHING;
  // As the laboratory's client fell back where the server offered no HTTP/2.
  return await (socket.alpnProtocol === "h2" ? askHttp2(request, port, socket) : askHttp1(request, socket));
}

function open(
  { scheme, sni }: SuiteRequest,
  port: number,
  pair: TestPair | undefined,
  alpn?: readonly string[],
): Socket {
  if (scheme !== "https" && scheme !== "tls") return connectTcp({ host: "127.0.0.1", port });
  return connectTls({
    ...{ host: "127.0.0.1", port, servername: sni ?? "", rejectUnauthorized: false },
    ...(pair === undefined ? {} : { cert: pair.cert, key: pair.key }),
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
  });
}

function sentHeaders({ headers = {}, backendSetsResponseHeaders }: SuiteRequest): Record<string, string> {
  const set = Object.entries(backendSetsResponseHeaders ?? {}).map(([name, value]) => `${name}:${value}`);
  return set.length === 0 ? { ...headers } : { ...headers, "X-Echo-Set-Header": set.join(",") };
}

function pathOf({ path = "/" }: SuiteRequest): string {
  return path.replaceAll("{uuid}", randomUUID());
}

function askHttp1(request: SuiteRequest, socket: Socket): Promise<Given> {
  return new Promise((resolve) => {
    const isUpgrade = request.protocol === "websocket";
    const asked = httpRequest({
      createConnection: () => socket,
      method: request.method ?? "GET",
      path: pathOf(request),
      setHost: false,
      headers: {
        Host: request.host ?? ADDRESS,
        ...sentHeaders(request),
        ...(isUpgrade ? WEBSOCKET : { Connection: "close" }),
      },
    });
    const done = (given: Given) => {
      socket.destroy();
      resolve(given);
    };
    asked.setTimeout(PATIENCE_MS, () => done(NOTHING));
    asked.on("error", () => done(NOTHING));
    asked.on("upgrade", ({ headers }) => {
      const seen = headers["x-seen"];
      done({
        status: 101,
        headers: texts(headers),
        seen: typeof seen === "string" ? JSON.parse(seen) : undefined,
      });
    });
    asked.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const { statusCode: status = 0, headers } = response;
        done({ status, headers: texts(headers), seen: seenIn(Buffer.concat(chunks)) });
      });
      response.on("error", () => done(NOTHING));
    });
    asked.end();
  });
}

const WEBSOCKET = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

function askHttp2(request: SuiteRequest, port: number, socket: Socket): Promise<Given> {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`, { createConnection: () => socket });
    const done = (given: Given) => {
      session.destroy();
      resolve(given);
    };
    session.setTimeout(PATIENCE_MS, () => done(NOTHING));
    session.on("error", () => done(NOTHING));
    const isGrpc = request.protocol === "grpc";
    const lower = Object.entries(sentHeaders(request)).map(([name, value]) => [name.toLowerCase(), value]);
    const stream = session.request({
      ":method": request.method ?? "GET",
      ":path": pathOf(request),
      ":scheme": request.scheme,
      ":authority": request.host ?? ADDRESS,
      ...Object.fromEntries(lower),
      ...(isGrpc ? { "content-type": "application/grpc", te: "trailers" } : {}),
    });
    let head: Http2Headers & { readonly ":status"?: number } = {};
    let trailers: Http2Headers = {};
    const chunks: Buffer[] = [];
    stream.on("response", (headers) => {
      head = headers;
    });
    stream.on("trailers", (headers) => {
      trailers = headers;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", () => done(NOTHING));
    stream.on("end", () => {
      const grpc = trailers["grpc-status"] ?? head["grpc-status"];
      const body = Buffer.concat(chunks);
      done({
        status: head[":status"] ?? 0,
        headers: texts(head),
        grpc: grpc === undefined ? undefined : Number(grpc),
        seen: seenIn(isGrpc ? body.subarray(5) : body),
      });
    });
    if (isGrpc) stream.end(Buffer.alloc(5));
    else stream.end();
  });
}

/** Bytes that are no HTTP; the answer tells what reached the backend. */
function askBytes(socket: Socket): Promise<Given> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const done = () => {
      socket.destroy();
      const seen = seenIn(Buffer.concat(chunks));
      resolve(seen === undefined ? NOTHING : { status: 0, headers: {}, seen });
    };
    socket.setTimeout(PATIENCE_MS, done);
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", done);
    socket.on("close", done);
    socket.on("end", done);
    socket.write("?");
  });
}

function askUdp(port: number): Promise<Given> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const done = (given: Given) => {
      clearTimeout(timer);
      socket.close();
      resolve(given);
    };
    const timer = setTimeout(() => done(NOTHING), PATIENCE_MS);
    socket.on("message", (datagram) => done({ status: 0, headers: {}, seen: seenIn(datagram) }));
    socket.on("error", () => done(NOTHING));
    socket.send("?", port, "127.0.0.1");
  });
}

function texts(headers: IncomingHttpHeaders | Http2Headers): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function seenIn(body: Buffer): Seen | undefined {
  const text = body.toString("utf8");
  return text.startsWith('{"at":') ? JSON.parse(text) : undefined;
}
