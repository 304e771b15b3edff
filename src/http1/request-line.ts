import type { HeadRefusal } from "../model/head-refusal.ts";
import { reason } from "../model/reason.ts";

const START = 0;
const METHOD = 1;
const BEFORE_TARGET = 2;
const SCHEME = 3;
const SCHEME_SLASH = 4;
const SCHEME_SLASHES = 5;
const HOST_START = 6;
const HOST = 7;
const HOST_LITERAL = 8;
const HOST_END = 9;
const PORT = 10;
const TARGET = 11;
const AFTER_TARGET = 12;
const PROTOCOL = 13;
const MAJOR_START = 14;
const MAJOR = 15;
const MINOR_START = 16;
const MINOR = 17;
const AFTER_VERSION = 18;
const ALMOST_DONE = 19;
const DONE = 20;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DELETE = 0x7f;
const SLASH = 0x2f;
const COLON = 0x3a;
const STAR = 0x2a;
const QUESTION = 0x3f;

const PROTOCOL_NAME = Buffer.from("HTTP/");
/** nginx accepts HTTP/1.999 (`r->http_minor > 99`). */
const MOST_MINOR = 99;

const INVALID: HeadRefusal = {
  status: 400,
  why: reason("bad-request-line", "the request line is not one of HTTP"),
};
const INVALID_METHOD: HeadRefusal = {
  status: 400,
  why: reason("bad-method", "the method is not one of HTTP: capitals, _ and - only"),
};
const INVALID_TARGET: HeadRefusal = {
  status: 400,
  why: reason("bad-target", "the request target is no path, and no URL either"),
};
const INVALID_VERSION: HeadRefusal = {
  status: 505,
  why: reason("bad-version", "no other major version than HTTP/1 is spoken here"),
};
const INVALID_09: HeadRefusal = { status: 400, why: reason("bad-version", "HTTP/0.9 has no method but GET") };

/**
 * Reads a request line as nginx does, piece by piece. A line without version is HTTP/0.9.
 *
 * Source: ngx_http_parse_request_line in ngx_http_parse.c (1.27).
 */
export class RequestLine {
  readonly #takes: "any" | "as nginx";
  #state = START;
  /**
   * Positions in the head: the first byte, the end of the method, start and end of the target. Ends are
   * exclusive.
   */
  methodEnd = 0;
  targetStart = 0;
  targetEnd = 0;
  major = 1;
  minor = 0;
  refusal: HeadRefusal | undefined;

  constructor(takes: "any" | undefined) {
    this.#takes = takes ?? "as nginx";
  }

  get ended(): boolean {
    return this.#state === DONE || this.refusal !== undefined;
  }

  get begun(): boolean {
    return this.#state !== START;
  }

  /** Reads up to `limit`; returns the next position. Positions count from `base`. */
  read(bytes: Buffer, base: number, from: number, limit: number): number {
    let at = from;
    while (at < limit && !this.ended) at = this.#step(bytes[base + at] ?? 0, at, bytes, base, limit);
    return at;
  }

