import { compilePattern } from "../../../pcre/pattern.ts";
import { readSize } from "../../../request/size.ts";
import { readAddresses } from "../../nginx-annotations/addresses.ts";
import { pcreRefusal } from "../values/pcre-words.ts";
import { unquoted } from "./blocks.ts";
import { headerBuffers } from "./client.ts";
import type { ConfigData } from "./data.ts";
import { ciphersRefusal, curvesRefusal } from "./tls.ts";

/** nginx's words on an option's value, and the fix; `undefined` if it accepts the value. */
type Refusal = (
  data: ConfigData,
  key: string,
) => { readonly words: string; readonly fix: string } | undefined;

const directive = (key: string) => key.replaceAll("-", "_");

/**
 * The controller copies these into nginx's configuration (nginx.tmpl), so a value that nginx refuses stops
 * it.
 */
const oneOf =
  (pattern: RegExp, fix: string, words: (value: string, key: string) => string = inValue): Refusal =>
  (data, key) => {
    const value = data.text(key);
    if (value === undefined || pattern.test(value)) return undefined;
    if (value.trim() === "")
      return { words: `invalid number of arguments in "${directive(key)}" directive`, fix };
    return { words: words(value.trim(), key), fix };
  };

/** ngx_conf_file.c, ngx_conf_set_enum_slot and ngx_conf_set_bitmask_slot. */
function inValue(value: string): string {
  return `invalid value "${value}"`;
}

/** ngx_conf_set_flag_slot. */
function inFlag(value: string, key: string): string {
  return `invalid value "${value}" in "${directive(key)}" directive, it must be "on" or "off"`;
}

/** Names the first of several words that is not allowed. */
function wordsOf(words: RegExp, fix: string): Refusal {
  const isOne = new RegExp(`^(?:${words.source})$`);
  const all = new RegExp(`^ *(?:(?:${words.source})(?: +|$))+$`);
  return oneOf(all, fix, (value) => inValue(value.split(/ +/).find((word) => !isOne.test(word)) ?? value));
}

const size: Refusal = (data, key) => {
  const value = data.text(key);
  if (value === undefined || (readSize(value.trim(), "km") ?? 0) > 0) return undefined;
  return {
    words: `"${directive(key)}" directive invalid value`,
    fix: "Write a size such as 8k, 1m or 4096.",
  };
};

const optionalSize: Refusal = (data, key) => (data.text(key) === "" ? undefined : size(data, key));

const between =
  (least: number, most: number): Refusal =>
  (data, key) => {
    const value = data.integer(key);
    if (value === undefined || (value >= least && value <= most)) return undefined;
    if (most === Number.POSITIVE_INFINITY)
      return { words: `"${directive(key)}" directive invalid value`, fix: `Write ${least}, or more.` };
    return {
      words: `value must be between ${least} and ${most}`,
      fix: `Write a number from ${least} to ${most}.`,
    };
  };

const positive = between(0, Number.POSITIVE_INFINITY);

/** The same, but only while another option turns the directive on. */
const whileOn =
  (option: string, refusal: Refusal): Refusal =>
  (data, key) =>
    data.boolean(option) === true ? refusal(data, key) : undefined;

/** ngx_ptocidr, and the words of `allow` and `deny` (ngx_http_access_module.c). */
const addresses: Refusal = (data, key) => {
  const bad = data.list(key)?.find((entry) => !isAddress(entry));
  const fix = "Write 10.0.0.0/8,192.168.1.7.";
  if (bad === "") return { words: `invalid number of arguments in "${VERBS.get(key)}" directive`, fix };
  return bad === undefined ? undefined : { words: `invalid parameter "${bad}"`, fix };
};

const VERBS: ReadonlyMap<string, string> = new Map([
  ["block-cidrs", "deny"],
  ["denylist-source-range", "deny"],
  ["proxy-real-ip-cidr", "set_real_ip_from"],
  ["nginx-status-ipv4-whitelist", "allow"],
  ["nginx-status-ipv6-whitelist", "allow"],
  ["whitelist-source-range", "allow"],
]);

function isAddress(entry: string): boolean {
  return entry === "all" || entry === "unix:" || readAddresses(entry) !== undefined;
}

const CONDITIONS = /error|timeout|invalid_header|http_(?:403|404|429|500|502|503|504)|non_idempotent|off/;

/** `error_page` takes 300 to 599 except 499 (ngx_http_core_error_page); the controller drops others. */
const errorCodes: Refusal = (data, key) =>
  data.list(key)?.includes("499") === true
    ? { words: 'invalid value "499"', fix: "Leave 499 out." }
    : undefined;

/** The server `_` has no ProxyRedirectTo (controller.go, createServers), so no URL is possible here. */
const redirectFrom: Refusal = (data, key) => {
  const value = data.text(key);
  if (value === undefined || value === "off" || value === "default") return undefined;
  return {
    words: `invalid parameter "${value}"`,
    fix: "Write default or off; only the annotation takes a URL.",
  };
};

/** Keys of a `map`: a text, or an expression after `~` (ngx_http_map_module.c). */
const mapEntries: Refusal = (data, key) => {
  const entries = data.list(key) ?? [];
  const texts = entries.map(unquoted).filter((entry) => !entry.startsWith("~"));
  const words = entries.map(mapEntry).find((found) => found !== undefined);
  if (words !== undefined) return { words, fix: 'Put an entry with blanks into quotes: "~*my bot".' };
  const twice = texts.find((entry, index) => texts.indexOf(entry) < index);
  if (twice !== undefined) return { words: `conflicting parameter "${twice}"`, fix: "Write each text once." };
  const bucket = data.integer("map-hash-bucket-size") ?? MAP_BUCKET_BYTES;
  return texts.some((text) => bytesInMap(text) > bucket)
    ? {
        words: `could not build map_hash, you should increase map_hash_bucket_size: ${bucket}`,
        fix: "Write an expression instead (~…), or set map-hash-bucket-size to 128 or more.",
      }
    : undefined;
};

