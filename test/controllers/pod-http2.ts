import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { PodRequest } from "./pod-request.ts";

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** What clients of HTTP/2 without TLS send first (RFC 9113, 3.4). */
export const PREFACE = "PRI * HTTP/2.0";

/** Answers requests of HTTP/2, those of gRPC with its status 0. Connections are given to it by `emit`. */
export function http2Pod(reply: (request: PodRequest) => Reply): Http2Server {
  const server = createServer();
  const take = (stream: ServerHttp2Stream, _: unknown, __: unknown, rawHeaders: readonly string[]) => {
    let bodyBytes = 0;
    stream.on("error", () => stream.destroy());
    stream.on("data", (chunk: Buffer) => {
      bodyBytes += chunk.length;
    });
    stream.on("end", () => {
      const request = requestOf(rawHeaders, bodyBytes);
      const { status, body } = reply(request);
      const isGrpc = request.low.get("content-type")?.startsWith("application/grpc") === true;
      const type = isGrpc ? "application/grpc" : "application/json";
      stream.respond({ ":status": status, "content-type": type }, { waitForTrailers: isGrpc });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(body);
    });
  };
  return server.on("stream", take);
}

/** `:authority` counts as `host`. */
function requestOf(raw: readonly string[], bodyBytes: number): PodRequest {
  const pseudo = new Map<string, string>();
  const headers: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = "", value = ""] = [raw[at], raw[at + 1]];
    if (name === ":authority") headers.push(["host", value]);
    else if (name.startsWith(":")) pseudo.set(name, value);
    else headers.push([name, value]);
  }
  return {
    method: pseudo.get(":method") ?? "",
    target: pseudo.get(":path") ?? "",
    ...{ headers, low: new Map(headers), bodyBytes },
  };
}
