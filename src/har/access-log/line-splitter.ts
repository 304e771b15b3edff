/** A longer line is no line of a log. unit: bytes */
const MOST_BYTES = 1024 * 1024;

/** Splits bytes into lines of one char per byte. Of a line that is too long only the beginning is kept. */
export class LineSplitter {
  readonly #take: (line: string, isWhole: boolean) => void;
  #pieces: Buffer[] = [];
  #size = 0;

  /** @param take gets each line without its end */
  constructor(take: (line: string, isWhole: boolean) => void) {
    this.#take = take;
  }

  push(bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, from)) {
      this.#keep(bytes.subarray(from, at));
      this.#flush();
      from = at + 1;
    }
    if (from < bytes.length) this.#keep(bytes.subarray(from));
  }

  /** The last line may lack its end. */
  end(): void {
    if (this.#size > 0) this.#flush();
  }

  #keep(piece: Buffer): void {
    if (this.#size < MOST_BYTES) this.#pieces.push(piece);
    this.#size += piece.length;
  }

  #flush(): void {
    const [first] = this.#pieces;
    const bytes = this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces);
    const isWhole = this.#size <= MOST_BYTES;
    this.#pieces = [];
    this.#size = 0;
    this.#take(bytes.toString("latin1", 0, MOST_BYTES).replace(/\r$/, ""), isWhole);
  }
}
