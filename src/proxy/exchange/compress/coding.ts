import type {
  Compression,
  CompressorOptions,
  GzipOptions,
} from "../../../model/client-options/compression.ts";
import { acceptsBrotli, acceptsGzip } from "./accepts.ts";

export interface CompressionRequest {
  readonly method: string;
  readonly acceptEncoding: string;
  readonly userAgent: string;
  /** HTTP/1.1 or newer. */
  readonly modern: boolean;
}

export interface CompressionResponse {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** -1: unknown */
  readonly length: number;
}

/** Compressed, or uncompressed with a `Vary`; `undefined`: neither. */
export type Coding =
  | { readonly kind: "gzip" | "br"; readonly level: number }
  | { readonly kind: "identity" }
  | undefined;

/**
 * The compression of a response. brotli precedes gzip (ngx_http_brotli_filter_module.c, which disables gzip).
 *
 * Source: nginx ngx_http_gzip_filter_module.c (ngx_http_gzip_header_filter), with `gzip_proxied any`,
 * `gzip_vary on` and `gzip_http_version 1.1` of nginx.tmpl.
 */
export function codingOf(
  { gzip, brotli }: Compression,
  asked: CompressionRequest,
  answering: CompressionResponse,
): Coding {
  const byBrotli = brotli !== undefined && isFor(brotli, asked, answering);
  const byGzip = gzip !== undefined && isFor(gzip, asked, answering);
  if (byBrotli && acceptsBrotli(asked.acceptEncoding)) return { kind: "br", level: brotli.level };
  if (byGzip && isAsked(gzip, asked)) return { kind: "gzip", level: gzip.level };
  return byBrotli || byGzip ? { kind: "identity" } : undefined;
}

const STATUSES: ReadonlySet<number> = new Set([200, 403, 404]);

function isFor(
  { minLength, types }: CompressorOptions,
  { method }: CompressionRequest,
  answering: CompressionResponse,
): boolean {
  const { status, contentType, contentEncoding = "", length } = answering;
  if (method === "HEAD" || !STATUSES.has(status) || contentEncoding !== "") return false;
  if (length !== -1 && length < minLength) return false;
  return types === "any" || (contentType !== undefined && types.includes(mimeType(contentType)));
}

/** Without charset; other parameters stay (ngx_http_upstream_copy_content_type). */
function mimeType(contentType: string): string {
  return contentType.replace(/; *charset=.*$/is, "").toLowerCase();
}

function isAsked(
  { disabled }: GzipOptions,
  { acceptEncoding, userAgent, modern }: CompressionRequest,
): boolean {
  if (!modern || !acceptsGzip(acceptEncoding)) return false;
  if (disabled === undefined || userAgent === "") return true;
  if (disabled === "msie6") return !isOldExplorer(userAgent);
  return disabled.exec(userAgent) === null;
}

/** ngx_http_request.c, ngx_http_process_user_agent. */
function isOldExplorer(userAgent: string): boolean {
  const [, version, rest = ""] = /MSIE (\d)\.(.*)/s.exec(userAgent) ?? [];
  return version === "4" || version === "5" || (version === "6" && !rest.includes("SV1"));
}

/** A compressed response's entity tag: weak, or none (ngx_http_weak_etag). */
export function weakTag(tag: string): string | undefined {
  if (tag.startsWith("W/") && tag.length > 2) return tag;
  return tag.startsWith('"') ? `W/${tag}` : undefined;
}
