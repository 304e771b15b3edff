import { type OnReadOpts, Socket, type SocketConstructorOpts } from "node:net";
import type { Duplex } from "node:stream";
import { readDirectly } from "./direct-reads.ts";

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
  readonly #untaken: ((bytes: Buffer) => boolean) | undefined;
  readonly options: OnReadOpts;

  /**
   * @param caught gets what a taker throws: above it nobody could catch
   * @param untaken gets bytes while there is no taker, and may refuse more; default: they are dropped
   */
  constructor(caught: (fault: unknown) => void, untaken?: (bytes: Buffer) => boolean) {
    this.#untaken = untaken;
    this.options = {
      // default: reads go to the shared buffer
      buffer: () => this.#own ?? shared,
      callback: (size, buffer) => {
        try {
          return this.#read(size, buffer);
        } catch (fault) {
          caught(fault);
          return true;
        }
      },
    };
  }

  /** True if bytes may wait in the stream. */
  get areKept(): boolean {
    return this.#untaken !== undefined;
  }

  takenBy(take: TakeBytes | undefined): void {
    this.#take = take;
  }

  /** A large body is over. */
  calm(): void {
    this.#own = undefined;
  }

  /** False: no more for now. */
  #read(size: number, read: Uint8Array): boolean {
    const take = this.#take;
    if (take === undefined) return this.#untaken?.(Buffer.from(read.subarray(0, size))) ?? true;
    if (size <= SMALL_BYTES) {
      take(Buffer.from(read.subarray(0, size)));
      return true;
    }
    // A read that began before `calm` still fills the buffer of the body before.
    this.#own = read === this.#own ? this.#own : copied(read, size);
    if (take(this.#own.subarray(0, size)) === "held" && this.#own !== undefined)
      this.#own = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    return true;
  }
}

function copied(read: Uint8Array, size: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  copy.set(read.subarray(0, size));
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
  if (reads === undefined) return { stop: readDirectly(stream, take), calm: () => {} };
  if (reads.areKept) stream.on("data", take);
  reads.takenBy(take);
  return {
    stop() {
      if (reads.areKept) stream.off("data", take);
      reads.takenBy(undefined);
    },
    calm: () => reads.calm(),
  };
}

/** True if a socket has nothing left to write, though it may say no to a large piece. Other streams may pass memory on. */
export function isWritten(stream: Duplex): boolean {
  return stream instanceof Socket && stream.writableLength === 0;
}

/** The handle of a connection, which Node's types leave out. */
interface Accepted {
  _handle?: object | null;
}

/**
 * An accepted connection that is not read yet, with `OwnReads`. A server of Node's makes sockets without `onread`, so the
 * handle moves to a socket that has it. What nobody takes waits in the stream, as without.
 */
export function withOwnReads(accepted: Socket, caught: (fault: unknown) => void): Socket {
  const { _handle: handle } = accepted as Accepted;
  if (!handle) return accepted;
  const reads: OwnReads = new OwnReads(caught, (bytes) => socket.push(bytes));
  const options: SocketConstructorOpts & { readonly handle: object; readonly onread: OnReadOpts } = {
    handle,
    allowHalfOpen: accepted.allowHalfOpen,
    onread: reads.options,
  };
  const socket: Socket = new Socket(options);
  Object.assign(accepted, { _handle: null });
  ownReads(socket, reads);
  socket.on("error", () => socket.destroy());
  // The server counts the first socket, and is closed only after it.
  socket.once("close", () => accepted.destroy());
  return socket;
}
