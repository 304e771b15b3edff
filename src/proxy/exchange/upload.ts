import type { BodySource, BodyTaker } from "../connect/body-source.ts";

/** What an upload asks of the body that it is of. */
export interface UploadOwner {
  /** It takes more. */
  pull(upload: Upload): void;
  /** It takes no more for now. */
  hold(upload: Upload): void;
  release(upload: Upload): void;
}

/** A client's body on its way to one upstream: pieces pass as they come, and none waits here but by back-pressure. */
export class Upload implements BodySource {
  readonly #owner: UploadOwner;
  /** Bytes that came before the taker was ready for them. */
  readonly #waiting: Buffer[];
  #taker: BodyTaker | undefined;
  #isPaused = false;

  constructor(owner: UploadOwner, waiting: readonly Buffer[]) {
    this.#owner = owner;
    this.#waiting = [...waiting];
  }

  start(taker: BodyTaker): void {
    this.#taker = taker;
    process.nextTick(() => this.#flow());
  }

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#owner.hold(this);
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#flow();
  }

  stop(): void {
    this.#taker = undefined;
    this.#owner.release(this);
  }

  data(bytes: Buffer): "held" | "free" {
    if (this.#taker !== undefined && !this.#isPaused && this.#waiting.length === 0)
      return this.#taker.data(bytes);
    this.#waiting.push(bytes);
    return "held";
  }

  /** The body is complete; a taker that is not ready hears of it once it has taken the rest. */
  end(): void {
    const taker = this.#taker;
    if (this.#isPaused || this.#waiting.length > 0) return;
    this.#taker = undefined;
    taker?.end();
  }

  fail(error: Error): void {
    const taker = this.#taker;
    this.#taker = undefined;
    // On the next tick: a piece of the body may be the cause, and its reader comes first.
    process.nextTick(() => taker?.failed(error));
  }

  #flow(): void {
    while (this.#taker !== undefined && !this.#isPaused) {
      const bytes = this.#waiting.shift();
      if (bytes === undefined) {
        this.#owner.pull(this);
        return;
      }
      this.#taker.data(bytes);
    }
  }
}
