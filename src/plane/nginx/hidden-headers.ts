import type { SpokenBy } from "../../model/plane.ts";

/** Headers of the backend connection (ngx_http_upstream_headers_in). */
const OF_CONNECTION = ["connection", "keep-alive", "transfer-encoding"];

const ACCEL = [
  "x-accel-expires",
  "x-accel-redirect",
  "x-accel-limit-rate",
  "x-accel-buffering",
  "x-accel-charset",
];

/**
 * Backend headers that do not reach the client (`ngx_http_proxy_hide_headers` and similar). ingress-nginx
 * always clears `Server`. The proxy replaces a hidden `Date`.
 */
export const HIDDEN: Readonly<Record<SpokenBy, ReadonlySet<string>>> = {
  proxy: new Set([...OF_CONNECTION, ...ACCEL, "server", "date", "x-pad"]),
  grpc: new Set([...OF_CONNECTION, ...ACCEL, "server", "date"]),
  fastcgi: new Set([...OF_CONNECTION, ...ACCEL, "server"]),
};
