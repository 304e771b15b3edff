import { DynamicTable, ENTRY_BYTES, INITIAL_TABLE_BYTES } from "./dynamic-table.ts";
import { HpackError } from "./hpack-error.ts";
import { huffmanText } from "./huffman.ts";
import { STATIC_NAMES, STATIC_VALUES } from "./static-table.ts";

/**
 * `bytes` counts as SETTINGS_MAX_HEADER_LIST_SIZE does (RFC 9113 section 6.5.2): each line is its name, its value
 * and 32.
 */
export interface ListLimits {
  readonly bytes: number;
  readonly lines: number;
}

// First bytes of a representation (RFC 7541 section 6), and what of them is a number.
const INDEXED = 0x80;
const INDEX = 0x7f;
const ADDED = 0x40;
const ADDED_NAME = 0x3f;
const SIZE_UPDATE = 0x20;
const SIZE = 0x1f;
const KEPT_OUT_NAME = 0x0f;

const HUFFMAN = 0x80;
const LENGTH = 0x7f;

/** Numbers to 2^28 are far above every size here, and fit in small integers. unit: bits */
const MOST_SHIFT = 21;

/** Reads the header blocks of one connection, in their order. */
export class HeaderDecoder {
  readonly #table = new DynamicTable();
  readonly #mostTableBytes: number;
  #at = 0;

  /**
   * @param mostTableBytes our SETTINGS_HEADER_TABLE_SIZE. The table begins with 4096 all the same, because a peer
   * writes its first blocks before it reads our setting, and then says that it has changed.
   */
  constructor(mostTableBytes: number = INITIAL_TABLE_BYTES) {
    this.#mostTableBytes = mostTableBytes;
  }

  /**
   * Names and values alternating, one char per byte, pseudo-headers included. `undefined`: the list is over the
   * limits. The rest is read all the same, because later blocks name what it adds to the table.
   *
   * @throws HpackError
   */
  decode(block: Buffer, limits: ListLimits): string[] | undefined {
    const list: string[] = [];
    let bytes = limits.bytes;
    let lines = limits.lines;
    this.#at = 0;
    this.#sizeUpdates(block);
    while (this.#at < block.length) {
      const first = block[this.#at] ?? 0;
      let name: string;
      let value: string;
      if (first >= INDEXED) {
        const index = this.#number(block, INDEX);
        name = this.#nameAt(index);
        value = this.#valueAt(index);
      } else if (first >= ADDED) {
        name = this.#name(block, ADDED_NAME);
        value = this.#string(block);
        this.#table.add(name, value);
      } else {
        if (first >= SIZE_UPDATE) throw this.#fault("changes the table's size behind a field");
        name = this.#name(block, KEPT_OUT_NAME);
        value = this.#string(block);
      }
      bytes -= name.length + value.length + ENTRY_BYTES;
      lines--;
      if (bytes >= 0 && lines >= 0) list.push(name, value);
    }
    return bytes >= 0 && lines >= 0 ? list : undefined;
  }

  /** Only before the first field (RFC 7541 section 4.2). */
  #sizeUpdates(block: Buffer): void {
    for (;;) {
      const first = block[this.#at] ?? 0;
      if (first < SIZE_UPDATE || first >= ADDED) return;
      const bytes = this.#number(block, SIZE);
      if (bytes > this.#mostTableBytes)
        throw this.#fault(`sets the table to ${bytes} bytes, of at most ${this.#mostTableBytes}`);
      this.#table.resize(bytes);
    }
  }

  #name(block: Buffer, mask: number): string {
    const index = this.#number(block, mask);
    return index === 0 ? this.#string(block) : this.#nameAt(index);
  }

  #nameAt(index: number): string {
    const name = STATIC_NAMES[index];
    if (name !== undefined && index > 0) return name;
    const age = index - STATIC_NAMES.length;
    if (age < 0 || age >= this.#table.count)
      throw this.#fault(`names entry ${index}, which the tables do not have`);
    return this.#table.nameAt(age);
  }

  /** @param index one that `#nameAt` has taken */
  #valueAt(index: number): string {
    return STATIC_VALUES[index] ?? this.#table.valueAt(index - STATIC_VALUES.length);
  }

  #string(block: Buffer): string {
    const isHuffman = (block[this.#at] ?? 0) >= HUFFMAN;
    const length = this.#number(block, LENGTH);
    const from = this.#at;
    const end = from + length;
    if (end > block.length)
      throw this.#fault(`has ${block.length - from} bytes left of a string of ${length}`);
    this.#at = end;
    if (length === 0) return "";
    return isHuffman ? huffmanText(block, from, end) : block.toString("latin1", from, end);
  }

  /**
   * RFC 7541 section 5.1: what the mask leaves of the first byte, or all of it set and the rest behind it, seven bits
   * a byte. That of more than four bytes is refused, also where they are zeros.
   */
  #number(block: Buffer, mask: number): number {
    let number = this.#byte(block) & mask;
    if (number < mask) return number;
    for (let shift = 0; shift <= MOST_SHIFT; shift += 7) {
      const byte = this.#byte(block);
      number += (byte & 0x7f) << shift;
      if (byte < 0x80) return number;
    }
    throw this.#fault("holds a number of more than 28 bits");
  }

  #byte(block: Buffer): number {
    const byte = block[this.#at++];
    if (byte === undefined) throw this.#fault("ends within a field");
    return byte;
  }

  #fault(what: string): HpackError {
    return new HpackError(`the header block ${what} (at byte ${this.#at})`);
  }
}
