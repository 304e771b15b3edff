import { connect as connectHttp2, type IncomingHttpHeaders } from "node:http2";
import { connect, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import type { RecordedAsk } from "../../answers/recorded.ts";
import { PATIENCE_MS } from "../../support/raw-client.ts";
import { describeCertificate, type WireAnswer } from "../ask.ts";
import { HELLO } from "../pods.ts";

/** An answer by HTTP/2, gRPC, a WebSocket, or TCP. */
export interface ProtocolAnswer extends WireAnswer {
  /** The status of gRPC. */
  readonly grpc?: number | undefined;
  /** What came back through an open connection. */
  readonly came?: string | undefined;
}

const NO_ANSWER: WireAnswer = {
  status: 0,
  reason: "",
  headers: [],
  body: "",
  cert: undefined,
  error: undefined,
};

export async function askByProtocol(question: RecordedAsk, port: number): Promise<ProtocolAnswer> {
  const { proto } = question;
  if (proto === "h2" || proto === "h2c" || proto === "grpc") return await askHttp2(question, port);
  return await askBytes(question, port);
}

function askHttp2(
  { proto, tls, sni, host = "", path, method, headers = {} }: RecordedAsk,
  port: number,
): Promise<ProtocolAnswer> {
  return new Promise((resolve) => {
    const session = connectHttp2(`${tls === true ? "https" : "http"}://127.0.0.1:${port}`, {
      rejectUnauthorized: false,
      servername: sni ?? host,
    });
    const fail = (error: Error) => {
      session.destroy();
      resolve({ ...NO_ANSWER, error: error.message });
    };
    session.setTimeout(PATIENCE_MS, () => fail(new Error("timed out")));
    session.on("error", fail);
    const isGrpc = proto === "grpc";
    const own: readonly (readonly [string, string])[] = Array.isArray(headers)
      ? headers
      : Object.entries(headers);
    const stream = session.request({
      ":method": method ?? (isGrpc ? "POST" : "GET"),
      ":path": path ?? "/",
      ":authority": host,
      ...(isGrpc ? { "content-type": "application/grpc", te: "trailers" } : {}),
      ...Object.fromEntries(own),
    });
    let [status, grpc, body] = [0, undefined as number | undefined, ""];
    let answered: readonly (readonly [string, string])[] = [];
    const takeGrpc = (from: IncomingHttpHeaders) => {
      if (from["grpc-status"] !== undefined) grpc = Number(from["grpc-status"]);
    };
    stream.on("response", (received) => {
      status = Number(received[":status"]);
      answered = Object.entries(received).flatMap(([name, value]) =>
        // The status of gRPC is compared by itself.
        name.startsWith(":") || name.startsWith("grpc-")
          ? []
          : [value ?? []].flat().map((each) => [name, each] as const),
      );
      takeGrpc(received);
    });
    stream.on("trailers", takeGrpc);
    stream.on("data", (chunk: Buffer) => {
      body += chunk.toString("latin1");
    });
    stream.on("error", fail);
    stream.on("close", () => {
      session.destroy();
      resolve({ ...NO_ANSWER, status, headers: answered, body, grpc });
    });
    stream.end(isGrpc ? Buffer.alloc(5) : undefined);
  });
}

/** Says hello to the other side, after the handshake of a WebSocket if it is one. Bytes that come back without HTTP count as 200. */
function askBytes(question: RecordedAsk, port: number): Promise<ProtocolAnswer> {
  const { proto, sni, host = "", path = "/" } = question;
  const isWebSocket = proto === "ws";
  return new Promise((resolve) => {
    const to = { host: "127.0.0.1", port };
    const socket: Socket =
      proto === "tls" ? connectTls({ ...to, rejectUnauthorized: false, servername: sni ?? "" }) : connect(to);
    let came = "";
    let cert: string | undefined;
    const settle = (error?: Error) => {
      socket.destroy();
      const [head = "", rest = ""] = isWebSocket ? came.split("\r\n\r\n") : ["", came];
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
      resolve({
        ...NO_ANSWER,
        status: isWebSocket ? status : rest === "" ? 0 : 200,
        cert,
        error: error?.message,
        came: rest,
      });
    };
    socket.setTimeout(PATIENCE_MS, () => settle(new Error("timed out")));
    socket.on("error", settle);
    socket.on("end", () => settle());
    socket.once("secureConnect", () => {
      if (socket instanceof TLSSocket) cert = describeCertificate(socket);
    });
    let isSaid = !isWebSocket;
    socket.on("data", (chunk: Buffer) => {
      came += chunk.toString("latin1");
      if (!isWebSocket) return;
      const isOpen = came.startsWith("HTTP/1.1 101") && came.includes("\r\n\r\n");
      if (isOpen && !isSaid) {
        isSaid = true;
        socket.write(HELLO);
      }
      if (came.endsWith(HELLO) || (came.includes("\r\n\r\n") && !isOpen)) settle();
    });
    socket.write(isWebSocket ? handshakeOf(host, path) : HELLO);
  });
}

function handshakeOf(host: string, path: string): string {
  const key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${key}\r\n\r\n`;
}
