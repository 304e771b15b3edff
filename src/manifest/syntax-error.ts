import type { YAMLError } from "yaml";
import type { SyntaxFault } from "./general-yaml.ts";

/** Errors that libyaml's scanner finds; its parser finds the rest. They count their lines differently (see below). */
const SCANNER = [
  "mapping values are not allowed in this context",
  "found character that cannot start any token",
  "could not find expected ':'",
  "found unexpected end of stream",
  "found unknown escape character",
] as const;

/** What the `yaml` package says → what go-yaml says of the same text. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/Tabs are not allowed/, SCANNER[1]],
  [/Plain value cannot start with/, SCANNER[1]],
  [
    /Nested mappings are not allowed|Implicit keys need to be on a single line|BLOCK_AS_IMPLICIT_KEY/,
    SCANNER[0],
  ],
  [/Implicit map keys need to be followed by map values/, SCANNER[2]],
  [/Missing closing ["']|must be sufficiently indented/, SCANNER[3]],
  [/Invalid escape sequence/, SCANNER[4]],
  [/expected flow map to end|in flow map|flow mapping/i, "did not find expected ',' or '}'"],
  [/expected flow seq|in flow seq|flow sequence/i, "did not find expected ',' or ']'"],
  [/sequence items? must start|A sequence can|block sequence/i, "did not find expected '-' indicator"],
  [/All mapping items must start|map/i, "did not find expected key"],
];

/**
 * A syntax error as kubectl words it: `yaml: line 4: did not find expected key`.
 *
 * go-yaml v2 counts lines from 0 for what its parser finds and from 1 for what its scanner finds (`decode.go`,
 * `parser.fail`). The line of a problem beside it is the right one; this one is what the user finds on the web.
 */
export function inGoYamlWords(
  error: YAMLError,
  text: string,
  lineAt: (offset: number) => number,
): SyntaxFault {
  const line = lineAt(firstWritten(text, error.pos[0]));
  const known = WORDS.find(([pattern]) => pattern.test(error.message) || pattern.test(error.code));
  const words = known?.[1] ?? "did not find expected node content";
  const scanned = SCANNER.some((one) => one === words);
  const counted = scanned ? line + 1 : line;
  return { line, message: counted === 0 ? `yaml: ${words}` : `yaml: line ${counted}: ${words}` };
}

/** Errors of indentation are placed on the spaces before the text that is meant. */
function firstWritten(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at < text.length ? at : offset;
}
