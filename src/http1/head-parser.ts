import type { HeadRefusal } from "../model/head-refusal.ts";
import { reason } from "../model/reason.ts";
import { aboutConnection, framingOf } from "./framing.ts";
import { type Head, type HeadBuffers, TOO_LARGE } from "./head.ts";
import { HeaderLines } from "./header-lines.ts";
import { RequestLine } from "./request-line.ts";

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);

const LINE_TOO_LONG: HeadRefusal = {
  status: 414,
  why: reason("target-too-long", "the request line is too long"),
};

/**
 * Reads one request head, piece by piece. Pure: no sockets, no time.
 *
 * Counts its buffers as nginx does (ngx_http_alloc_large_header_buffer in ngx_http_request.c), so the size
 * limits agree to the byte.
 */
export class HeadParser {
  readonly #buffers: HeadBuffers;
  readonly #line: RequestLine;
  readonly #headers: HeaderLines;
  /** The first `#length` bytes are an incomplete head. */
  #kept: Buffer = NOTHING;
  #length = 0;
  /** Next byte to read, and end of nginx's current buffer, both from the head's first byte. */
  #at = 0;
  #room: number;
  #large = 0;
  /** Bytes of the last piece up to the head's end. */
  taken = 0;

  constructor(buffers: HeadBuffers) {
    this.#buffers = buffers;
    this.#line = new RequestLine(buffers.requestLine);
    this.#headers = new HeaderLines(buffers.lines);
    this.#room = buffers.first;
  }

  get begun(): boolean {
    return this.#line.begun;
  }

  /** `undefined` until the head is complete or refused. `taken` says how far it read. */
  read(piece: Buffer, from: number): Head | undefined {
    let start = from;
    // Empty lines before a request are skipped (RFC 9112 section 2.2).
    if (!this.begun) while (piece[start] === CR || piece[start] === LF) start++;
    this.taken = piece.length - from;
    if (start === piece.length) return undefined;
    if (this.#length === 0) return this.#readFrom(piece, start, piece.length - start, start - from);
    const before = this.#length;
    this.#keep(piece, start);
    return this.#readFrom(this.#kept, 0, this.#length, -before);
  }

  /** `skipped`: bytes of the last piece before the head. */
  #readFrom(bytes: Buffer, base: number, end: number, skipped: number): Head | undefined {
    while (!this.#ended) {
      const limit = Math.min(end, this.#room);
      this.#at = this.#line.ended
        ? this.#headers.read(bytes, base, this.#at, limit)
        : this.#line.read(bytes, base, this.#at, limit);
      if (this.#line.ended) this.#checkOld(bytes, base);
      if (this.#ended) break;
      if (this.#at === this.#room && !this.#enlarge()) return this.#head(bytes, base, this.#tooLong());
      if (this.#at === end) {
        if (this.#length === 0) this.#keep(bytes, base);
        return undefined;
      }
    }
    this.taken = skipped + this.#at;
    return this.#head(bytes, base, this.#line.refusal ?? this.#headers.refusal);
  }

  get #ended(): boolean {
    const { refusal, major } = this.#line;
    return refusal !== undefined || (this.#line.ended && (major === 0 || this.#headers.ended));
  }

  #checkOld(bytes: Buffer, base: number): void {
    const { major, methodEnd } = this.#line;
    if (major === 0) this.#line.check(bytes.toString("latin1", base, base + methodEnd));
  }

  #keep(piece: Buffer, from: number): void {
    const length = this.#length + piece.length - from;
    if (length > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#kept.length, this.#buffers.first));
      this.#kept.copy(larger, 0, 0, this.#length);
      this.#kept = larger;
    }
    piece.copy(this.#kept, this.#length, from);
    this.#length = length;
  }

  /** Another buffer, as nginx takes it: a partial line moves there. */
  #enlarge(): boolean {
    const { large, count } = this.#buffers;
    const within = this.#line.ended ? this.#headers.withinLine : true;
    const lineStart = !within ? this.#at : this.#line.ended ? this.#headers.lineStart : 0;
    if ((within && this.#at - lineStart >= large) || this.#large === count) return false;
    this.#large++;
    this.#room = lineStart + large;
    return true;
  }

  #tooLong(): HeadRefusal {
    return this.#line.ended ? TOO_LARGE : LINE_TOO_LONG;
  }

  #head(bytes: Buffer, base: number, refusal: HeadRefusal | undefined): Head {
    const { methodEnd, targetStart, targetEnd, major, minor } = this.#line;
    const { marks } = this.#headers;
    const text = bytes.toString("latin1", base, base + this.#at);
    const headers: string[] = [];
    for (let i = 0; i + 3 < marks.length; i += 4) {
      headers.push(text.slice(marks[i], marks[i + 1]), text.slice(marks[i + 2], marks[i + 3]));
    }
    const about = aboutConnection(headers);
    const framing = refusal === undefined ? framingOf({ major, minor }, about) : { body: 0, refusal };
    return {
      method: text.slice(0, methodEnd),
      target: targetEnd > 0 ? text.slice(targetStart, targetEnd) : "",
      major,
      minor,
      headers,
      framing: framing.body,
      keepAlive: about.keepAlive ?? (major === 1 && minor >= 1),
      upgrade: about.upgrade,
      refusal: framing.refusal,
    };
  }
}
