/** Told of what an answer's bytes do. */
export interface OutputOwner {
  /** Nothing goes out for too long. */
  stalled(): void;
  /** More bytes may come. */
  drained(): void;
  /** All is handed to the connection. */
  ended(): void;
}

/** What a stream has to send that waits for windows: an answer's body, its trailers, its end. */
export class StreamOutput {
  readonly id: number;
  readonly owner: OutputOwner;
  /** Bytes that the client takes; below 0 where it has lowered the first window of all. */
  window: number;
  readonly #pieces: Buffer[] = [];
  /** Of the first piece; the bytes before it are sent. */
  #at = 0;
  #bytes = 0;
  #isEnded = false;
  #endsWithHead = false;
  #trailers: string | undefined;
  #wantsDrain = false;
  /** Since when nothing goes out, though something waits; `undefined`: nothing waits. unit: ms of `performance.now` */
  waitsSince: number | undefined;

  constructor(id: number, window: number, owner: OutputOwner) {
    this.id = id;
    this.window = window;
    this.owner = owner;
  }

  /** That wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get endsWithHead(): boolean {
    return this.#endsWithHead;
  }

  get trailers(): string | undefined {
    return this.#trailers;
  }

  /** It has something to send now, given a window of the connection. */
  get isReady(): boolean {
    return this.#bytes > 0 ? this.window > 0 : this.#isEnded;
  }

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
  }

  /** The head, which waits for no window, is all. */
  endWithHead(): void {
    this.#isEnded = true;
    this.#endsWithHead = true;
  }

  /** @param trailers a header block; default: none */
  end(trailers: string | undefined): void {
    this.#trailers = trailers;
    this.#isEnded = true;
  }

  /** The owner is told once there is room again. */
  waitForRoom(): void {
    this.#wantsDrain = true;
  }

  /** True once, for an owner that waits and has room. */
  takeDrain(): boolean {
    const isFree = this.#wantsDrain && this.#bytes === 0 && !this.#isEnded;
    if (isFree) this.#wantsDrain = false;
    return isFree;
  }

  /** Moves `length` bytes to `into`. */
  take(length: number, into: (string | Buffer)[]): void {
    let left = length;
    this.waitsSince = undefined;
    this.#bytes -= length;
    this.window -= length;
    while (left > 0) {
      const piece = this.#pieces[0];
      if (piece === undefined) return;
      const rest = piece.length - this.#at;
      if (rest > left) {
        into.push(piece.subarray(this.#at, this.#at + left));
        this.#at += left;
        return;
      }
      into.push(this.#at === 0 ? piece : piece.subarray(this.#at));
      this.#pieces.shift();
      this.#at = 0;
      left -= rest;
    }
  }
}