function mapEntry(entry: string): string | undefined {
  const bare = unquoted(entry);
  if (entry === "" || (bare === entry && /[\s;{}]/.test(entry)))
    return "invalid number of the map parameters";
  if (!bare.startsWith("~")) return undefined;
  return patternRefusal(bare.replace(/^~\*?/, ""));
}

/** An expression that only this engine cannot run is reported where it is read. */
function patternRefusal(source: string): string | undefined {
  const compiled = compilePattern(source, "anywhere");
  return compiled.kind === "refused" && compiled.by === "PCRE"
    ? pcreRefusal(compiled.why, source)
    : undefined;
}

/** `map-hash-bucket-size`. unit: bytes */
const MAP_BUCKET_BYTES = 64;

/** ngx_hash.c, NGX_HASH_ELT_SIZE, plus the pointer that ends a bucket. */
function bytesInMap(text: string): number {
  return 16 + Math.ceil((Buffer.byteLength(text) + 2) / 8) * 8;
}

const names: Refusal = (data, key) =>
  data.list(key)?.includes("") === true
    ? {
        words: 'invalid number of arguments in "proxy_hide_header" directive',
        fix: "Leave out the empty entry.",
      }
    : undefined;

const buffers: Refusal = (data, key) => {
  const value = data.text(key);
  if (value === undefined || headerBuffers(value) !== undefined) return undefined;
  return { words: `invalid parameter "${value}" in "${directive(key)}" directive`, fix: 'Write "4 8k".' };
};

const gzipDisable: Refusal = (data, key) => {
  const value = data.text(key) ?? "";
  const words = value === "" || value === "msie6" ? undefined : patternRefusal(value);
  return words === undefined ? undefined : { words, fix: "Correct the expression." };
};

/** `proxy_cookie_path` and `proxy_cookie_domain` take `off` or two words. */
const pair: Refusal = (data, key) => {
  const value = data.text(key)?.trim();
  if (value === undefined || /^(?:off|[^\s;{}]+ +[^\s;{}]+)$/.test(value)) return undefined;
  const isOne = /^[^\s;{}]+$/.test(value);
  const words = isOne
    ? `invalid parameter "${value}"`
    : `invalid number of arguments in "${directive(key)}" directive`;
  return { words, fix: 'Write off, or two words: "FROM TO".' };
};

const onOff = oneOf(/^(?:on|off)$/, "Write on or off.", inFlag);
const protocols = wordsOf(/SSLv2|SSLv3|TLSv1(?:\.[123])?/, 'Write "TLSv1.2 TLSv1.3".');

/** By option. Sizes that contradict each other are found once all are known (`defaults.ts`). */
export const REFUSALS: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ["block-cidrs", addresses],
  ["block-referers", mapEntries],
  ["block-user-agents", mapEntries],
  ["brotli-level", whileOn("enable-brotli", between(0, 11))],
  ["brotli-min-length", whileOn("enable-brotli", positive)],
  ["brotli-types", whileOn("enable-brotli", oneOf(/\S/, "Write MIME types, or leave it out."))],
  ["client-body-buffer-size", size],
  ["client-body-timeout", positive],
  ["client-header-buffer-size", size],
  ["client-header-timeout", positive],
  ["custom-http-errors", errorCodes],
  ["default-type", oneOf(/^[ \t]*[\x21-\x7e]+[ \t]*$/, "Write a MIME type such as text/html.")],
  ["denylist-source-range", addresses],
  ["gzip-disable", whileOn("use-gzip", gzipDisable)],
  ["gzip-level", whileOn("use-gzip", between(1, 9))],
  ["gzip-min-length", whileOn("use-gzip", positive)],
  ["gzip-types", whileOn("use-gzip", oneOf(/\S/, "Write MIME types, or leave it out."))],
  ["hide-headers", names],
  ["http2-max-concurrent-streams", positive],
  ["keep-alive", positive],
  ["keep-alive-requests", positive],
  ["large-client-header-buffers", buffers],
  ["limit-conn-status-code", between(400, 599)],
  ["limit-req-status-code", between(400, 599)],
  ["proxy-buffer-size", size],
  ["proxy-buffering", onOff],
  ["proxy-busy-buffers-size", optionalSize],
  ["proxy-connect-timeout", positive],
  ["proxy-cookie-domain", pair],
  ["proxy-cookie-path", pair],
  ["proxy-http-version", oneOf(/^1\.[01]$/, "Write 1.1.")],
  ["proxy-next-upstream", wordsOf(CONDITIONS, 'Write off, or words such as "error timeout http_503".')],
  ["proxy-next-upstream-timeout", positive],
  ["proxy-next-upstream-tries", positive],
  ["proxy-read-timeout", positive],
  ["proxy-real-ip-cidr", addresses],
  ["proxy-redirect-from", redirectFrom],
  ["proxy-request-buffering", onOff],
  ["proxy-send-timeout", positive],
  ["ssl-buffer-size", size],
  ["ssl-ciphers", ciphersRefusal],
  ["ssl-ecdh-curve", curvesRefusal],
  ["ssl-protocols", protocols],
  ["nginx-status-ipv4-whitelist", addresses],
  ["nginx-status-ipv6-whitelist", addresses],
  ["whitelist-source-range", addresses],
]);
