import type { BackendProtocol, NextUpstream, Transport } from "../../../model/route/transport.ts";
import type { Annotations } from "../annotations.ts";
import { type IngressSettings, withTransport } from "../settings.ts";

/** True for `proxy_pass`, to which the template's `proxy_*` directives apply. */
export function isProxied(protocol: BackendProtocol): boolean {
  return protocol !== "GRPC" && protocol !== "GRPCS" && protocol !== "FCGI";
}

/**
 * Defaults of `grpc_next_upstream` and `fastcgi_next_upstream`, which nginx.tmpl does not set. nginx has no
 * limit of tries there and would ask a dead pod forever; we ask each pod once.
 */
const NEXT_UPSTREAM: NextUpstream = {
  conditions: new Set(["error", "timeout"]),
  tries: "each-once",
  timeoutMs: 0,
};

/**
 * Default of `fastcgi_connect_timeout`, `fastcgi_read_timeout` and `fastcgi_send_timeout`, which nginx.tmpl
 * does not set.
 */
const FASTCGI_TIMEOUT_MS = 60_000;

/** `fastcgi_buffer_size`: one page of memory. unit: bytes; nginx 1.22.1 passes a head of 4088 on, and answers 502 to 4089. */
const FASTCGI_HEAD_BYTES = 4096;

/** Annotations that become directives of `proxy_pass` alone. */
const PROXY_ONLY: readonly string[] = [
  "proxy-next-upstream",
  "proxy-next-upstream-tries",
  "proxy-next-upstream-timeout",
  "proxy-buffer-size",
];
/** nginx.tmpl sets `grpc_*_timeout` from these, and no `fastcgi_*_timeout`. */
const TIMEOUTS: readonly string[] = ["proxy-connect-timeout", "proxy-read-timeout", "proxy-send-timeout"];

/**
 * Settings for `grpc_pass` and `fastcgi_pass`: their defaults, because annotations only become directives of
 * `proxy_pass` (kubernetes/ingress-nginx issues 6807 and 9363). nginx never buffers gRPC responses
 * (ngx_http_grpc_create_loc_conf), and always buffers FastCGI's (`fastcgi_buffering on`).
 */
export function byUpstreamModule(annotations: Annotations, settings: IngressSettings): IngressSettings {
  const { protocol, buffers } = settings.transport;
  if (isProxied(protocol)) return settings;
  const isFastCgi = protocol === "FCGI";
  for (const name of isFastCgi ? [...PROXY_ONLY, ...TIMEOUTS] : PROXY_ONLY)
    if (annotations.has(name)) {
      const what = `nginx speaks ${protocol} to the pods by another module, which this does not reach`;
      annotations.report.surprising(name, what, "Leave it out.");
    }
  const of: Partial<Transport> = isFastCgi
    ? {
        connectTimeoutMs: FASTCGI_TIMEOUT_MS,
        readTimeoutMs: FASTCGI_TIMEOUT_MS,
        sendTimeoutMs: FASTCGI_TIMEOUT_MS,
        buffers: { ...buffers, responseHeadBytes: FASTCGI_HEAD_BYTES, response: "buffered" },
      }
    : { buffers: { ...buffers, responseHeadBytes: undefined, response: "never" } };
  const notes = settings.notes.filter(({ code }) => !PROXY_ONLY.includes(code));
  return withTransport({ ...settings, notes }, { ...of, nextUpstream: NEXT_UPSTREAM });
}
