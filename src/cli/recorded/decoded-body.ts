import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

/** A small body may be a bomb. unit: bytes */
const MOST_BYTES = 1024 * 1024;

const DECODERS: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** A whole body without its `Content-Encoding`; `undefined` if it has none, or cannot be decoded. */
export function decodedBody(bytes: Buffer, coding: string | undefined): Buffer | undefined {
  const decode = DECODERS[coding?.trim().toLowerCase() ?? ""];
  if (decode === undefined || bytes.length === 0) return undefined;
  try {
    return decode(bytes, { maxOutputLength: MOST_BYTES });
  } catch {
    return undefined;
  }
}
