import { createInflate } from "node:zlib";
import { dictionary } from "./dictionary.ts";

/** Reads the header blocks of one connection, which are one zlib stream together, so that their order counts. */
export class HeaderReader {
  readonly #inflate = createInflate({ dictionary: dictionary() });
  #fail: (error: Error) => void = () => {};

  constructor() {
    this.#inflate.on("error", (error) => this.#fail(error));
  }

  /** The headers of a block; throws where it is none. */
  async read(block: Buffer): Promise<ReadonlyMap<string, string>> {
    await new Promise<void>((resolve, reject) => {
      this.#fail = reject;
      this.#inflate.write(block, () => resolve());
    });
    return pairs((this.#inflate.read() as Buffer | null) ?? Buffer.alloc(4));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

function pairs(bytes: Buffer): ReadonlyMap<string, string> {
  let offset = 0;
  const number = () => {
    offset += 4;
    return bytes.readUInt32BE(offset - 4);
  };
  const text = () => {
    const length = number();
    offset += length;
    return bytes.toString("latin1", offset - length, offset);
  };
  const headers = new Map<string, string>();
  for (let left = number(); left > 0; left--) headers.set(text().toLowerCase(), text());
  return headers;
}

/**
 * The blocks without any header that a server writes: its first (with the zlib header and the dictionary's id), and each after
 * it. What `createDeflate({ dictionary })` makes of four zero bytes and a flush, once and again.
 */
export const FIRST_EMPTY_BLOCK = Buffer.from("78bbe3c6a7c262000200000000ffff", "hex");
export const NEXT_EMPTY_BLOCK = Buffer.from("020100000000ffff", "hex");
