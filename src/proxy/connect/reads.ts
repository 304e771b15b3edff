import type { OnReadOpts } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Receives bytes. `held`: something still uses them after the call, such as a client's socket that has not
 * written them yet.
 */
export type TakeBytes = (bytes: Buffer) => "held" | "free";

/** A larger read is of a large body. unit: bytes */
const SMALL_BYTES = 16_384;
const BUFFER_BYTES = 65_536;

/** All sockets without a large body read into it, one after the other. Never handed on. */
const shared = Buffer.allocUnsafeSlow(BUFFER_BYTES);

/**
 * A socket's reads into memory of our own. Node allocates 64 KiB for each read. Here a small piece is copied
 * out of shared memory, and a large body is read into one buffer until something holds a piece of it.
 */
export class OwnReads {
  /** default: reads go to the shared buffer */
  #own: Buffer | undefined;
  #take: TakeBytes | undefined;
  readonly options: OnReadOpts;

  /** `caught` gets what a taker throws: above it nobody could catch. */
  constructor(caught: (fault: unknown) => void) {
    this.options = {
      buffer: () => this.#own ?? shared,
      callback: (size) => {
        try {
          this.#read(size);
        } catch (fault) {
          caught(fault);
        }
        return true;
      },
    };
  }

  /** default: bytes are dropped */
  takenBy(take: TakeBytes | undefined): void {
    this.#take = take;
  }

  /** A large body is over. */
  calm(): void {
    this.#own = undefined;
  }

  #read(size: number): void {
    const take = this.#take;
    if (take === undefined) return;
    const buffer = this.#own ?? shared;
    if (size <= SMALL_BYTES) {
      take(Buffer.from(buffer.subarray(0, size)));
      return;
    }
    this.#own = buffer === shared ? copied(shared, size) : buffer;
    if (take(this.#own.subarray(0, size)) === "held" && this.#own !== undefined)
      this.#own = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }
}

function copied(buffer: Buffer, size: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  buffer.copy(copy, 0, 0, size);
  return copy;
}

const owned = new WeakMap<Duplex, OwnReads>();

/** Says that a stream's bytes do not come as `data` events. */
export function ownReads(stream: Duplex, reads: OwnReads): void {
  owned.set(stream, reads);
}

/** Hands a stream's bytes to one taker. Returns what ends that, and what says that a large body is over. */
export function readInto(stream: Duplex, take: TakeBytes): { stop(): void; calm(): void } {
  const reads = owned.get(stream);
  if (reads === undefined) {
    stream.on("data", take);
    return { stop: () => void stream.off("data", take), calm: () => {} };
  }
  reads.takenBy(take);
  return { stop: () => reads.takenBy(undefined), calm: () => reads.calm() };
}
