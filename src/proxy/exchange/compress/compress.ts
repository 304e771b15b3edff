import type { Transform } from "node:stream";
import { brotliCompressSync, constants, createBrotliCompress, createGzip, gzipSync } from "node:zlib";
import type { HeaderLine } from "../../../model/decision.ts";
import { headerOf } from "../../../request/header-of.ts";
import type { Answering } from "../answering.ts";
import type { Exchange, Outgoing, OutgoingStream } from "../exchange.ts";
import type { ResponseHead } from "../reply.ts";
import { type Coding, codingOf, weakTag } from "./coding.ts";
import { envoyCodingOf, withEnvoyCoding } from "./envoy-coding.ts";
import { traefikCodingOf } from "./traefik-coding.ts";

type Compressing = Extract<Coding, { readonly level: number }>;

/** The head as sent. If it says compressed, everything written from now on is. */
export function compressed(context: Answering, exchange: Exchange, head: ResponseHead): ResponseHead {
  const coding = codingFor(context, exchange, head);
  if (coding === undefined) return head;
  const isEnvoys = context.client().compression?.by === "envoy";
  const headers = isEnvoys ? withEnvoyCoding(head.headers, coding) : withCoding(head.headers, coding);
  const { status, line, length, bare } = head;
  if (coding.kind === "identity") return { status, line, headers, length, bare };
  writeThrough(exchange.response, compressorOf(coding));
  return { status, line, headers, length: -1, bare };
}

/** The proxy's own page as sent, with matching headers. */
export function compressedPage(
  context: Answering,
  exchange: Exchange,
  page: { readonly status: number; readonly contentType: string; readonly body: Buffer },
): { readonly body: Buffer; readonly headers: readonly HeaderLine[] } {
  const { status, contentType, body } = page;
  const isEmpty = body.length === 0;
  // A page is shorter than what a route compresses.
  if (context.client().compression === undefined) return { body, headers: [] };
  // The length of a page without body is not said before the compressor has seen it.
  const coding = codingFor(context, exchange, {
    status,
    headers: isEmpty ? [] : ["Content-Type", contentType],
    length: isEmpty && context.client().compression?.by === "envoy" ? -1 : body.length,
  });
  if (coding === undefined) return { body, headers: [] };
  const vary: HeaderLine = ["Vary", "Accept-Encoding"];
  if (isEmpty || coding.kind === "identity") return { body, headers: [vary] };
  const { kind, level } = coding;
  const shorter =
    kind === "gzip"
      ? gzipSync(body, { level })
      : brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: level } });
  return { body: shorter, headers: [vary, ["Content-Encoding", kind]] };
}

function codingFor(
  context: Answering,
  exchange: Exchange,
  head: Pick<ResponseHead, "status" | "headers" | "length">,
): Coding {
  const { compression } = context.client();
  const ofRoute = exchange.decision?.route?.transport.compression;
  if (compression === undefined && ofRoute === undefined) return undefined;
  const { request, method } = exchange;
  const asked = {
    method,
    acceptEncoding: headerOf(request.rawHeaders, "accept-encoding") ?? "",
    userAgent: headerOf(request.rawHeaders, "user-agent") ?? "",
    modern: request.httpVersionMajor > 1 || request.httpVersionMinor > 0,
  };
  const answering = {
    status: head.status,
    contentType: headerOf(head.headers, "content-type"),
    contentEncoding: headerOf(head.headers, "content-encoding"),
    length: head.length,
  };
  if (ofRoute !== undefined) {
    const acceptEncoding = headerOf(request.rawHeaders, "accept-encoding");
    return traefikCodingOf(ofRoute, { method, acceptEncoding }, answering);
  }
  if (compression === undefined) return undefined;
  return compression.by === "envoy"
    ? envoyCodingOf(compression, asked, answering)
    : codingOf(compression, asked, answering);
}

/** Removes headers that a compressed response invalidates (ngx_http_gzip_header_filter). */
function withCoding(flat: readonly string[], coding: Exclude<Coding, undefined>): string[] {
  const headers: string[] = [];
  const isCompressed = coding.kind !== "identity";
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [name = "", value = ""] = [flat[i], flat[i + 1]];
    const lower = name.toLowerCase();
    if (isCompressed && GONE.has(lower)) continue;
    const kept = isCompressed && lower === "etag" ? weakTag(value) : value;
    if (kept !== undefined) headers.push(name, kept);
  }
  headers.push("Vary", "Accept-Encoding");
  if (isCompressed) headers.push("Content-Encoding", coding.kind);
  return headers;
}

const GONE: ReadonlySet<string> = new Set(["content-length", "accept-ranges", "content-encoding"]);

/** ngx_brotli's `brotli_window 512k`. */
const BROTLI_WINDOW_BITS = 19;

/** Flushes every piece, like nginx with `proxy_buffering off`. */
function compressorOf({ kind, level }: Compressing): Transform {
  return kind === "gzip"
    ? createGzip({ level, flush: constants.Z_SYNC_FLUSH })
    : createBrotliCompress({
        flush: constants.BROTLI_OPERATION_FLUSH,
        params: {
          [constants.BROTLI_PARAM_QUALITY]: level,
          [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
        },
      });
}

/**
 * Sends everything written to a response through a compressor. Back-pressure works both ways: the compressor
 * makes writers wait, and the response emits `drain` for it.
 */
function writeThrough(response: Outgoing, compressor: Transform): void {
  const target: OutgoingStream = response;
  const [write, end] = [target.write.bind(target), target.end.bind(target)];
  const resume = () => compressor.resume();
  compressor.on("data", (piece: Buffer) => {
    if (write(piece)) return;
    compressor.pause();
    target.once("drain", resume);
  });
  compressor.on("drain", () => target.emit("drain"));
  compressor.on("end", () => end());
  compressor.on("error", (error) => target.destroy(error));
  target.once("close", () => compressor.destroy());
  Object.assign(response, {
    write: compressor.write.bind(compressor),
    end: (...last: Parameters<Transform["end"]>) => {
      compressor.end(...last);
      return response;
    },
  });
}
