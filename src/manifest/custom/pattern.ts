import { compileRe2 } from "../../re2/re2.ts";
import { textAsBytes } from "../../request/utf8.ts";

/** True for a text with a match. */
export type Matcher = (value: string) => boolean;

const KNOWN = new Map<string, Matcher>();

/** A pattern of the schemas, in Go's meaning and in time linear in the text. */
export function goPattern(source: string): Matcher {
  const known = KNOWN.get(source) ?? matcherOf(source);
  KNOWN.set(source, known);
  return known;
}

function matcherOf(source: string): Matcher {
  const compiled = compileRe2(source);
  if (compiled.kind === "refused") throw new Error(compiled.why);
  const { find } = compiled.pattern;
  return (value) => {
    const found = find(textAsBytes(value));
    // A text of hundreds of thousands of characters is taken for one without a match.
    return found !== null && found !== "too-complex";
  };
}
