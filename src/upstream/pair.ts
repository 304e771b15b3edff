import { Duplex } from "node:stream";

/**
 * Two streams joined back to back, like the ends of a TCP connection, with back-pressure. Destroying one end
 * destroys the other.
 *
 * Node's `duplexPair` leaves the other end open forever (v20.20; measured).
 */
export function streamPair(): readonly [Duplex, Duplex] {
  const left = new End();
  const right = new End();
  left.join(right);
  right.join(left);
  return [left, right];
}

type WriteDone = (error?: Error | null) => void;

class End extends Duplex {
  #peer: End | undefined;
  /** The callback of the peer's write that this end has no room for. */
  #waiting: WriteDone | undefined;
  #hasEnded = false;

  constructor() {
    // The same with every version of Node: 20 would take 16 KiB.
    super({ highWaterMark: 65_536 });
  }

  join(peer: End): void {
    this.#peer = peer;
  }

  override _read(): void {
    const accepted = this.#waiting;
    this.#waiting = undefined;
    accepted?.();
  }

  /** Delivers a tick later, as a network would: nobody reads in the middle of writing. */
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: WriteDone): void {
    process.nextTick(deliver, this.#peer, chunk, done);
  }

  /** Takes a chunk of the peer's. */
  accept(chunk: Buffer, done: WriteDone): void {
    if (this.destroyed) done(brokenPipe());
    else if (chunk.length === 0 || this.push(chunk)) done();
    else this.#waiting = done;
  }

  override _final(done: WriteDone): void {
    this.#hasEnded = true;
    this.#peer?.push(null);
    done();
  }

  /** After an orderly end the peer may read the rest; otherwise it is cut off like by a reset. */
  override _destroy(error: Error | null, done: WriteDone): void {
    if (!this.#hasEnded) this.#peer?.destroy();
    this.#waiting?.(brokenPipe());
    this.#waiting = undefined;
    done(error);
  }
}

function deliver(to: End | undefined, chunk: Buffer, done: WriteDone): void {
  if (to === undefined) done(brokenPipe());
  else to.accept(chunk, done);
}

function brokenPipe(): Error {
  return Object.assign(new Error("write EPIPE: the other end is closed"), { code: "EPIPE" });
}
