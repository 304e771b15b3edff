import type { ReadHeaders } from "../model/plane.ts";

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

/** Appends a value (RFC 9110 section 5.3). */
export function listed(before: string, value: string): string {
  return before === "" ? value : `${before}, ${value}`;
}
