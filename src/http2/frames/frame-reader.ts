import { CODE, ConnectionError, MOST_FRAME } from "./protocol.ts";

export type TakeFrame = (type: number, flags: number, id: number, payload: Buffer) => void;

const HEAD_BYTES = 9;

/** Cuts a connection's bytes into frames, in whatever pieces they come. */
export class FrameReader {
  readonly #take: TakeFrame;
  /** The start of a frame that is not complete. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Bytes that the frame, or its head, has. */
  #needed = HEAD_BYTES;

  constructor(take: TakeFrame) {
    this.#take = take;
  }

  /** @throws ConnectionError for a frame that is too long, and what the taker throws */
  read(chunk: Buffer, from: number): void {
    let bytes = chunk;
    let at = from;
    if (this.#bytes > 0) {
      this.#pieces.push(at === 0 ? chunk : chunk.subarray(at));
      this.#bytes += chunk.length - at;
      if (this.#bytes < this.#needed) return;
      bytes = Buffer.concat(this.#pieces, this.#bytes);
      at = 0;
      this.#pieces = [];
      this.#bytes = 0;
    }
    while (bytes.length - at >= HEAD_BYTES) {
      const length = lengthAt(bytes, at);
      if (length > MOST_FRAME)
        throw new ConnectionError(CODE.FRAME_SIZE_ERROR, `a frame of ${length} bytes is too long`);
      const end = at + HEAD_BYTES + length;
      if (end > bytes.length) {
        this.#keep(bytes, at, HEAD_BYTES + length);
        return;
      }
      const id = bytes.readUInt32BE(at + 5) & 0x7fffffff;
      this.#take(bytes[at + 3] ?? 0, bytes[at + 4] ?? 0, id, bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    if (at < bytes.length) this.#keep(bytes, at, HEAD_BYTES);
  }

  #keep(bytes: Buffer, at: number, needed: number): void {
    this.#pieces = [bytes.subarray(at)];
    this.#bytes = bytes.length - at;
    this.#needed = needed;
  }
}

function lengthAt(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}
