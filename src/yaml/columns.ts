/** A piece of a line: 0-based, in UTF-16 code units, `to` behind the last one. */
export interface Columns {
  readonly from: number;
  readonly to: number;
}

/** Longer lines are not searched: they are generated, and there may be a problem for each of their keys. unit: chars */
const LONGEST = 2_000;

/**
 * The only place of a line where a key may stand; `undefined` if there are several, or none. For a key that is known to be
 * on the line. Text in quotes and comments counts too, so that the place is right if it is the only one.
 */
export function onlyKey(line: string, key: string): Columns | undefined {
  if (line.length > LONGEST || key === "") return undefined;
  const found: Columns[] = [];
  for (let at = line.indexOf(key); at >= 0; at = line.indexOf(key, at + 1)) {
    const end = at + key.length;
    if (!/^["']?\s*:/.test(line.slice(end, end + COLON_WITHIN)) || NAME.test(line.charAt(at - 1))) continue;
    found.push({ from: at, to: end });
  }
  const [only, ...others] = found;
  return only === undefined || others.length > 0 ? undefined : withQuotes(line, only);
}

/** Blanks between a key and its colon are rare. unit: chars */
const COLON_WITHIN = 80;
/** Before a character of these there is more of the key. */
const NAME = /[\w./-]/;

function withQuotes(line: string, { from, to }: Columns): Columns {
  const quote = line.charAt(from - 1);
  const isQuoted = (quote === '"' || quote === "'") && line.charAt(to) === quote;
  return isQuoted ? { from: from - 1, to: to + 1 } : { from, to };
}

/** The item of a block list on a line that has one dash and no flow list. */
export function onlyItem(line: string): Columns | undefined {
  const before = /^\s*- +(?=[^\s-])/.exec(line)?.[0];
  if (before === undefined || line.length > LONGEST || line.includes("[")) return undefined;
  return tokenAt(line, before.length);
}

/** The key or scalar at a column, without what follows it. */
export function tokenAt(line: string, from: number): Columns {
  TOKEN.lastIndex = from;
  const token = TOKEN.exec(line)?.[0] ?? "";
  return { from, to: from + Math.max(1, token.length) };
}

const TOKEN = /"[^"]*"?|'[^']*'?|[{[]|[^\s,\]}:]+(?::[^\s,\]}:]+)*/y;
