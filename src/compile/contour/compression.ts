import type { Compression } from "../../model/client-options/compression.ts";
import type { ContourSettings } from "./settings.ts";

/** Content types that are compressed (internal/envoy/v3/listener.go). */
const TYPES: readonly string[] = [
  "text/html",
  "text/plain",
  "text/css",
  "application/javascript",
  "application/x-javascript",
  "text/javascript",
  "text/x-javascript",
  "text/ecmascript",
  "text/js",
  "text/jscript",
  "text/x-js",
  "application/ecmascript",
  "application/x-json",
  "application/xml",
  "application/json",
  "image/svg+xml",
  "text/xml",
  "application/xhtml+xml",
  "application/grpc-web",
  "application/grpc-web+proto",
  "application/grpc-web+json",
  "application/grpc-web+thrift",
];

/** Envoy's usual ones. */
const GZIP = { level: 6, minLength: 30, types: TYPES };
const BROTLI = { level: 3, minLength: 30, types: TYPES };

/** Envoy's compressor as Contour sets it up. `undefined`: none */
export function compressionBy({ compression }: ContourSettings): Compression | undefined {
  if (compression === "disabled") return undefined;
  if (compression === "zstd") return { by: "envoy", unknown: BROTLI };
  return compression === "gzip" ? { by: "envoy", gzip: GZIP } : { by: "envoy", brotli: BROTLI };
}
