import type { ReadHeaders } from "../model/plane.ts";

/** What is read of a request without headers; readers fill it in. */
export function noHeaders(): ReadHeaders {
  return {
    kept: [],
    claimed: [],
    hosts: 0,
    host: "",
    upgrade: "",
    expect: "",
    contentLength: "",
    transferEncoding: "",
    repeated: "",
    requestId: "",
    forwardedFor: "",
    forwardedHost: "",
    forwarded: false,
    count: 0,
    longest: 0,
    bytes: 0,
  };
}

/** One value behind those before it, as RFC 9110 section 5.3 joins them. */
export function listed(before: string, value: string): string {
  return before === "" ? value : `${before}, ${value}`;
}
