import type { Pattern } from "./pattern.ts";

/** How responses are compressed: `use-gzip`, `enable-brotli` and their kin. */
export interface Compression {
  readonly gzip?: GzipOptions | undefined;
  readonly brotli?: CompressorOptions | undefined;
}

/** Common to both compressors. */
export interface CompressorOptions {
  /** gzip: 1 to 9; brotli: 0 to 11. */
  readonly level: number;
  /** Shorter responses stay as they are, where their length is known. Bytes. */
  readonly minLength: number;
  /** MIME types in lower case, `text/html` among them. */
  readonly types: readonly string[] | "any";
}

export interface GzipOptions extends CompressorOptions {
  /** `gzip-disable`: user agents that are sent nothing compressed; `msie6` stands for old browsers. */
  readonly disabled?: Pattern | "msie6" | undefined;
}