  #step(byte: number, at: number, bytes: Buffer, base: number, limit: number): number {
    switch (this.#state) {
      case START:
        if (!this.#isMethodByte(byte)) return this.#refuse(INVALID_METHOD, at);
        this.#state = METHOD;
        break;
      case METHOD:
        if (byte === SPACE) {
          this.methodEnd = at;
          this.#state = BEFORE_TARGET;
        } else if (!this.#isMethodByte(byte)) return this.#refuse(INVALID_METHOD, at);
        break;
      case BEFORE_TARGET:
        if (byte === SPACE) break;
        this.targetStart = at;
        if (byte === SLASH || (byte === STAR && this.#takes === "any")) this.#state = TARGET;
        else if (isLetter(byte)) this.#state = SCHEME;
        else return this.#refuse(INVALID_TARGET, at);
        break;
      case TARGET: {
        let next = at;
        let found = byte;
        while (found > SPACE && found !== DELETE && ++next < limit) found = bytes[base + next] ?? 0;
        if (next === limit) return next;
        this.targetEnd = next;
        return this.#endOfTarget(found, next);
      }
      case AFTER_TARGET:
        if (byte === SPACE) break;
        if (byte === CR || byte === LF) return this.#endOfOld(byte, at);
        if (byte !== PROTOCOL_NAME[0]) return this.#refuse(INVALID, at);
        this.#state = PROTOCOL;
        this.#matched = 1;
        break;
      case PROTOCOL:
        if (byte !== PROTOCOL_NAME[this.#matched++]) return this.#refuse(INVALID, at);
        if (this.#matched === PROTOCOL_NAME.length) this.#state = MAJOR_START;
        break;
      case MAJOR_START:
        if (!isDigit(byte) || byte === 0x30) return this.#refuse(INVALID, at);
        if (byte !== 0x31) return this.#refuse(INVALID_VERSION, at);
        this.#state = MAJOR;
        break;
      case MAJOR:
        if (byte === 0x2e) this.#state = MINOR_START;
        else return this.#refuse(isDigit(byte) ? INVALID_VERSION : INVALID, at);
        break;
      case MINOR_START:
        if (!isDigit(byte)) return this.#refuse(INVALID, at);
        this.minor = byte - 0x30;
        this.#state = MINOR;
        break;
      case MINOR:
        if (!isDigit(byte)) return this.#endOfVersion(byte, at);
        if (this.minor > MOST_MINOR) return this.#refuse(INVALID, at);
        this.minor = this.minor * 10 + byte - 0x30;
        break;
      case AFTER_VERSION:
        return this.#endOfVersion(byte, at);
      case ALMOST_DONE:
        if (byte !== LF) {
          this.major = 1;
          return this.#refuse(INVALID, at);
        }
        this.#state = DONE;
        break;
      default:
        return this.#authority(byte, at);
    }
    return at + 1;
  }

  #isMethodByte(byte: number): boolean {
    return (
      isMethodByte(byte) || (this.#takes === "any" && (isLetter(byte) || isDigit(byte) || OTHERS.has(byte)))
    );
  }

  #matched = 0;

  #authority(byte: number, at: number): number {
    switch (this.#state) {
      case SCHEME:
        if (byte === COLON) this.#state = SCHEME_SLASH;
        else if (!isLetter(byte) && !isDigit(byte) && byte !== 0x2b && byte !== 0x2d && byte !== 0x2e)
          return this.#refuse(INVALID_TARGET, at);
        return at + 1;
      case SCHEME_SLASH:
      case SCHEME_SLASHES:
        if (byte !== SLASH) return this.#refuse(INVALID_TARGET, at);
        this.#state = this.#state === SCHEME_SLASH ? SCHEME_SLASHES : HOST_START;
        return at + 1;
      case HOST_START:
        this.#state = byte === 0x5b ? HOST_LITERAL : HOST;
        return byte === 0x5b ? at + 1 : at;
      case HOST:
        if (isLetter(byte) || isDigit(byte) || byte === 0x2e || byte === 0x2d) return at + 1;
        this.#state = HOST_END;
        return at;
      case HOST_LITERAL:
        if (byte === 0x5d) this.#state = HOST_END;
        else if (!isLiteralByte(byte)) return this.#refuse(INVALID_TARGET, at);
        return at + 1;
      case HOST_END:
        if (byte !== COLON) return this.#endOfAuthority(byte, at);
        this.#state = PORT;
        return at + 1;
      default:
        return isDigit(byte) ? at + 1 : this.#endOfAuthority(byte, at);
    }
  }

  #endOfAuthority(byte: number, at: number): number {
    if (byte === SLASH || byte === QUESTION) {
      this.#state = TARGET;
      return at + 1;
    }
    if (byte !== SPACE) return this.#refuse(INVALID_TARGET, at);
    this.targetEnd = at;
    this.#state = AFTER_TARGET;
    return at + 1;
  }

  #endOfTarget(byte: number, at: number): number {
    if (byte === CR || byte === LF) return this.#endOfOld(byte, at);
    if (byte !== SPACE) return this.#refuse(INVALID_TARGET, at);
    this.#state = AFTER_TARGET;
    return at + 1;
  }

  #endOfOld(byte: number, at: number): number {
    this.major = 0;
    this.minor = 9;
    this.#state = byte === LF ? DONE : ALMOST_DONE;
    return at + 1;
  }

  #endOfVersion(byte: number, at: number): number {
    if (byte === SPACE) this.#state = AFTER_VERSION;
    else if (byte === CR) this.#state = ALMOST_DONE;
    else if (byte === LF) this.#state = DONE;
    else return this.#refuse(INVALID, at);
    return at + 1;
  }

  /** Checks the complete line: HTTP/0.9 has only GET. */
  check(method: string): void {
    if (this.major === 0 && method !== "GET") this.refusal = INVALID_09;
  }

  #refuse(refusal: HeadRefusal, at: number): number {
    this.refusal = refusal;
    return at;
  }
}

/** Of a token, beside letters and digits (RFC 9110 section 5.6.2). */
const OTHERS: ReadonlySet<number> = new Set(Buffer.from("!#$%&'*+-.^_`|~"));

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isMethodByte(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || byte === 0x2d;
}

/** RFC 3986 section 3.2.2: `unreserved`, `sub-delims` and colons. */
const LITERAL: ReadonlySet<number> = new Set(Buffer.from(":-._~!$&'()*+,;="));

function isLiteralByte(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || LITERAL.has(byte);
}
