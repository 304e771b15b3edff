import { Readable } from "node:stream";
import type { Incoming } from "./exchange.ts";

/** The client sent more than `proxy-body-size` allows: 413. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** The client paused too long within its body: 408 (`client_body_timeout`). */
export class BodyTimeout extends Error {
  override readonly name = "BodyTimeout";
}

/** The upstream did not take the body in time: 504 (`proxy_send_timeout`). */
export class SendTimeout extends Error {
  override readonly name = "SendTimeout";
}

/** Bounds of one request's body. Times in ms. */
export interface UploadLimits {
  /** Bytes; 0: no limit. */
  readonly bytes: number;
  readonly idleMs: number;
  readonly sendMs: number;
}

const WATER_MARK = 65_536;

/**
 * The body of a client's request on its way to the upstream.
 *
 * It stands between the two so that an upstream that breaks off never destroys the client's connection, on which the
 * answer has to go; so that it is counted; and so that it is known whether anything of it was used (`touched`). It takes
 * from the client only what the upstream takes from it.
 */
export class Upload extends Readable {
  /** Whether any byte was asked for: from then on the request cannot be sent again. */
  touched = false;
  readonly #request: Incoming;
  readonly #limits: UploadLimits;
  readonly #begin: () => void;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #onData = (chunk: Buffer) => this.#take(chunk);
  readonly #onEnd = () => {
    clearTimeout(this.#timer);
    this.push(null);
  };

  /** `begin` is called when the body is first asked for: the moment for `100 Continue`. */
  constructor(request: Incoming, limits: UploadLimits, begin: () => void) {
    super({ highWaterMark: WATER_MARK });
    this.#request = request;
    this.#limits = limits;
    this.#begin = begin;
    // Nobody else may be listening by the time the request has been answered.
    this.on("error", () => {});
  }

  override _read(): void {
    if (!this.touched) {
      this.touched = true;
      this.#request.on("data", this.#onData).on("end", this.#onEnd);
      this.#begin();
    }
    this.#wait(() => new BodyTimeout("the client paused too long within its body"), this.#limits.idleMs);
    this.#request.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#request.off("data", this.#onData).off("end", this.#onEnd);
    done(error);
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#limits.bytes > 0 && this.#bytes > this.#limits.bytes) {
      this.#request.pause();
      this.destroy(new BodyTooLarge(`the body is larger than ${this.#limits.bytes} bytes`));
    } else if (this.push(chunk)) {
      this.#timer?.refresh();
    } else {
      this.#request.pause();
      this.#wait(() => new SendTimeout("the upstream does not take the request's body"), this.#limits.sendMs);
    }
  }

  #wait(error: () => Error, ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.destroy(error()), ms);
  }
}
