import * as yaml from "yaml";
import { countLines } from "../../yaml/documents.ts";

/** What somebody has written beside a field, with `#`. */
export interface WrittenComment {
  /** Lines of their own before it. */
  readonly before: readonly string[];
  /** Behind it, on its line. */
  readonly behind?: string | undefined;
}

/** The comments of a document by 0-based line. A comment on a line of its own belongs to the next line with content. */
export function commentsByLine(text: string): ReadonlyMap<number, WrittenComment> {
  const lines = text.split("\n");
  const found = new Map<number, { before: string[]; behind?: string }>();
  const at = (line: number) => {
    const known = found.get(line);
    if (known !== undefined) return known;
    const made: { before: string[]; behind?: string } = { before: [] };
    found.set(line, made);
    return made;
  };
  const own = new Map<number, string>();
  for (const { line, source } of commentsIn(text)) {
    if (/^\s*#/.test(lines[line] ?? "")) own.set(line, source);
    else at(line).behind = source;
  }
  for (const [line, source] of own) {
    let next = line + 1;
    while (next < lines.length && (own.has(next) || (lines[next] ?? "").trim() === "")) next++;
    at(next).before.push(source);
  }
  return found;
}

interface PlacedComment {
  readonly line: number;
  readonly source: string;
}

function commentsIn(text: string): readonly PlacedComment[] {
  const found: PlacedComment[] = [];
  let offset = 0;
  let line = 0;
  for (const source of new yaml.Lexer().lex(text)) {
    if (source.startsWith("#")) found.push({ line, source: source.trimEnd() });
    // Byte order mark, document, flow and scalar marks of the lexer are no part of the text.
    if (/^[\x02\x18\x1f]$/.test(source)) continue;
    line += countLines(text, offset, offset + source.length);
    offset += source.length;
  }
  return found;
}
