/** A part of an expression's text. `text`: a string's value, else as written. */
export interface Token {
  readonly kind: "name" | "string" | "integer" | "double" | "sign" | "end";
  readonly text: string;
}

const BLANK = /(?:\s|\/\/[^\n]*)+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:0x[0-9a-fA-F]+|[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?)[uU]?/y;
const SIGN = /&&|\|\||[=!<>]=|[-+*/%!<>?:.,()[\]{}]/y;
const STRING = /([rR]?)("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
/** A raw text ends at the next quote: a backslash is one of its characters. */
const RAW = /[rR]("""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*')/y;

/** The tokens of a CEL expression, with an `end` behind them. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  for (;;) {
    take(BLANK);
    if (at >= source.length) return [...tokens, { kind: "end", text: "" }];
    const raw = take(RAW);
    const quoted = raw ?? take(STRING);
    if (quoted !== null) {
      const body = unquoted(quoted.at(-1) ?? "");
      tokens.push({ kind: "string", text: raw === null ? unescaped(body) : body });
      continue;
    }
    const number = take(NUMBER);
    if (number !== null) {
      const [text, fraction, exponent] = number;
      const kind = fraction === undefined && exponent === undefined ? "integer" : "double";
      tokens.push({ kind, text });
      continue;
    }
    const name = take(NAME);
    const [text] = name ?? take(SIGN) ?? [];
    if (text === undefined)
      throw new SyntaxError(`CEL: ${JSON.stringify(source.slice(at, at + 10))} in ${source}`);
    tokens.push({ kind: name === null ? "sign" : "name", text });
  }
}

function unquoted(text: string): string {
  const quotes = text.startsWith('"""') || text.startsWith("'''") ? 3 : 1;
  return text.slice(quotes, -quotes);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
]);

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))/gs,
    (...found) => {
      const [, x, u, long, octal, char = ""] = found;
      const hex = x ?? u ?? long;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return ESCAPES.get(char) ?? char;
    },
  );
}
