/** Where a text breaks JSON's syntax, and how. */
export class JsonBreak extends Error {
  /** 1-based. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** A HAR needs about 8; what is deeper is meant to break its reader. */
const MOST_DEPTH = 200;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [COMMA, COLON] = [0x2c, 0x3a];

/** Walks through JSON without making values of it, and counts lines: a large text is read piece by piece. */
export class JsonScanner {
  readonly #bytes: Buffer;
  #at = 0;
  #line = 1;
  #depth = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  /** Of what comes next. */
  get line(): number {
    this.#space();
    return this.#line;
  }

  /** What kind of value comes next. */
  get next(): "object" | "list" | "other" | "nothing" {
    this.#space();
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return "nothing";
    return byte === OPEN_BRACE ? "object" : byte === OPEN_BRACKET ? "list" : "other";
  }

  /** Walks through an object; `member` passes over the value of its key. */
  object(member: (key: string) => void): void {
    this.#enter(OPEN_BRACE, "an object");
    if (!this.#takes(CLOSE_BRACE)) {
      do {
        const key = this.#key();
        this.#expect(COLON, '":"');
        member(key);
      } while (this.#takes(COMMA));
      this.#expect(CLOSE_BRACE, '"," or "}"');
    }
    this.#depth--;
  }

  /** Walks through a list; `item` passes over one. */
  list(item: () => void): void {
    this.#enter(OPEN_BRACKET, "a list");
    if (!this.#takes(CLOSE_BRACKET)) {
      do item();
      while (this.#takes(COMMA));
      this.#expect(CLOSE_BRACKET, '"," or "]"');
    }
    this.#depth--;
  }

  /** Passes over any value. */
  pass(): void {
    this.#space();
    const byte = this.#bytes[this.#at];
    if (byte === OPEN_BRACE) this.object(() => this.pass());
    else if (byte === OPEN_BRACKET) this.list(() => this.pass());
    else if (byte === QUOTE) this.#string();
    else this.#word();
  }

  /** Nothing but blanks is left. */
  end(): void {
    this.#space();
    if (this.#at < this.#bytes.length) this.#fail("more text follows behind the end");
  }

  #key(): string {
    this.#space();
    const from = this.#at;
    this.#string();
    return JSON.parse(this.#bytes.toString("utf8", from, this.#at));
  }

  #string(): void {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== QUOTE) this.#fail("a key or value is expected");
    for (let at = this.#at + 1; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.#at = at + 1;
        return;
      }
      if (byte < 0x20) this.#fail("a string is not closed before the end of its line");
      if (byte !== BACKSLASH) continue;
      const written = bytes.toString("latin1", at + 1, at + 6);
      if (!ESCAPE.test(written) && !CUT_ESCAPE.test(written))
        this.#fail("a string has an escape that is none");
      at++;
    }
    this.#at = bytes.length;
    this.#fail("");
  }

  /** A number, `true`, `false` or `null`. */
  #word(): void {
    const from = this.#at;
    let at = from;
    while (WORD_BYTES.has(this.#bytes[at] ?? 0)) at++;
    if (at === this.#bytes.length) this.#at = at;
    if (!WORD.test(this.#bytes.toString("latin1", from, at))) this.#fail("a value is expected");
    this.#at = at;
  }

  #enter(byte: number, name: string): void {
    if (!this.#takes(byte)) this.#fail(`${name} is expected`);
    this.#depth++;
    if (this.#depth > MOST_DEPTH) this.#fail(`it is nested more than ${MOST_DEPTH} deep`);
  }

  #expect(byte: number, name: string): void {
    if (!this.#takes(byte)) this.#fail(`${name} is expected`);
  }

  #takes(byte: number): boolean {
    this.#space();
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === 0x0a) this.#line++;
      else if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }

  #fail(message: string): never {
    const isCut = this.#at >= this.#bytes.length;
    throw new JsonBreak(this.#line, isCut ? "it ends too early: the file is cut off" : message);
  }
}

const ESCAPE = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/;
/** At the end of a text that is cut off: what follows is missing. */
const CUT_ESCAPE = /^(?:u[0-9a-fA-F]{0,3})?$/;
const WORD = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;
const WORD_BYTES = new Set(Buffer.from("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"));
