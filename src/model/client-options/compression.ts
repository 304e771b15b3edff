import type { Pattern } from "../pattern.ts";

/** `use-gzip`, `enable-brotli` and their options; Envoy's compressor. */
export interface Compression {
  /** default: nginx's modules */
  readonly by?: "envoy" | undefined;
  readonly gzip?: GzipOptions | undefined;
  readonly brotli?: CompressorOptions | undefined;
  /** Of a coding that is not done here: answers say `Vary`, and stay as they are. */
  readonly unknown?: CompressorOptions | undefined;
}

/** Traefik's middleware `compress` at a route. */
export interface RouteCompression {
  /** In order of preference. */
  readonly encodings: readonly ("gzip" | "br" | "zstd")[];
  /** `defaultEncoding`. default: clients that name none get none */
  readonly usual?: "gzip" | "br" | "zstd" | undefined;
  /** Shorter responses of known length stay uncompressed. unit: bytes */
  readonly minLength: number;
  /** Lower-case MIME types; of all others none is compressed. Empty: all but `excluded` */
  readonly included: readonly string[];
  readonly excluded: readonly string[];
}

export interface CompressorOptions {
  /** gzip: 1 to 9; brotli: 0 to 11. */
  readonly level: number;
  /** Shorter responses of known length stay uncompressed. unit: bytes */
  readonly minLength: number;
  /** Lower-case MIME types, `text/html` included. */
  readonly types: readonly string[] | "any";
}

export interface GzipOptions extends CompressorOptions {
  /** `gzip-disable`: user agents that get nothing compressed; `msie6` means old browsers. */
  readonly disabled?: Pattern | "msie6" | undefined;
}
