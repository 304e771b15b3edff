import type { Compression } from "./client-options/compression.ts";

/** Options of the controller's ConfigMap for connections with clients. */
export interface ClientOptions {
  /** `keep-alive`: idle time of a connection; 0 closes after each answer. unit: ms */
  readonly keepAliveMs: number;
  /** `client-header-timeout`. unit: ms */
  readonly headMs?: number | undefined;
  /** `client-body-timeout`: longest pause between two reads of a body. unit: ms */
  readonly bodyIdleMs?: number | undefined;
  /** `keep-alive-requests`: requests per connection. */
  readonly keepAliveRequests: number;
  /** `http2-max-concurrent-streams`: requests of a connection at a time. */
  readonly http2Streams: number;
  /** `use-proxy-protocol`: connections have to begin with a PROXY line. */
  readonly proxyProtocol: "expected" | "none";
  /** `enable-underscores-in-headers`. */
  readonly underscores: "passed" | "dropped";
  /** `ignore-invalid-headers`: odd header names, including those with `_`. */
  readonly invalidHeaders: "passed" | "dropped";
  /** `large-client-header-buffers`: a request line or header line fills at most one, a head all. */
  readonly headerBuffers: { readonly count: number; readonly bytes: number };
  /** `generate-request-id`: for a request without `X-Request-ID`. */
  readonly requestId: "generated" | "as-sent";
  /** `use-gzip`, `enable-brotli`. default: none */
  readonly compression?: Compression | undefined;
}

/** Defaults of internal/ingress/controller/config/config.go. */
export const DEFAULT_CLIENT_OPTIONS: ClientOptions = {
  keepAliveMs: 75_000,
  keepAliveRequests: 1000,
  http2Streams: 128,
  proxyProtocol: "none",
  underscores: "dropped",
  invalidHeaders: "dropped",
  headerBuffers: { count: 4, bytes: 8192 },
  requestId: "generated",
};
