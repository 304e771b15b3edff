export interface RuleToken {
  readonly kind: "name" | "text" | "mark";
  readonly text: string;
}

const TOKEN =
  /([A-Za-z_]\w*)|`([^`]*)`|"((?:[^"\\\n]|\\.)*)"|(&&|\|\||[!(),])|(\n)|(?:[ \t\r]|\/\/[^\n]*|\/\*(?:(?!\*\/)[^\n])*\*\/)+/y;

/** The tokens of a Go expression; `undefined` where there are others. */
export function ruleTokens(text: string): readonly RuleToken[] | undefined {
  const tokens: RuleToken[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  // Comments are those of Go.
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (found === null) return undefined;
    const [, name, raw, quoted, mark, line] = found;
    if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (raw !== undefined) tokens.push({ kind: "text", text: raw.replaceAll("\r", "") });
    else if (quoted !== undefined) {
      const unquoted = goUnquoted(quoted);
      if (unquoted === undefined) return undefined;
      tokens.push({ kind: "text", text: unquoted });
    } else if (mark !== undefined) tokens.push({ kind: "mark", text: mark });
    else if (line !== undefined && endsExpression(tokens.at(-1))) return undefined;
  }
  return tokens;
}

/** Go puts a semicolon there. */
function endsExpression(token: RuleToken | undefined): boolean {
  return token !== undefined && (token.kind !== "mark" || token.text === ")");
}

const ESCAPE = /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{3})|(.))/gs;
const SINGLE: ReadonlyMap<string, string> = new Map([
  ...([..."abfnrtv"].map((letter, at) => [letter, "\x07\b\f\n\r\t\v"[at] ?? ""]) as [string, string][]),
  ["\\", "\\"],
  ['"', '"'],
]);

/** The inside of a Go text in double quotes; `undefined`: an unknown escape */
function goUnquoted(inside: string): string | undefined {
  let isBad = false;
  const text = inside.replace(
    ESCAPE,
    (_, byte?: string, short?: string, long?: string, octal?: string, one?: string) => {
      const hex = byte ?? short ?? long;
      const code = hex === undefined ? Number.parseInt(octal ?? "", 8) : Number.parseInt(hex, 16);
      const char =
        one === undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : SINGLE.get(one);
      if (char === undefined) isBad = true;
      return char ?? "";
    },
  );
  return isBad ? undefined : text;
}
