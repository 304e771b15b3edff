import type { Socket } from "node:net";
import { readFirst } from "./first-bytes.ts";

/** The start of HTTP/2 (RFC 9113 section 3.4). */
export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/**
 * Waits at most `ms` until the first bytes show the protocol; consumes none of them. Source:
 * ngx_http_wait_request_handler in ngx_http_request.c (1.27).
 */
export function readPreface(socket: Socket, ms: number, done: (spoken: "HTTP/1" | "HTTP/2") => void): void {
  readFirst(socket, ms, (bytes) => {
    const size = Math.min(bytes.length, PREFACE.length);
    const begins = bytes.compare(PREFACE, 0, size, 0, size) === 0;
    if (begins && size < PREFACE.length) return undefined;
    return { taken: 0, go: () => done(begins ? "HTTP/2" : "HTTP/1") };
  });
}
