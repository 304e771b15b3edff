import type { IncomingMessage, RequestListener } from "node:http";
import { expect, onTestFinished } from "vitest";
import type { ProxyOptions } from "../../../src/proxy/proxy.ts";
import { FLAG, frame } from "../../support/http2-raw/frames.ts";
import { type Fields, literals } from "../../support/http2-raw/header-block.ts";
import { type Http2Raw, type Http2RawOptions, openHttp2, openHttp2s } from "../../support/http2-raw.ts";
import { httpUpstream, type TestProxy, testProxy } from "../support.ts";

/** The pseudo headers of a request. */
export function ask(method = "GET", path = "/", more: Fields = []): Fields {
  return [[":method", method], [":scheme", "http"], [":path", path], [":authority", "a.test"], ...more];
}

/** A request's head in one frame; `end`: with or without a body. */
export function head(stream: number, fields: Fields = ask(), end: "end" | "more" = "end"): Buffer {
  return frame(1, FLAG.endHeaders | (end === "end" ? FLAG.endStream : 0), stream, literals(fields));
}

export const post = (stream: number, path = "/echo", more: Fields = []): Buffer =>
  head(stream, ask("POST", path, more), "more");

/** A proxy and its backend, which says what it was asked. */
export interface Http2Proxy extends TestProxy {
  /** Requests whose heads came to the backend. */
  readonly begun: IncomingMessage[];
  /** Requests that came whole: `METHOD path`, and the body. */
  readonly whole: string[];
  readonly faults: unknown[];
  open(options?: Http2RawOptions): Promise<Http2Raw>;
  openTls(options?: Http2RawOptions): Promise<Http2Raw>;
  /** Another client is served. */
  isWell(): Promise<void>;
}

/** Bytes of a body that differ from place to place and from `mark` to `mark`. */
export function pattern(bytes: number, mark = 1): Buffer {
  const made = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at++) made[at] = (at * 7 + (at >> 8) * 13 + mark * 31) & 255;
  return made;
}

/** `/echo` gives back the body, `/big?n` n bytes, `/status?n` that status, `/never` and `/unread` nothing; others say `ok`. */
const answer: RequestListener = (request, response) => {
  const url = request.url ?? "";
  const number = Math.min(Number.parseInt(url.split("?")[1] ?? "", 10) || 0, 2 ** 26);
  if (url.startsWith("/echo")) request.pipe(response);
  else if (url.startsWith("/big")) response.end(pattern(number));
  else if (url.startsWith("/status")) response.writeHead(number >= 200 && number < 600 ? number : 200).end();
  else if (!/^\/(?:never|unread)/.test(url)) response.end("ok");
};

export async function http2Proxy(
  options: Partial<ProxyOptions> = {},
  listener: RequestListener = answer,
): Promise<Http2Proxy> {
  const begun: IncomingMessage[] = [];
  const whole: string[] = [];
  const faults: unknown[] = [];
  const upstream = await httpUpstream((request, response) => {
    begun.push(request);
    let body = "";
    if (!request.url?.startsWith("/unread"))
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString("latin1");
      });
    request.on("end", () => whole.push(`${request.method} ${request.url} ${body}`.trimEnd()));
    listener(request, response);
  });
  const server = await testProxy(upstream, { onFault: (fault) => faults.push(fault), ...options });
  const left = (client: Http2Raw) => {
    onTestFinished(() => void client.socket.destroy());
    return client;
  };
  const proxy: Http2Proxy = {
    ...server,
    begun,
    whole,
    faults,
    open: async (with_) => left(await openHttp2(server.port, with_)),
    openTls: async (with_) => left(await openHttp2s(server.proxy.https.port, with_)),
    async isWell() {
      const client = await proxy.open();
      client.head(1, ask("GET", "/well"));
      expect(await client.answer(1)).toMatchObject({ status: 200, reset: undefined });
      client.socket.destroy();
      expect(faults).toEqual([]);
    },
  };
  return proxy;
}

/** The first stream that asks whether a connection still serves. */
const LAST = 1001;

/**
 * What becomes of a connection on which these bytes are sent: `GOAWAY error` or `closed`; else what came on `stream`
 * (`200`, `reset error`), while the connection goes on serving. Without a stream: `served`.
 */
export async function outcome(client: Http2Raw, pieces: readonly Buffer[], stream = 0): Promise<string> {
  const own = client.frames.reduce((most, frame) => Math.max(most, frame.stream + 2), LAST);
  client.send(...pieces, head(own, ask("GET", "/last")));
  const last = await client.answer(own);
  const { status, reset } = stream === 0 ? last : await client.answer(stream);
  if (client.ended() !== undefined || last.status !== 200) return client.end();
  if (stream === 0) return "served";
  return reset === undefined || reset === "NO_ERROR" ? String(status) : `reset ${reset}`;
}
