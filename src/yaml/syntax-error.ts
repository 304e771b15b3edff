import type { YAMLError } from "yaml";
import type { SyntaxFault } from "./syntax-fault.ts";

/** The place where libyaml notices a mistake: at it, at the next line with content, or at the next colon. */
type Notices = "here" | "next line" | "next colon";

/** libyaml's words. Its scanner counts lines from 1, its parser (in go-yaml v2's report) from 0. */
interface Words {
  readonly by: "scanner" | "parser";
  readonly words: string;
  readonly at: Notices;
}

const parser = (words: string): Words => ({ by: "parser", words, at: "here" });
const scanner = (words: string, at: Notices = "here"): Words => ({ by: "scanner", words, at });

const NO_TOKEN = scanner("found character that cannot start any token");
const NO_VALUE_HERE = scanner("mapping values are not allowed in this context", "next colon");
const NO_COLON = scanner("could not find expected ':'", "next line");
const NO_KEY = parser("did not find expected key");

/** The `yaml` package's message → libyaml's for the same text. Compared by hand with PyYAML's libyaml. */
const TABLE: readonly (readonly [RegExp, Words])[] = [
  [/Tabs are not allowed|Plain value cannot start with/, NO_TOKEN],
  [/Nested mappings are not allowed/, NO_VALUE_HERE],
  [/Implicit keys need to be on a single line|Implicit map keys need to be followed/, NO_COLON],
  [/Missing closing/, scanner("found unexpected end of stream")],
  [/Invalid escape sequence/, scanner("found unknown escape character")],
  [/block-seq-ind on same line/, scanner("block sequence entries are not allowed in this context")],
  [/Block collections are not allowed within flow/, parser("did not find expected ',' or '}'")],
  [/sequence in block|flow sequence|flow seq/i, parser("did not find expected ',' or ']'")],
  [/map in block|flow map|flow mapping/i, parser("did not find expected ',' or '}'")],
  [/A block sequence may not be used as an implicit map key|map|node end/i, NO_KEY],
];

/**
 * A syntax error as kubectl words it: `yaml: line 4: did not find expected key`.
 *
 * The problem's own line is the mistake's. The text keeps kubectl's line (go-yaml v2 `decode.go`,
 * `parser.fail`), which users search for.
 */
export function inGoYamlWords(
  error: Pick<YAMLError, "message" | "pos">,
  text: string,
  lineAt: (offset: number) => number,
): SyntaxFault {
  const start = firstWritten(text, error.pos[0]);
  const line = lineAt(start);
  const lines = text.split("\n");
  const found = wordsOf(error, lines, line);
  const noticed = noticedAt(found.at, lines, line, start - lineStart(lines, line));
  const counted = found.by === "scanner" ? noticed + 1 : noticed;
  return {
    line: found.at === "next colon" ? noticed : line,
    message: counted === 0 ? `yaml: ${found.words}` : `yaml: line ${counted}: ${found.words}`,
  };
}

function wordsOf(error: Pick<YAMLError, "message">, lines: readonly string[], line: number): Words {
  const written = (lines[line] ?? "").trimStart();
  const before = (lines.slice(0, line).findLast((text) => text.trim() !== "") ?? "").trimStart();
  if (/All mapping items/.test(error.message) && before.startsWith("- ") && !written.startsWith("-")) {
    return parser("did not find expected '-' indicator");
  }
  return (
    TABLE.find(([pattern]) => pattern.test(error.message))?.[1] ??
    parser("did not find expected node content")
  );
}

function noticedAt(at: Notices, lines: readonly string[], line: number, column: number): number {
  if (at === "here") return line;
  if (at === "next colon" && /:(?:\s|$)/.test((lines[line] ?? "").slice(column))) return line;
  const next = lines.findIndex((text, index) => index > line && text.trim() !== "");
  return next < 0 ? Math.max(line, lines.length - 1) : next;
}

function lineStart(lines: readonly string[], line: number): number {
  return lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0);
}

/** Indentation errors are placed on the spaces before the text. */
function firstWritten(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at < text.length ? at : offset;
}
