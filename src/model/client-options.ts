import type { Compression } from "./compression.ts";

/** How clients are spoken to and read, whatever they ask for: options of the controller's ConfigMap. */
export interface ClientOptions {
  /** `keep-alive`: how long an idle connection is kept, in ms; 0 ends every connection with its answer. */
  readonly keepAliveMs: number;
  /** `client-header-timeout`: how long a request's head may take, in ms; absent where nothing is said. */
  readonly headMs?: number | undefined;
  /** `client-body-timeout`: the longest pause between two reads of a request's body, in ms; absent where nothing is said. */
  readonly bodyIdleMs?: number | undefined;
  /** `keep-alive-requests`: how many requests a connection may bring; its last answer ends it. */
  readonly keepAliveRequests: number;
  /** `use-proxy-protocol`: every connection has to begin with a PROXY line of what stands in front. */
  readonly proxyProtocol: "expected" | "none";
  /** `enable-underscores-in-headers`: what becomes of headers with a `_` in their names. */
  readonly underscores: "passed" | "dropped";
  /** `ignore-invalid-headers`: what becomes of headers with odd names, those with a `_` among them. */
  readonly invalidHeaders: "passed" | "dropped";
  /** `large-client-header-buffers`: a request line or a header line fills at most one, a head all of them. */
  readonly headerBuffers: { readonly count: number; readonly bytes: number };
  /** `generate-request-id`: whether a request without an `X-Request-ID` is given one. */
  readonly requestId: "generated" | "as-sent";
  /** `use-gzip`, `enable-brotli`; absent where responses go out as they are. */
  readonly compression?: Compression | undefined;
}

/** A controller whose ConfigMap says nothing (internal/ingress/controller/config/config.go). */
export const DEFAULT_CLIENT_OPTIONS: ClientOptions = {
  keepAliveMs: 75_000,
  keepAliveRequests: 1000,
  proxyProtocol: "none",
  underscores: "dropped",
  invalidHeaders: "dropped",
  headerBuffers: { count: 4, bytes: 8192 },
  requestId: "generated",
};
