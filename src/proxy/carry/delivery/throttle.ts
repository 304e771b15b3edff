import type { LimitRate } from "../../../model/route/transport.ts";

export interface ThrottleOutlet {
  /** `false`: nothing more until `whenDrained` has called back. */
  write(piece: Buffer): boolean;
  whenDrained(drained: () => void): void;
  /** After a `write` that returned `false`: the next piece may come. */
  free(): void;
}

/**
 * Sends a response at `limit-rate`: the allowance grows with every second since the request's start, and each
 * piece is followed by a pause of its own worth (ngx_http_write_filter_module.c).
 */
export class Throttle {
  readonly #limit: LimitRate;
  readonly #sink: ThrottleOutlet;
  readonly #clock: () => number;
  readonly #startedAt: number;
  readonly #queue: Buffer[] = [];
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;
  #full = false;
  #blocked = false;
  #ended: (() => void) | undefined;

  /** `clock`: monotonic ms */
  constructor(limit: LimitRate, clock: () => number, sink: ThrottleOutlet) {
    this.#limit = limit;
    this.#clock = clock;
    this.#startedAt = clock();
    this.#sink = sink;
  }

  /** Takes a piece of any size; true if the next may come at once. */
  write(chunk: Buffer): boolean {
    this.#queue.push(chunk);
    this.#pump();
    this.#blocked = this.#queue.length > 0 || this.#waits();
    return !this.#blocked;
  }

  /** Calls back once everything is handed on. */
  end(ended: () => void): void {
    this.#ended = ended;
    this.#pump();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
    this.#ended = undefined;
  }

  #pump(): void {
    for (let chunk = this.#queue[0]; chunk !== undefined && !this.#waits(); chunk = this.#queue[0]) {
      const allowed = this.#allowed();
      if (allowed <= 0) {
        this.#pause(Math.floor((-allowed * 1000) / this.#limit.bytesPerSecond) + 1);
        return;
      }
      this.#queue.shift();
      if (chunk.length > allowed) this.#queue.unshift(chunk.subarray(allowed));
      this.#send(chunk.subarray(0, allowed));
    }
    if (this.#queue.length > 0 || this.#waits()) return;
    const ended = this.#ended;
    const blocked = this.#blocked;
    this.#ended = undefined;
    this.#blocked = false;
    ended?.();
    if (blocked) this.#sink.free();
  }

  #waits(): boolean {
    return this.#timer !== undefined || this.#full;
  }

  #allowed(): number {
    const seconds = Math.floor((this.#clock() - this.#startedAt) / 1000);
    return this.#limit.bytesPerSecond * (seconds + 1) - (this.#sent - this.#limit.afterBytes);
  }

  #send(piece: Buffer): void {
    const before = Math.max(0, this.#sent - this.#limit.afterBytes);
    this.#sent += piece.length;
    const slow = Math.max(0, this.#sent - this.#limit.afterBytes) - before;
    if (!this.#sink.write(piece)) {
      this.#full = true;
      this.#sink.whenDrained(() => {
        this.#full = false;
        this.#pump();
      });
    }
    const pauseMs = Math.floor((slow * 1000) / this.#limit.bytesPerSecond);
    if (pauseMs > 0) this.#pause(pauseMs);
  }

  #pause(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, ms);
  }
}
