import { type Re2Fault, Re2SyntaxError } from "./syntax-error.ts";

export interface SyntaxFlags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  /** Repeats are lazy unless `?` follows. */
  readonly U: boolean;
}

/** What is left of an expression. */
export class Re2Reader {
  readonly source: string;
  at = 0;
  flags: SyntaxFlags;

  constructor(source: string, flags: SyntaxFlags) {
    this.source = source;
    this.flags = flags;
  }

  get ended(): boolean {
    return this.at >= this.source.length;
  }

  /** The next character and, with `ahead`, those after it. `""` at the end. */
  peek(ahead = 0): string {
    return this.source.charAt(this.at + ahead);
  }

  looksAt(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  takeIf(text: string): boolean {
    if (!this.looksAt(text)) return false;
    this.at += text.length;
    return true;
  }

  /** A whole code point; -1 at the end. */
  takeRune(): number {
    const rune = this.source.codePointAt(this.at);
    if (rune === undefined) return -1;
    this.at += rune > 0xffff ? 2 : 1;
    return rune;
  }

  /** Up to `mark`, which is taken too; `undefined` without one. */
  takeUntil(mark: string): string | undefined {
    const end = this.source.indexOf(mark, this.at);
    if (end < 0) return undefined;
    const text = this.source.slice(this.at, end);
    this.at = end + mark.length;
    return text;
  }

  since(start: number): string {
    return this.source.slice(start, this.at);
  }

  refuse(fault: Re2Fault, part: string): never {
    throw new Re2SyntaxError(fault, part);
  }
}
