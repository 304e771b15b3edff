import type {
  Compression,
  CompressorOptions,
  GzipOptions,
} from "../../../model/client-options/compression.ts";
import { compilePattern } from "../../../pcre/pattern.ts";
import type { ConfigData } from "./data.ts";

const GZIP_TYPES =
  "application/atom+xml application/javascript application/x-javascript application/json application/rss+xml application/vnd.ms-fontobject application/x-font-ttf application/x-web-app-manifest+json application/xhtml+xml application/xml font/opentype image/svg+xml image/x-icon text/css text/javascript text/plain text/x-component";
const BROTLI_TYPES = `application/xml+rss ${GZIP_TYPES}`;

/**
 * `use-gzip`, `enable-brotli` and their options (nginx.tmpl; defaults of config.go). `undefined`: both off
 */
export function readCompression(data: ConfigData): Compression | undefined {
  const gzip = data.boolean("use-gzip") === true ? readGzip(data) : undefined;
  const brotli = data.boolean("enable-brotli") === true ? readBrotli(data) : undefined;
  return gzip === undefined && brotli === undefined ? undefined : { gzip, brotli };
}

function readGzip(data: ConfigData): GzipOptions {
  return {
    level: data.integer("gzip-level") ?? 1,
    minLength: data.integer("gzip-min-length") ?? 256,
    types: typesOf(data.text("gzip-types") ?? GZIP_TYPES),
    disabled: disabled(data),
  };
}

function readBrotli(data: ConfigData): CompressorOptions {
  return {
    level: data.integer("brotli-level") ?? 4,
    minLength: data.integer("brotli-min-length") ?? 20,
    types: typesOf(data.text("brotli-types") ?? BROTLI_TYPES),
  };
}

/** `text/html` is always included (ngx_http_html_default_types); `*` means all. */
function typesOf(text: string): CompressorOptions["types"] {
  const types = text.split(/\s+/).filter((type) => type !== "");
  return types.includes("*") ? "any" : ["text/html", ...types.map((type) => type.toLowerCase())];
}

/** One expression, ignoring case (ngx_http_gzip_disable). */
function disabled(data: ConfigData): GzipOptions["disabled"] {
  const key = "gzip-disable";
  const text = data.text(key) ?? "";
  if (text === "") return undefined;
  if (text === "msie6") return text;
  const compiled = compilePattern(text, "anywhere");
  if (compiled.kind === "compiled") return compiled.pattern;
  data.notHonoured(key, `"${text}" cannot be run here: ${compiled.why}`);
  return undefined;
}
