import { Readable } from "node:stream";
import type { Incoming } from "../exchange/exchange.ts";
import { BodyTimeout, BodyTooLarge, SendTimeout } from "../exchange/failure.ts";

/** Bounds of one request's body. Times in ms. */
export interface UploadLimits {
  /** Bytes; 0: no limit. */
  readonly bytes: number;
  /** So many bytes are kept, so that the request can be sent once more; a longer body is sent once. */
  readonly keptBytes: number;
  readonly idleMs: number;
  readonly sendMs: number;
}

/** Told of a body that was read whole, of one that is too long for it, or of what came in between. */
export type Gathered = (error: Error | undefined, chunks: readonly Buffer[] | undefined) => void;

const WATER_MARK = 65_536;

/**
 * The body of a client's request, for every upstream that is sent it.
 *
 * It stands between the two so that an upstream that breaks off never destroys the client's connection, on which the
 * answer has to go; so that it is counted; and so that it is known whether it can be sent again. It takes from the
 * client only what the upstream takes from it.
 */
export class ClientBody {
  /** Whether any byte was asked for. */
  touched = false;
  readonly #request: Incoming;
  readonly #limits: UploadLimits;
  readonly #begin: () => void;
  #bytes = 0;
  #ended = false;
  #listening = false;
  #kept: Buffer[] | undefined;
  #upload: Upload | undefined;
  #gathered: Gathered | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `begin` is called when the body is first asked for: the moment for `100 Continue`. */
  constructor(request: Incoming, limits: UploadLimits, begin: () => void) {
    this.#request = request;
    this.#limits = limits;
    this.#begin = begin;
    this.#kept = limits.keptBytes > 0 ? [] : undefined;
  }

  /** Whether `open` would give all of it. */
  get whole(): boolean {
    return !this.touched || this.#kept !== undefined;
  }

  /** How long it is, once all of it has come and is kept. */
  get length(): number | undefined {
    return this.#ended && this.#kept !== undefined ? this.#bytes : undefined;
  }

  /**
   * Reads it until all has come, or more than is kept, and calls back once: with all of it, or with `undefined` where it
   * is longer, or with the error. It can be opened then as if nothing had been read.
   */
  gather(gathered: Gathered): void {
    this.#gathered = gathered;
    this.#listen();
  }

  /** All of it from the start, for one upstream; an earlier stream gets nothing more. Only while it is `whole`. */
  open(): Upload {
    this.#upload = new Upload(this, this.#kept ?? []);
    return this.#upload;
  }

  /** Asked by a stream that has room. */
  pull(upload: Upload): void {
    if (upload !== this.#upload) return;
    if (this.#ended) {
      upload.push(null);
      return;
    }
    this.#listen();
  }

  #listen(): void {
    if (!this.touched) this.#begin();
    this.touched = true;
    if (!this.#listening) this.#request.on("data", this.#onData).on("end", this.#onEnd);
    this.#listening = true;
    this.#wait(() => new BodyTimeout("the client paused too long within its body"), this.#limits.idleMs);
    this.#request.resume();
  }

  /** Ends what reads it with an error. */
  #fail(error: Error): void {
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered === undefined) this.#upload?.destroy(error);
    else gathered(error, undefined);
  }

  /** Where it is gathered, ends that: `chunks` where all of it is there. */
  #settle(chunks: readonly Buffer[] | undefined): boolean {
    const gathered = this.#gathered;
    if (gathered === undefined) return false;
    this.#gathered = undefined;
    clearTimeout(this.#timer);
    gathered(undefined, chunks);
    return true;
  }

  /** A stream is no longer read. */
  release(upload: Upload): void {
    if (upload !== this.#upload) return;
    this.#upload = undefined;
    clearTimeout(this.#timer);
    this.#request.pause();
  }

  /** Nobody asks for it now: what still comes is for others to read, unless it is opened again before it does. */
  close(): void {
    clearTimeout(this.#timer);
    this.#request.off("data", this.#onData).off("end", this.#onEnd);
    this.#listening = false;
    this.#gathered = undefined;
    if (this.touched && !this.#ended) this.#request.pause();
    const upload = this.#upload;
    this.#upload = undefined;
    upload?.destroy();
  }

  readonly #onEnd = () => {
    this.#ended = true;
    clearTimeout(this.#timer);
    if (!this.#settle(this.#kept)) this.#upload?.push(null);
  };

  readonly #onData = (chunk: Buffer) => {
    this.#bytes += chunk.length;
    if (this.#limits.bytes > 0 && this.#bytes > this.#limits.bytes) {
      this.#request.pause();
      this.#kept = undefined;
      this.#fail(new BodyTooLarge(`the body is larger than ${this.#limits.bytes} bytes`));
      return;
    }
    const fits = this.#bytes <= this.#limits.keptBytes;
    // What was gathered beyond that is kept until it has been opened: nobody has been sent it yet.
    if (!fits && this.#gathered === undefined) this.#kept = undefined;
    this.#kept?.push(chunk);
    if (this.#gathered !== undefined) {
      if (fits) {
        this.#timer?.refresh();
        return;
      }
      this.#request.pause();
      this.#settle(undefined);
      return;
    }
    if (this.#upload?.push(chunk) === true) this.#timer?.refresh();
    else {
      this.#request.pause();
      this.#wait(() => new SendTimeout("the upstream does not take the request's body"), this.#limits.sendMs);
    }
  };

  #wait(error: () => Error, ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(error()), ms);
  }
}

/** A client's body on its way to one upstream. */
export class Upload extends Readable {
  readonly #body: ClientBody;
  /** What had come before it was opened, and is still to be sent. */
  readonly #before: Buffer[];

  /** Made by `ClientBody.open`. */
  constructor(body: ClientBody, before: readonly Buffer[]) {
    super({ highWaterMark: WATER_MARK });
    this.#body = body;
    this.#before = [...before];
    // Nobody else may be listening by the time the request has been answered.
    this.on("error", () => {});
  }

  override _read(): void {
    for (let chunk = this.#before.shift(); chunk !== undefined; chunk = this.#before.shift())
      if (!this.push(chunk)) return;
    this.#body.pull(this);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#body.release(this);
    done(error);
  }
}
