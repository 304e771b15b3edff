import { type ClientOptions, DEFAULT_CLIENT_OPTIONS } from "../../../model/client-options.ts";
import { readSize } from "../../../request/size.ts";
import { readCompression } from "./compression.ts";
import type { ConfigData } from "./data.ts";

/**
 * Client-side settings (nginx.tmpl, from `keepalive_timeout` to `ignore_invalid_headers`; `listen …
 * proxy_protocol`).
 */
export function readClientOptions(data: ConfigData): ClientOptions {
  const preset = DEFAULT_CLIENT_OPTIONS;
  const seconds = data.integer("keep-alive");
  return {
    keepAliveMs: seconds === undefined || seconds < 0 ? preset.keepAliveMs : seconds * 1000,
    headMs: milliseconds(data.integer("client-header-timeout")),
    bodyIdleMs: milliseconds(data.integer("client-body-timeout")),
    http2Streams: streams(data.integer("http2-max-concurrent-streams")) ?? preset.http2Streams,
    keepAliveRequests: Math.max(0, data.integer("keep-alive-requests") ?? preset.keepAliveRequests),
    proxyProtocol: data.boolean("use-proxy-protocol") === true ? "expected" : "none",
    underscores: data.boolean("enable-underscores-in-headers") === true ? "passed" : "dropped",
    invalidHeaders: data.boolean("ignore-invalid-headers") === false ? "passed" : "dropped",
    headerBuffers: headerBuffers(data.text("large-client-header-buffers")) ?? preset.headerBuffers,
    compression: readCompression(data),
    requestId: data.boolean("generate-request-id") === false ? "as-sent" : "generated",
  };
}

/** A setting of HTTP/2 has 32 bits. */
function streams(most: number | undefined): number | undefined {
  return most === undefined ? undefined : Math.min(Math.max(0, most), 2 ** 32 - 1);
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds <= 0 ? undefined : seconds * 1000;
}

/** `4 8k`: number and size of the buffers. */
export function headerBuffers(text: string | undefined): ClientOptions["headerBuffers"] | undefined {
  const [, count, size = ""] = /^\s*(\d{1,9})\s+(\S+)\s*$/.exec(text ?? "") ?? [];
  const bytes = readSize(size, "km");
  return count === undefined || Number(count) === 0 || bytes === undefined || bytes === 0
    ? undefined
    : { count: Number(count), bytes };
}
