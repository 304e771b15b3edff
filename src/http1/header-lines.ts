import type { HeadRefusal } from "../model/head-refusal.ts";
import { reason } from "../model/reason.ts";
import { TOO_LARGE } from "./head.ts";

const LINE_START = 0;
const NAME = 1;
const BEFORE_VALUE = 2;
const VALUE = 3;
const ALMOST_DONE = 4;
const HEAD_ALMOST_DONE = 5;
const DONE = 6;
const REPEATED = 7;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const DELETE = 0x7f;
const SLASH = 0x2f;

const PROTOCOL = "HTTP";

const INVALID: HeadRefusal = { status: 400, why: reason("bad-header", "a header line is not one of HTTP") };

/**
 * Reads header lines as nginx does, piece by piece.
 *
 * Lines may end in LF alone; values may contain any byte but NUL, CR and LF; a line without a colon is a name
 * without value. Other code drops odd names. Source: ngx_http_parse_header_line in ngx_http_parse.c (1.27).
 */
export class HeaderLines {
  #state = LINE_START;
  /** Four positions per line: start and end of the name, start and end of the value. Ends are exclusive. */
  readonly marks: number[] = [];
  lineStart = 0;
  refusal: HeadRefusal | undefined;
  readonly #most: number;
  readonly #isAnswer: boolean;

  constructor(most: number, of: "request" | "answer" = "request") {
    this.#most = 4 * most;
    this.#isAnswer = of === "answer";
  }

  get ended(): boolean {
    return this.#state === DONE || this.refusal !== undefined;
  }

  get withinLine(): boolean {
    return this.#state !== LINE_START;
  }

  /** Reads up to `limit`; returns the next position. Positions count from `base`. */
  read(bytes: Buffer, base: number, from: number, limit: number): number {
    const { marks } = this;
    let at = from;
    let state = this.#state;
    for (; at < limit; at++) {
      let byte = bytes[base + at] ?? 0;
      if (state === NAME) {
        while (byte > SPACE && byte !== COLON && byte !== DELETE && ++at < limit)
          byte = bytes[base + at] ?? 0;
        if (at === limit) break;
        if (this.#isAnswer && this.#isRepeated(bytes, base)) {
          marks.pop();
          state = byte === LF ? LINE_START : REPEATED;
        } else if (byte === COLON) {
          marks.push(at);
          state = BEFORE_VALUE;
        } else if (byte === CR || byte === LF) {
          marks.push(at, at, at);
          state = byte === CR ? ALMOST_DONE : LINE_START;
        } else return this.#refuse(at);
      } else if (state === VALUE) {
        while (byte !== CR && byte !== LF && byte !== 0 && ++at < limit) byte = bytes[base + at] ?? 0;
        if (at === limit) break;
        if (byte === 0) return this.#refuse(at);
        marks.push(trimmed(bytes, base, at));
        state = byte === CR ? ALMOST_DONE : LINE_START;
      } else if (state === BEFORE_VALUE) {
        if (byte === SPACE) continue;
        if (byte === 0) return this.#refuse(at);
        marks.push(at);
        if (byte === CR || byte === LF) {
          marks.push(at);
          state = byte === CR ? ALMOST_DONE : LINE_START;
        } else state = VALUE;
      } else if (state === LINE_START) {
        this.lineStart = at;
        if (byte === CR) state = HEAD_ALMOST_DONE;
        else if (byte === LF) return this.#done(at);
        else if (byte <= SPACE || byte === DELETE || byte === COLON) return this.#refuse(at);
        else if (marks.length >= this.#most) return this.#refuse(at, TOO_LARGE);
        else {
          marks.push(at);
          state = NAME;
        }
      } else if (byte === LF) {
        if (state === HEAD_ALMOST_DONE) return this.#done(at);
        state = LINE_START;
      } else if (state !== REPEATED && (byte !== CR || state === HEAD_ALMOST_DONE)) return this.#refuse(at);
    }
    this.#state = state;
    return at;
  }

  /** IIS may repeat its status line between headers; nginx skips it. */
  #isRepeated(bytes: Buffer, base: number): boolean {
    const start = base + this.lineStart;
    const end = start + PROTOCOL.length;
    return bytes[end] === SLASH && bytes.toString("latin1", start, end) === PROTOCOL;
  }

  #done(at: number): number {
    this.#state = DONE;
    return at + 1;
  }

  #refuse(at: number, refusal: HeadRefusal = INVALID): number {
    this.refusal = refusal;
    return at;
  }
}

/** End of a value without trailing spaces; a tab belongs to the value. Exclusive. */
function trimmed(bytes: Buffer, base: number, end: number): number {
  let last = end;
  while (bytes[base + last - 1] === SPACE) last--;
  return last;
}
