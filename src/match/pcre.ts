/**
 * PCRE patterns as JavaScript ones, with the meaning PCRE gives them on bytes, or refused with the reason.
 *
 * Source: pcre2pattern(3). nginx compiles without PCRE2_UTF, so a pattern and its subject are bytes.
 */

/** A pattern in JavaScript's syntax, or why it has none. */
export type Translation =
  | { readonly kind: "translated"; readonly source: string }
  | { readonly kind: "refused"; readonly why: string };

const POSIX_CLASSES: ReadonlyMap<string, string> = new Map([
  ["alnum", "0-9A-Za-z"],
  ["alpha", "A-Za-z"],
  ["ascii", "\\x00-\\x7f"],
  ["blank", " \\t"],
  ["cntrl", "\\x00-\\x1f\\x7f"],
  ["digit", "0-9"],
  ["graph", "!-~"],
  ["lower", "a-z"],
  ["print", " -~"],
  ["punct", "!-\\/:-@\\[-`{-~"],
  ["space", "\\t-\\r "],
  ["upper", "A-Z"],
  ["word", "\\w"],
  ["xdigit", "0-9A-Fa-f"],
]);

/** Escapes that mean the same in both, inside and outside a class. */
const SAME_ESCAPE = /^[dDwWtnrf]$/;
/** Escapes with another meaning, or none, in JavaScript: what to write instead outside and inside a class. */
const OTHER_ESCAPE: ReadonlyMap<string, readonly [outside: string, inside: string | undefined]> = new Map([
  // JavaScript's \s and \v hold other characters than PCRE's.
  ["s", ["[\\t-\\r ]", "\\t-\\r "]],
  ["S", ["[^\\t-\\r ]", undefined]],
  ["h", ["[ \\t\\xa0]", " \\t\\xa0"]],
  ["H", ["[^ \\t\\xa0]", undefined]],
  ["v", ["[\\n-\\r\\x85]", "\\n-\\r\\x85"]],
  ["V", ["[^\\n-\\r\\x85]", undefined]],
  ["N", ["[^\\n]", undefined]],
  ["a", ["\\x07", "\\x07"]],
  ["e", ["\\x1b", "\\x1b"]],
  ["A", ["^", undefined]],
  ["Z", ["(?=\\n?$)", undefined]],
  ["z", ["$", undefined]],
  ["b", ["\\b", "\\x08"]],
  ["B", ["\\B", undefined]],
]);

class Refusal extends Error {}

/** Reads a pattern once, from left to right, and writes what it means. */
class Translator {
  private readonly source: string;
  private at = 0;
  private out = "";

  constructor(source: string) {
    this.source = source;
  }

  run(): string {
    while (this.at < this.source.length) this.step();
    return this.out;
  }

  private step(): void {
    const char = this.source[this.at] ?? "";
    this.at++;
    if (char === "\\") this.escape();
    else if (char === "[") this.charClass();
    else if (char === "(") this.group();
    else if (char === ".") this.out += "[^\\n]";
    // PCRE's `$` also matches before a newline at the very end.
    else if (char === "$") this.out += "(?=\\n?$)";
    else if (char === "{") this.brace();
    else if (char === "}" || char === "]") this.out += `\\${char}`;
    else this.out += char === "/" ? "\\/" : char;
    if (/[*+?]/.test(char)) this.refusePossessive();
  }

  private refusePossessive(): void {
    if (this.source[this.at] === "+")
      throw new Refusal("possessive quantifiers (`*+`, `++`, `?+`) have no equal here");
  }

