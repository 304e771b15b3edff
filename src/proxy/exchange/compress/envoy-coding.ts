import type { Compression } from "../../../model/client-options/compression.ts";
import { acceptsBrotli, acceptsGzip } from "./accepts.ts";
import type { Coding, CompressionRequest, CompressionResponse } from "./coding.ts";

/**
 * What Envoy's compressor does with a response. It says `Vary` of all that it could compress, whatever the client asks
 * for, and of answers without a body.
 *
 * Source: source/extensions/filters/http/compressor/compressor_filter.cc
 */
export function envoyCodingOf(
  { gzip, brotli, unknown }: Compression,
  { method, acceptEncoding }: CompressionRequest,
  { status, contentType, contentEncoding = "", length }: CompressionResponse,
): Coding {
  const options = gzip ?? brotli ?? unknown;
  if (options === undefined || status < 200 || contentEncoding !== "") return undefined;
  const { minLength, types, level } = options;
  if (length !== -1 && length < minLength) return undefined;
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== undefined && types !== "any" && !types.includes(type)) return undefined;
  const isEmpty = method === "HEAD" || status === 204 || status === 304;
  if (isEmpty) return { kind: "identity" };
  if (gzip !== undefined) return acceptsGzip(acceptEncoding) ? { kind: "gzip", level } : { kind: "identity" };
  if (brotli === undefined) return { kind: "identity" };
  return acceptsBrotli(acceptEncoding) ? { kind: "br", level } : { kind: "identity" };
}

/** Envoy adds to a `vary` that is there, and leaves out what a compressed response cannot keep. */
export function withEnvoyCoding(flat: readonly string[], coding: Exclude<Coding, undefined>): string[] {
  const headers: string[] = [];
  const isCompressed = coding.kind !== "identity";
  let isSaid = false;
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [name = "", value = ""] = [flat[i], flat[i + 1]];
    const lower = name.toLowerCase();
    if (isCompressed && (lower === "content-length" || (lower === "etag" && !value.startsWith("W/"))))
      continue;
    if (lower !== "vary" || isSaid) headers.push(name, value);
    else {
      isSaid = true;
      headers.push(name, /\*|accept-encoding/i.test(value) ? value : `${value}, Accept-Encoding`);
    }
  }
  if (!isSaid) headers.push("vary", "Accept-Encoding");
  if (isCompressed) headers.push("content-encoding", coding.kind);
  return headers;
}
