import { HeaderLines } from "../../../http1/header-lines.ts";
import { InvalidHeader } from "../upstream-fault.ts";
import { StatusLine } from "./status-line.ts";

/** The head of an HTTP/1 answer as sent; one char per byte. */
export interface AnswerHead {
  readonly status: number;
  readonly major: number;
  readonly minor: number;
  /** The status line behind the version: `200 OK`. */
  readonly line: string;
  /** Names and values alternate. */
  readonly raw: readonly string[];
  /** Line ends included. */
  readonly bytes: number;
}

/** Shown of a broken line. unit: chars */
const MOST_SHOWN = 80;
const NOTHING = Buffer.alloc(0);

/**
 * Reads the head of one answer, piece by piece, as nginx does (ngx_http_proxy_process_status_line,
 * ngx_http_proxy_process_header). Pure: no sockets, no time.
 */
export class AnswerHeadReader {
  readonly #line = new StatusLine();
  readonly #headers = new HeaderLines(Number.POSITIVE_INFINITY, "answer");
  /** Its first `size` bytes are an incomplete head. */
  #kept: Buffer = NOTHING;
  #at = 0;
  /** Bytes of incomplete heads so far. */
  size = 0;
  /** Index in the last piece after the head. */
  taken = 0;

  /**
   * `undefined` until the head is complete; `taken` then says where in the last piece it ended.
   * @throws InvalidHeader
   */
  read(piece: Buffer, from: number): AnswerHead | undefined {
    const before = this.size;
    if (before === 0) return this.#readFrom(piece, from, piece.length - from, from);
    this.#keep(piece, from);
    return this.#readFrom(this.#kept, 0, this.size, from - before);
  }

  #readFrom(bytes: Buffer, base: number, end: number, skipped: number): AnswerHead | undefined {
    const line = this.#line;
    const headers = this.#headers;
    if (!line.ended) this.#at = line.read(bytes, base, this.#at, end);
    if (line.broken) throw new InvalidHeader(`the upstream sent no status line: ${lineAt(bytes, base)}`);
    if (line.ended) this.#at = headers.read(bytes, base, this.#at, end);
    if (headers.refusal !== undefined)
      throw new InvalidHeader(
        `the upstream sent an invalid header line: ${lineAt(bytes, base + headers.lineStart)}`,
      );
    if (!headers.ended) {
      if (this.size === 0) this.#keep(bytes, base);
      return undefined;
    }
    this.taken = skipped + this.#at;
    return this.#head(bytes, base);
  }

  #head(bytes: Buffer, base: number): AnswerHead {
    const { status, major, minor, start, end } = this.#line;
    const { marks } = this.#headers;
    const text = bytes.toString("latin1", base, base + this.#at);
    const raw: string[] = [];
    for (let i = 0; i + 3 < marks.length; i += 4)
      raw.push(text.slice(marks[i], marks[i + 1]), text.slice(marks[i + 2], marks[i + 3]));
    // Between the digits of `2 00` nginx takes blanks.
    const line = `${String(status).padStart(3, "0")}${text.slice(start + 3, end)}`;
    return { status, major, minor, line, raw, bytes: this.#at };
  }

  #keep(piece: Buffer, from: number): void {
    const size = this.size + piece.length - from;
    if (size > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.#kept.length));
      this.#kept.copy(larger, 0, 0, this.size);
      this.#kept = larger;
    }
    piece.copy(this.#kept, this.size, from);
    this.size = size;
  }
}

/** The line at an index, or as much of it as is there. */
function lineAt(bytes: Buffer, start: number): string {
  const text = bytes.toString("latin1", start, start + MOST_SHOWN);
  return JSON.stringify(/^[^\r\n]*/.exec(text)?.[0]);
}
