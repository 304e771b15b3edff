import { PatternError, UnsupportedPattern } from "./node.ts";

/** Options such as `(?i)`; they hold to the end of their group. */
export interface Options {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
  /** `(?xx)`: blanks are also ignored in classes. */
  readonly xx: boolean;
  /** Plain groups do not capture. */
  readonly n: boolean;
  readonly J: boolean;
  readonly U: boolean;
}

export const NO_OPTIONS: Options = {
  i: false,
  m: false,
  s: false,
  x: false,
  xx: false,
  n: false,
  J: false,
  U: false,
};

export class PatternCursor {
  readonly source: string;
  at = 0;
  options: Options;
  /** Between `\Q` and `\E`. */
  quoted = false;
  items = 0;
  depth = 0;
  looks = 0;

  constructor(source: string, options: Options) {
    this.source = source;
    this.options = options;
  }

  get ended(): boolean {
    return this.at >= this.source.length;
  }

  /** `""` at the end. */
  take(): string {
    const char = this.source.charAt(this.at);
    this.at++;
    return char;
  }

  takeIf(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  takeMatch(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.source);
    if (found === null) return undefined;
    this.at += found[0].length;
    return found;
  }

  refuse(why: string): never {
    throw new PatternError(why);
  }

  unsupported(what: string): never {
    throw new UnsupportedPattern(`${what} understood here`);
  }
}
