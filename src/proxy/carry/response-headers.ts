import { latin1 } from "../exchange/header-lines.ts";

/** What no backend's header says to the client: it is about the connection (ngx_http_upstream_headers_in). */
const OF_CONNECTION = ["connection", "keep-alive", "transfer-encoding"];

const ACCEL = [
  "x-accel-expires",
  "x-accel-redirect",
  "x-accel-limit-rate",
  "x-accel-buffering",
  "x-accel-charset",
];

/** Which module of nginx speaks to the backend. */
export type SpokenBy = "proxy" | "grpc" | "fastcgi";

/**
 * Headers of a backend's response that do not go on to the client: `ngx_http_proxy_hide_headers` and its like. `Server` is
 * cleared by ingress-nginx in any case. Where `Date` is among them the proxy sends its own.
 */
const HIDDEN: Readonly<Record<SpokenBy, ReadonlySet<string>>> = {
  proxy: new Set([...OF_CONNECTION, ...ACCEL, "server", "date", "x-pad"]),
  grpc: new Set([...OF_CONNECTION, ...ACCEL, "server", "date"]),
  fastcgi: new Set([...OF_CONNECTION, ...ACCEL, "server"]),
};

/** What is left of a response's headers, names and values in turn, and the length they announce (-1: none). */
export interface ResponseHeaders {
  readonly kept: string[];
  readonly length: number;
}

/** Names and values in turn, as the backend sent them: bytes, one char each. Order, case and duplicates stay. */
export function responseHeaders(raw: readonly (Buffer | string)[], by: SpokenBy = "proxy"): ResponseHeaders {
  const hidden = HIDDEN[by];
  const kept: string[] = [];
  let length = -1;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = latin1(raw[i]);
    const lower = name.toLowerCase();
    if (hidden.has(lower)) continue;
    const value = latin1(raw[i + 1]);
    if (lower === "content-length") length = Number(value);
    kept.push(name, value);
  }
  return { kept, length };
}
