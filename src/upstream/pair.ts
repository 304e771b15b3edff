import { Duplex } from "node:stream";

/**
 * Two streams joined back to back: what one end writes the other reads, held back until it does, and an end that is
 * destroyed takes the other with it, as the two ends of a TCP connection do.
 *
 * Node's own `duplexPair` leaves the other end open for ever when one is destroyed (v20.20; measured).
 */
export function streamPair(): readonly [Duplex, Duplex] {
  const left = new End();
  const right = new End();
  left.join(right);
  right.join(left);
  return [left, right];
}

type Done = (error?: Error | null) => void;

class End extends Duplex {
  private other: End | undefined;
  /** Of the other end's write, which this end's reader has not made room for. */
  private waiting: Done | undefined;
  /** Whether the other end was told that no more comes. */
  private saidEnd = false;

  constructor() {
    // The same with every version of Node: 20 would take 16 KiB.
    super({ highWaterMark: 65_536 });
  }

  join(other: End): void {
    this.other = other;
  }

  override _read(): void {
    const goOn = this.waiting;
    this.waiting = undefined;
    goOn?.();
  }

  /** Delivered a tick later, as a network would: nobody is read to in the middle of writing. */
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    process.nextTick(deliver, this.other, chunk, done);
  }

  /** Takes a chunk of the other end's. */
  accept(chunk: Buffer, done: Done): void {
    if (this.destroyed) done(brokenPipe());
    else if (chunk.length === 0 || this.push(chunk)) done();
    else this.waiting = done;
  }

  override _final(done: Done): void {
    this.saidEnd = true;
    this.other?.push(null);
    done();
  }

  /** After an orderly end the other end may still read what it was sent; else it is cut off, like by a reset. */
  override _destroy(error: Error | null, done: Done): void {
    if (!this.saidEnd) this.other?.destroy();
    this.waiting?.(brokenPipe());
    this.waiting = undefined;
    done(error);
  }
}

function deliver(to: End | undefined, chunk: Buffer, done: Done): void {
  if (to === undefined) done(brokenPipe());
  else to.accept(chunk, done);
}

function brokenPipe(): Error {
  return Object.assign(new Error("write EPIPE: the other end is closed"), { code: "EPIPE" });
}