  /** `{` is a quantifier only in the forms `{n}`, `{n,}` and `{n,m}`; else it stands for itself. */
  private brace(): void {
    const quantifier = /^\d+(?:,\d*)?\}/.exec(this.source.slice(this.at));
    if (quantifier === null) {
      this.out += "\\{";
      return;
    }
    this.out += `{${quantifier[0]}`;
    this.at += quantifier[0].length;
    this.refusePossessive();
  }

  private group(): void {
    const rest = this.source.slice(this.at);
    if (rest.startsWith("*")) throw new Refusal("verbs such as `(*COMMIT)` are not understood");
    if (!rest.startsWith("?")) {
      this.out += "(";
      return;
    }
    // Everything is matched without regard to case anyway.
    const ignored = /^\?(?:#[^)]*|i)\)/.exec(rest);
    const named = /^\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest);
    const same = /^\?(?:i?:|=|!|<=|<!)/.exec(rest);
    if (ignored !== null) this.at += ignored[0].length;
    else if (named !== null) {
      this.out += `(?<${named[1] ?? named[2]}>`;
      this.at += named[0].length;
    } else if (same !== null) {
      this.out += `(${same[0].replace("i", "")}`;
      this.at += same[0].length;
    } else if (rest.startsWith("?>")) throw new Refusal("atomic groups `(?>…)` have no equal here");
    else if (/^\?[-imsx]+[:)]/.test(rest))
      throw new Refusal("options inside a pattern, such as `(?s)`, are not understood here");
    else throw new Refusal(`the group \`(${rest.slice(0, 3)}\` is not understood`);
  }

  private escape(): void {
    const char = this.source[this.at];
    if (char === undefined) throw new Refusal("it ends in a single backslash");
    this.at++;
    const other = OTHER_ESCAPE.get(char);
    if (other !== undefined) this.out += other[0];
    else if (SAME_ESCAPE.test(char)) this.out += `\\${char}`;
    else if (char === "Q") this.quote();
    else if (char === "E") return;
    else if (char === "x") this.out += this.hex();
    else if (/[1-9]/.test(char)) this.out += `(?:\\${char})`;
    else if (/[0A-Za-z]/.test(char)) throw new Refusal(`\`\\${char}\` is not understood`);
    else this.out += literal(char);
  }

  private quote(): void {
    const end = this.source.indexOf("\\E", this.at);
    const text = this.source.slice(this.at, end === -1 ? undefined : end);
    this.out += [...text].map(literal).join("");
    this.at = end === -1 ? this.source.length : end + 2;
  }

  /** `\xhh` or `\x{hh}`. */
  private hex(): string {
    const found = /^(?:\{([0-9a-fA-F]{1,2})\}|([0-9a-fA-F]{0,2}))/.exec(this.source.slice(this.at));
    if (this.source[this.at] === "{" && found?.[1] === undefined)
      throw new Refusal("`\\x{…}` above ff cannot match a byte");
    this.at += found?.[0].length ?? 0;
    return `\\x${(found?.[1] ?? found?.[2] ?? "").padStart(2, "0")}`;
  }

  private charClass(): void {
    this.out += "[";
    if (this.source[this.at] === "^") {
      this.out += "^";
      this.at++;
    }
    for (let first = true; ; first = false) {
      const char = this.source[this.at];
      if (char === undefined) throw new Refusal("a `[` has no `]`");
      this.at++;
      if (char === "]" && !first) break;
      this.out += this.classMember(char);
    }
    this.out += "]";
  }

  private classMember(char: string): string {
    if (char === "[") return this.posixClass() ?? "\\[";
    if (char !== "\\") return /[\]^]/.test(char) ? `\\${char}` : char;
    const escaped = this.source[this.at];
    if (escaped === undefined) throw new Refusal("a `[` has no `]`");
    this.at++;
    const other = OTHER_ESCAPE.get(escaped);
    if (other?.[1] !== undefined) return other[1];
    if (SAME_ESCAPE.test(escaped)) return `\\${escaped}`;
    if (escaped === "x") return this.hex();
    if (/[0-9A-Za-z]/.test(escaped)) throw new Refusal(`\`\\${escaped}\` inside \`[…]\` is not understood`);
    return `\\${escaped}`;
  }

  private posixClass(): string | undefined {
    const found = /^([:.=])(\^?)(\w+)\1\]/.exec(this.source.slice(this.at));
    if (found === null) return undefined;
    const members = found[1] === ":" && found[2] === "" ? POSIX_CLASSES.get(found[3] ?? "") : undefined;
    if (members === undefined) throw new Refusal(`the class \`[${found[0]}\` is not understood`);
    this.at += found[0].length;
    return members;
  }
}

/** One character that stands for itself. */
function literal(char: string): string {
  return /[$()*+./?[\\\]^{|}-]/.test(char) ? `\\${char}` : char;
}

/**
 * Writes a PCRE pattern in JavaScript's syntax, to be compiled without the flags `m`, `s`, `u` and `v`.
 *
 * Refused, with the reason, where JavaScript has no equal: atomic groups, possessive quantifiers, options inside the
 * pattern, verbs, recursion. `(?i)` is dropped, as ingress-nginx matches without case anyway.
 */
export function translatePcre(source: string): Translation {
  try {
    return { kind: "translated", source: new Translator(source).run() };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", why: error.message };
    throw error;
  }
}
