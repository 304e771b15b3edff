import type { Flow } from "../../http1/client-message.ts";
import { FIRST_WINDOW } from "../frames/protocol.ts";

/** A window is made larger by this much at once: fewer frames. unit: bytes */
const CREDIT_BYTES = 32_768;

/** How much of a stream's body may come: what is paused gets no more window. */
export class StreamInput implements Flow {
  readonly #widen: (bytes: number) => void;
  #window = FIRST_WINDOW;
  /** Taken, but not given back to the client. */
  #owed = 0;
  #isPaused = false;
  #isOver = false;

  /** @param widen gives the client more window */
  constructor(widen: (bytes: number) => void) {
    this.#widen = widen;
  }

  /** Counts a frame, with its padding. False: it is larger than its window. */
  came(bytes: number): boolean {
    this.#window -= bytes;
    this.#owed += bytes;
    return this.#window >= 0;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.credit();
  }

  /** Gives back what was taken, unless paused. */
  credit(): void {
    if (this.#isPaused || this.#isOver || this.#owed < CREDIT_BYTES) return;
    const bytes = this.#owed;
    this.#window += bytes;
    this.#owed = 0;
    this.#widen(bytes);
  }

  /** No more is awaited. */
  end(): void {
    this.#isOver = true;
  }
}
