import { performServerHandshake, type ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import type { EchoPod } from "../echo.ts";
import { echoAnswer, WITHOUT_CONTENT } from "./answer.ts";
import { BodyReading } from "./body.ts";

/**
 * The highest possible field number (https://protobuf.dev/programming-guides/proto3). A client takes it for an unknown
 * field, and the message for an empty one of its type.
 */
const FIELD = 2 ** 29 - 1;

/**
 * Answers a connection of HTTP/2 from the first byte. A gRPC call gets one message and `grpc-status: 0` once the client
 * has sent all. Other requests are answered as over HTTP/1.1.
 */
export function answerHttp2(pod: EchoPod, connection: Duplex): void {
  connection.on("error", () => connection.destroy());
  const session = performServerHandshake(connection);
  session.on("error", () => connection.destroy());
  session.on("stream", (stream: ServerHttp2Stream, _: unknown, __: number, raw: string[]) => {
    const body = new BodyReading();
    stream.on("error", () => {});
    stream.on("data", (chunk: Buffer) => body.add(chunk));
    stream.on("end", () => {
      const pseudo = (name: string) => raw[raw.indexOf(name) + 1] ?? "";
      const headers = raw.filter((_, i) => !raw[i - (i % 2)]?.startsWith(":"));
      const head = { method: pseudo(":method"), target: pseudo(":path"), proto: "HTTP/2.0", headers };
      const { options, type, json } = echoAnswer(pod, head, body.end());
      const { status, delayMs } = options;
      const content = Buffer.from(json);
      const send = () =>
        /^application\/grpc\b/.test(type)
          ? sendGrpc(stream, type, content)
          : sendJson(stream, status, content);
      const timer = setTimeout(send, delayMs);
      stream.once("close", () => clearTimeout(timer));
    });
  });
}

function sendJson(stream: ServerHttp2Stream, status: number, json: Buffer): void {
  if (stream.destroyed) return;
  const head = { ":status": status, "x-ingress-dev-upstream": "echo" };
  if (WITHOUT_CONTENT.has(status)) {
    stream.respond(head, { endStream: true });
    return;
  }
  stream.respond({ ...head, "content-type": "application/json", "content-length": json.length });
  stream.end(json);
}

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Responses". */
function sendGrpc(stream: ServerHttp2Stream, type: string, json: Buffer): void {
  if (stream.destroyed) return;
  stream.respond(
    { ":status": 200, "content-type": type, "x-ingress-dev-upstream": "echo" },
    { waitForTrailers: true },
  );
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(grpcMessage(json));
}

/** A message with one field of bytes, after its length. */
function grpcMessage(json: Buffer): Buffer {
  const message = Buffer.concat([varint(FIELD * 8 + 2), varint(json.length), json]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** https://protobuf.dev/programming-guides/encoding/#varints */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
