import { CODE, ConnectionError, FLAG } from "../frames/protocol.ts";
import { HeaderDecoder, type ListLimits } from "../hpack/decoder.ts";

/** A whole header block. */
export interface Block {
  readonly id: number;
  /** Nothing follows on its stream. */
  readonly isLast: boolean;
  readonly bytes: Buffer;
}

/** Joins the frames of a header block; it is bounded (CVE-2024-27316), and nothing comes between them. */
export class BlockReader {
  readonly #limits: ListLimits;
  readonly #decoder = new HeaderDecoder();
  /** Of a block that is not complete. */
  #id = 0;
  #flags = 0;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(limits: ListLimits) {
    this.#limits = limits;
  }

  /** A block is under way. */
  get isOpen(): boolean {
    return this.#id !== 0;
  }

  /** A HEADERS frame. default: more follows. @throws ConnectionError */
  begin(id: number, flags: number, piece: Buffer): Block | undefined {
    this.#flags = flags;
    if ((flags & FLAG.END_HEADERS) !== 0) return this.#block(id, piece);
    this.#id = id;
    this.#keep(piece);
    return undefined;
  }

  /** A CONTINUATION frame. default: more follows. @throws ConnectionError */
  goOn(id: number, flags: number, piece: Buffer): Block | undefined {
    if (id === 0 || id !== this.#id)
      throw new ConnectionError(CODE.PROTOCOL_ERROR, "a CONTINUATION continues nothing");
    this.#keep(piece);
    if ((flags & FLAG.END_HEADERS) === 0) return undefined;
    const whole = Buffer.concat(this.#pieces, this.#bytes);
    this.#id = 0;
    this.#pieces = [];
    this.#bytes = 0;
    return this.#block(id, whole);
  }

  /** The lines of a block; `undefined`: too many. Each block is decoded, for the table's sake. @throws HpackError */
  lines({ bytes }: Block): string[] | undefined {
    return this.#decoder.decode(bytes, this.#limits);
  }

  #block(id: number, bytes: Buffer): Block {
    return { id, isLast: (this.#flags & FLAG.END_STREAM) !== 0, bytes };
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes > this.#limits.bytes)
      throw new ConnectionError(CODE.ENHANCE_YOUR_CALM, "a header block is too large");
  }
}
