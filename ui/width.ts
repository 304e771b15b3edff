import stringWidth from "string-width";

/** Units that a terminal draws as one: a letter with its accents, an emoji of several code points. */
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Texts with one column per UTF-16 unit: ASCII, and the signs that the dashboard draws. */
const NARROW = /^[\x20-\x7e─━→…·↑↓]*$/;

/** Longest examined text, because a letter can carry any number of accents. unit: UTF-16 units per column */
const UNITS_A_COLUMN = 8;

/** The width of a text on a terminal: 2 columns for CJK and emoji, 0 for an accent. */
export function columnsOf(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** The longest beginning of `text` that takes at most `columns`. */
function beginning(text: string, columns: number): string {
  if (NARROW.test(text)) return text.slice(0, Math.max(0, columns));
  let taken = "";
  let used = 0;
  for (const { segment } of GRAPHEMES.segment(text.slice(0, columns * UNITS_A_COLUMN))) {
    used += stringWidth(segment);
    if (used > columns) break;
    taken += segment;
  }
  return taken;
}

/** `text` in at most `columns`, with `…` at the end of a cut one. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return "";
  const first = text.length > columns * UNITS_A_COLUMN ? beginning(text, columns + 1) : text;
  if (first === text && columnsOf(text) <= columns) return text;
  return `${beginning(first, columns - 1)}…`;
}

/** `text` in exactly `columns`: cut, or padded on the other side. */
export function fitted(text: string, columns: number, side: "left" | "right" = "left"): string {
  const shown = cut(text, columns);
  const space = " ".repeat(Math.max(0, columns - columnsOf(shown)));
  return side === "left" ? shown + space : space + shown;
}

/** `text` in lines of at most `columns`, broken at spaces if possible. The indent is kept. */
export function wrapped(text: string, columns: number): readonly string[] {
  const width = Math.max(1, columns);
  const indent = " ".repeat(Math.min(text.length - text.trimStart().length, Math.floor(width / 2)));
  const lines: string[] = [];
  let rest = text.trimEnd();
  while (rest.length > width * UNITS_A_COLUMN || columnsOf(rest) > width) {
    const whole = beginning(rest, width) || (rest.match(/./su)?.[0] ?? "");
    const space = whole.lastIndexOf(" ");
    const end = rest[whole.length] === " " || space <= indent.length ? whole.length : space;
    lines.push(rest.slice(0, end).trimEnd());
    const following = rest.slice(end).trimStart();
    rest = following === "" ? "" : indent + following;
  }
  if (rest !== "" || lines.length === 0) lines.push(rest);
  return lines;
}
