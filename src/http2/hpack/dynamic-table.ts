/** What an entry counts beside its name and value. Source: RFC 7541 section 4.1. unit: bytes */
export const ENTRY_BYTES = 32;

/** SETTINGS_HEADER_TABLE_SIZE before anybody says otherwise. Source: RFC 9113 section 6.5.2. unit: bytes */
export const INITIAL_TABLE_BYTES = 4096;

const FIRST_SLOTS = 16;

/**
 * The fields that a peer has added, newest first. Source: RFC 7541 section 2.3.2.
 *
 * A ring: its length is a power of two, and twice as long each time it is full. What is evicted leaves its slot.
 */
export class DynamicTable {
  #names: string[] = emptySlots(FIRST_SLOTS);
  #values: string[] = emptySlots(FIRST_SLOTS);
  #newest = 0;
  #count = 0;
  #bytes = 0;
  #mostBytes = INITIAL_TABLE_BYTES;

  get count(): number {
    return this.#count;
  }

  /** @param age 0: the newest; below `count` */
  nameAt(age: number): string {
    return this.#names[(this.#newest - age) & (this.#names.length - 1)] ?? "";
  }

  valueAt(age: number): string {
    return this.#values[(this.#newest - age) & (this.#values.length - 1)] ?? "";
  }

  /** A field larger than the table empties it, and is not kept (RFC 7541 section 4.4). */
  add(name: string, value: string): void {
    const bytes = name.length + value.length + ENTRY_BYTES;
    this.#evictTo(this.#mostBytes - bytes);
    if (bytes > this.#mostBytes) return;
    if (this.#count === this.#names.length) this.#grow();
    this.#newest = (this.#newest + 1) & (this.#names.length - 1);
    this.#names[this.#newest] = name;
    this.#values[this.#newest] = value;
    this.#count++;
    this.#bytes += bytes;
  }

  resize(mostBytes: number): void {
    this.#mostBytes = mostBytes;
    this.#evictTo(mostBytes);
  }

  #evictTo(bytes: number): void {
    while (this.#bytes > bytes && this.#count > 0) {
      const oldest = (this.#newest - --this.#count) & (this.#names.length - 1);
      this.#bytes -= (this.#names[oldest] ?? "").length + (this.#values[oldest] ?? "").length + ENTRY_BYTES;
      this.#names[oldest] = "";
      this.#values[oldest] = "";
    }
  }

  #grow(): void {
    const names = emptySlots(2 * this.#count);
    const values = emptySlots(2 * this.#count);
    for (let age = 0; age < this.#count; age++) {
      names[this.#count - 1 - age] = this.nameAt(age);
      values[this.#count - 1 - age] = this.valueAt(age);
    }
    this.#newest = this.#count - 1;
    this.#names = names;
    this.#values = values;
  }
}

function emptySlots(count: number): string[] {
  return new Array<string>(count).fill("");
}
