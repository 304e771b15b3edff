import type { Framing } from "./head.ts";

const CHUNK_START = 0;
const SIZE = 1;
const EXTENSION = 2;
const SIZE_ALMOST_DONE = 3;
const DATA = 4;
const AFTER_DATA = 5;
const DATA_ALMOST_DONE = 6;
const TRAILER = 7;
const TRAILER_LINE = 8;
const TRAILER_ALMOST_DONE = 9;
const LAST_ALMOST_DONE = 10;
const DONE = 11;
const BROKEN = 12;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SEMICOLON = 0x3b;

/** Limit of a chunk size that can still be counted; nginx's is higher (NGX_MAX_OFF_T_VALUE). unit: bytes */
const MOST_SIZE = Number.MAX_SAFE_INTEGER / 16;

export type TakeBody = (bytes: Buffer) => void;

/**
 * Removes the framing of a body, piece by piece.
 *
 * Source: ngx_http_parse_chunked in ngx_http_parse.c (1.27). Lines may end in LF alone; extensions and
 * trailers are skipped.
 */
export class BodyReader {
  #state: number;
  /** Bytes missing of the body or current chunk. */
  #left: number;
  readonly #chunked: boolean;

  constructor(framing: Framing) {
    this.#chunked = framing === "chunked";
    this.#left = framing === "chunked" ? 0 : framing;
    this.#state = framing === "chunked" ? CHUNK_START : framing === 0 ? DONE : DATA;
  }

  get ended(): boolean {
    return this.#state === DONE;
  }

  /** The framing is invalid, so nothing after it can be read. */
  get broken(): boolean {
    return this.#state === BROKEN;
  }

  /** Reads from an index; returns the index after the body's bytes. */
  read(bytes: Buffer, from: number, take: TakeBody): number {
    let at = from;
    while (at < bytes.length && this.#state < DONE) {
      if (this.#state !== DATA) this.#step(bytes[at++] ?? 0);
      else {
        const end = Math.min(bytes.length, at + this.#left);
        this.#left -= end - at;
        const data = at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end);
        at = end;
        if (this.#left === 0) this.#state = this.#chunked ? AFTER_DATA : DONE;
        take(data);
      }
    }
    return at;
  }

  #step(byte: number): void {
    switch (this.#state) {
      case CHUNK_START:
        this.#left = digit(byte);
        this.#state = this.#left < 0 ? BROKEN : SIZE;
        break;
      case SIZE:
        this.#size(byte);
        break;
      case EXTENSION:
        if (byte === CR) this.#state = SIZE_ALMOST_DONE;
        else if (byte === LF) this.#endOfSize();
        break;
      case SIZE_ALMOST_DONE:
        if (byte === LF) this.#endOfSize();
        else this.#state = BROKEN;
        break;
      case AFTER_DATA:
        this.#state = byte === CR ? DATA_ALMOST_DONE : byte === LF ? CHUNK_START : BROKEN;
        break;
      case DATA_ALMOST_DONE:
        this.#state = byte === LF ? CHUNK_START : BROKEN;
        break;
      case TRAILER:
        this.#state = byte === CR ? LAST_ALMOST_DONE : byte === LF ? DONE : TRAILER_LINE;
        break;
      case TRAILER_LINE:
        if (byte === CR) this.#state = TRAILER_ALMOST_DONE;
        else if (byte === LF) this.#state = TRAILER;
        break;
      case TRAILER_ALMOST_DONE:
        this.#state = byte === LF ? TRAILER : BROKEN;
        break;
      default:
        this.#state = byte === LF ? DONE : BROKEN;
    }
  }

  #size(byte: number): void {
    const value = digit(byte);
    if (this.#left > MOST_SIZE) this.#state = BROKEN;
    else if (value >= 0) this.#left = this.#left * 16 + value;
    else if (byte === CR) this.#state = SIZE_ALMOST_DONE;
    else if (byte === LF) this.#endOfSize();
    else this.#state = byte === SEMICOLON || byte === SPACE || byte === TAB ? EXTENSION : BROKEN;
  }

  #endOfSize(): void {
    this.#state = this.#left === 0 ? TRAILER : DATA;
  }
}

function digit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
