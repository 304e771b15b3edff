import type { ClientMessage } from "../../http1/client-message.ts";
import { BodyTimeout, BodyTooLarge, SendTimeout } from "./failure.ts";
import { Upload, type UploadOwner } from "./upload.ts";

/** unit of times: ms */
export interface UploadLimits {
  /** 0: no limit. unit: bytes */
  readonly bytes: number;
  /** Bytes kept for another try; a longer body is sent once. */
  readonly keptBytes: number;
  readonly idleMs: number;
  readonly sendMs: number;
}

/** Gets a complete body, or `undefined` for one that is too long, or the error. */
export type Gathered = (error: Error | undefined, chunks: readonly Buffer[] | undefined) => void;

/**
 * A client's request body for all tries.
 *
 * It separates client and upstream: a failing upstream never destroys the client's connection, which still
 * needs the answer. It counts bytes, knows whether a retry is possible, and reads from the client only as
 * fast as the upstream.
 */
export class ClientBody implements UploadOwner {
  /** A byte was requested. */
  touched = false;
  readonly #request: ClientMessage;
  readonly #limits: UploadLimits;
  readonly #begin: () => void;
  #bytes = 0;
  #ended = false;
  #listening = false;
  #kept: Buffer[] | undefined;
  #upload: Upload | undefined;
  #gathered: Gathered | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `begin` runs when the body is first requested, for `100 Continue`. */
  constructor(request: ClientMessage, limits: UploadLimits, begin: () => void) {
    this.#request = request;
    this.#limits = limits;
    this.#begin = begin;
    this.#kept = limits.keptBytes > 0 ? [] : undefined;
  }

  /** True while `open` can still give all of it. */
  get whole(): boolean {
    return !this.touched || this.#kept !== undefined;
  }

  /** The length of a complete, kept body. */
  get length(): number | undefined {
    return this.#ended && this.#kept !== undefined ? this.#bytes : undefined;
  }

  /**
   * Reads until the body is complete or longer than is kept; calls back once, with all of it, `undefined`, or
   * the error. Afterwards it opens as if unread.
   */
  gather(gathered: Gathered): void {
    if (this.#ended) {
      gathered(undefined, this.#kept);
      return;
    }
    this.#gathered = gathered;
    this.#listen();
  }

  /** The whole body for one upstream; ends earlier streams. Only while `whole`. */
  open(): Upload {
    this.#upload = new Upload(this, this.#kept ?? []);
    return this.#upload;
  }

  /** An upload takes more. */
  pull(upload: Upload): void {
    if (upload !== this.#upload) return;
    if (this.#ended) upload.end();
    else this.#listen();
  }

  /** An upload takes no more for now. */
  hold(upload: Upload): void {
    if (upload !== this.#upload || this.#ended) return;
    this.#request.pause();
    this.#wait(() => new SendTimeout("the upstream does not take the request's body"), this.#limits.sendMs);
  }

  #listen(): void {
    if (!this.touched) this.#begin();
    this.touched = true;
    if (!this.#listening) {
      this.#request.on("data", this.#onData).on("end", this.#onEnd);
      this.#request.takenBy(this.#onData);
    }
    this.#listening = true;
    this.#wait(() => new BodyTimeout("the client paused too long within its body"), this.#limits.idleMs);
    this.#request.resume();
  }

  #fail(error: Error): void {
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered === undefined) this.#upload?.fail(error);
    else gathered(error, undefined);
  }

  /** Ends gathering; `chunks`: the complete body. */
  #settle(chunks: readonly Buffer[] | undefined): boolean {
    const gathered = this.#gathered;
    if (gathered === undefined) return false;
    this.#gathered = undefined;
    clearTimeout(this.#timer);
    gathered(undefined, chunks);
    return true;
  }

  release(upload: Upload): void {
    if (upload !== this.#upload) return;
    this.#upload = undefined;
    clearTimeout(this.#timer);
    this.#request.pause();
  }

  /** Nobody reads it now: the rest is for others, unless it is opened again first. */
  close(): void {
    clearTimeout(this.#timer);
    this.#request.off("data", this.#onData).off("end", this.#onEnd);
    this.#request.takenBy(undefined);
    this.#listening = false;
    this.#gathered = undefined;
    if (this.touched && !this.#ended) this.#request.pause();
    this.#upload = undefined;
  }

  readonly #onEnd = () => {
    this.#ended = true;
    clearTimeout(this.#timer);
    if (!this.#settle(this.#kept)) this.#upload?.end();
  };

  readonly #onData = (chunk: Buffer): "held" | "free" => {
    this.#bytes += chunk.length;
    if (this.#limits.bytes > 0 && this.#bytes > this.#limits.bytes) {
      this.#request.pause();
      this.#kept = undefined;
      this.#fail(new BodyTooLarge(`the body is larger than ${this.#limits.bytes} bytes`));
      return "free";
    }
    const fits = this.#bytes <= this.#limits.keptBytes;
    // A body gathered beyond the limit is kept until opened: nobody has received it yet.
    if (!fits && this.#gathered === undefined) this.#kept = undefined;
    this.#kept?.push(chunk);
    if (this.#gathered !== undefined) {
      if (fits) {
        this.#timer?.refresh();
        return "held";
      }
      this.#request.pause();
      this.#settle(undefined);
      return "held";
    }
    // Before the piece is given: the upload may set another time.
    this.#timer?.refresh();
    const upload = this.#upload;
    if (upload === undefined) this.#request.pause();
    const use = upload?.data(chunk);
    return this.#kept === undefined && use === "free" ? "free" : "held";
  };

  #wait(error: () => Error, ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(error()), ms);
  }
}
