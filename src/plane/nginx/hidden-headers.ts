import type { SpokenBy } from "../../model/plane.ts";

/** About the connection to the backend (ngx_http_upstream_headers_in). */
const OF_CONNECTION = ["connection", "keep-alive", "transfer-encoding"];

const ACCEL = [
  "x-accel-expires",
  "x-accel-redirect",
  "x-accel-limit-rate",
  "x-accel-buffering",
  "x-accel-charset",
];

/**
 * Headers of a backend's response that do not go on to the client: `ngx_http_proxy_hide_headers` and its like.
 * ingress-nginx clears `Server` in any case. Where `Date` is among them the proxy sends its own.
 */
export const HIDDEN: Readonly<Record<SpokenBy, ReadonlySet<string>>> = {
  proxy: new Set([...OF_CONNECTION, ...ACCEL, "server", "date", "x-pad"]),
  grpc: new Set([...OF_CONNECTION, ...ACCEL, "server", "date"]),
  fastcgi: new Set([...OF_CONNECTION, ...ACCEL, "server"]),
};
