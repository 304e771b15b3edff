import type { Duplex } from "node:stream";

/**
 * True if a socket that has ended was in truth reset. libuv takes a reset right behind data for an end (uv__stream_io,
 * POLLHUP), but Linux no longer knows the peer then. Elsewhere a peer may be forgotten for other reasons.
 */
export function wasReset(stream: Duplex): boolean {
  return (
    process.platform === "linux" &&
    "remoteAddress" in stream &&
    !stream.destroyed &&
    stream.remoteAddress === undefined
  );
}
