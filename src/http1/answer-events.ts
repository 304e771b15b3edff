import { EventEmitter } from "node:events";

/** What an answer to a client tells: `close`, `drain`, `timeout`. */
export class AnswerEvents extends EventEmitter {
  /** Receives what listeners throw: an event has no caller that could catch. default: it is thrown */
  caught: ((fault: unknown) => void) | undefined = undefined;
  #isClosed = false;

  /** It is answered, or its client gone. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.emit("close");
  }

  override emit(name: string, ...values: unknown[]): boolean {
    try {
      return super.emit(name, ...values);
    } catch (fault) {
      if (this.caught === undefined) throw fault;
      this.caught(fault);
      return true;
    }
  }
}
