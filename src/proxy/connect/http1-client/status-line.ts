const PROTOCOL = 0;
const MAJOR_START = 1;
const MAJOR = 2;
const MINOR_START = 3;
const MINOR = 4;
const STATUS = 5;
const AFTER_STATUS = 6;
const PHRASE = 7;
const ALMOST_DONE = 8;
const DONE = 9;
const BROKEN = 10;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOT = 0x2e;

const PROTOCOL_NAME = Buffer.from("HTTP/");
/** Looked at before a further digit, as in nginx: it takes three of them. */
const MOST_VERSION = 99;

/**
 * Reads a status line as nginx does, piece by piece.
 *
 * Source: ngx_http_parse_status_line in ngx_http_parse.c (1.27).
 */
export class StatusLine {
  #state = PROTOCOL;
  #digits = 0;
  major = 0;
  minor = 0;
  status = 0;
  /** Positions of the status with its phrase; the end is exclusive. */
  start = 0;
  end = 0;

  get ended(): boolean {
    return this.#state >= DONE;
  }

  /** It is no status line: to nginx the whole answer is a body. */
  get broken(): boolean {
    return this.#state === BROKEN;
  }

  /** Reads up to `limit`; returns the next position. Positions count from `base`. */
  read(bytes: Buffer, base: number, from: number, limit: number): number {
    let at = from;
    for (; at < limit && this.#state < DONE; at++) this.#state = this.#step(bytes[base + at] ?? 0, at);
    return at;
  }

  #step(byte: number, at: number): number {
    switch (this.#state) {
      case PROTOCOL:
        if (byte !== PROTOCOL_NAME[at]) return BROKEN;
        return at + 1 === PROTOCOL_NAME.length ? MAJOR_START : PROTOCOL;
      case MAJOR_START:
        this.major = byte - 0x30;
        return isDigit(byte) && byte !== 0x30 ? MAJOR : BROKEN;
      case MAJOR:
        if (byte === DOT) return MINOR_START;
        if (!isDigit(byte) || this.major > MOST_VERSION) return BROKEN;
        this.major = this.major * 10 + byte - 0x30;
        return MAJOR;
      case MINOR_START:
        this.minor = byte - 0x30;
        return isDigit(byte) ? MINOR : BROKEN;
      case MINOR:
        if (byte === SPACE) return STATUS;
        if (!isDigit(byte) || this.minor > MOST_VERSION) return BROKEN;
        this.minor = this.minor * 10 + byte - 0x30;
        return MINOR;
      case STATUS:
        return this.#statusDigit(byte, at);
      case AFTER_STATUS:
        // IIS sends 403.1.
        if (byte === SPACE || byte === DOT) return PHRASE;
        return byte === CR || byte === LF ? this.#endOfPhrase(byte, at) : BROKEN;
      case PHRASE:
        return byte === CR || byte === LF ? this.#endOfPhrase(byte, at) : PHRASE;
      default:
        return byte === LF ? DONE : BROKEN;
    }
  }

  #statusDigit(byte: number, at: number): number {
    if (byte === SPACE) return STATUS;
    if (!isDigit(byte)) return BROKEN;
    this.status = this.status * 10 + byte - 0x30;
    if (++this.#digits < 3) return STATUS;
    this.start = at - 2;
    return AFTER_STATUS;
  }

  #endOfPhrase(byte: number, at: number): number {
    this.end = at;
    return byte === LF ? DONE : ALMOST_DONE;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
