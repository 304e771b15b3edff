import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { giveFault } from "../contain.ts";

/**
 * Hands a stream's bytes to `take`, as a `data` listener gets them. Returns what ends that.
 *
 * A TLS socket cannot read into memory of ours. While it flows and holds nothing it hands each piece on at once, past the
 * queue, events and ticks that a stream has for each: 3 % of a small request. A paused one keeps its bytes as ever.
 */
export function readDirectly(stream: Duplex, take: (bytes: Buffer) => void): () => void {
  stream.on("data", take);
  let isOver = false;
  if (stream instanceof TLSSocket) {
    const { push } = stream;
    const direct = (piece: unknown, encoding?: BufferEncoding): boolean => {
      const isNext = !isOver && stream.readableFlowing === true && stream.readableLength === 0;
      if (!isNext || !Buffer.isBuffer(piece)) return push.call(stream, piece, encoding);
      try {
        take(piece);
      } catch (fault) {
        giveFault(stream, fault);
      }
      return true;
    };
    Object.assign(stream, { push: direct });
  }
  return () => {
    isOver = true;
    stream.off("data", take);
  };
}
