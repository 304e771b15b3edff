import type { Pattern } from "../model/pattern.ts";
import type { ByteSet } from "./byte-set.ts";
import type { PatternNode } from "./node.ts";
import { parsePcre } from "./parse.ts";

/** Texts that an expression matches, and texts that it nearly matches. One char per byte. */
export interface PatternSamples {
  readonly matching: readonly string[];
  readonly missing: readonly string[];
}

/** Texts of one node, the plainest first. */
type Texts = readonly [string, ...string[]];

/** Texts of one node that are kept. */
const MOST = 24;
/** Longest text. A repeat of more than that gives no sample. */
const LONGEST = 1_000;
/** Of each kind. */
const MOST_SAMPLES = 16;
const EMPTY: Texts = [""];

/**
 * Samples from the expression's own syntax: each alternative, a member of each class, repeats at their least, at one and
 * at some; every sample is tried. `begins`: every sample begins so, as `/` for paths.
 */
export function samplesOf(pattern: Pick<Pattern, "source" | "exec">, begins = ""): PatternSamples {
  const parsed = parsePcre(Buffer.from(pattern.source, "utf8").toString("latin1"), "any case");
  if (parsed.kind === "refused") return { matching: [], missing: [] };
  const made = new Set(textsOf(parsed.node).map((text) => (text.startsWith(begins) ? text : begins + text)));
  const matching = [...made].filter((text) => pattern.exec(text) !== null).slice(0, MOST_SAMPLES);
  const near = new Set(matching.slice(0, 4).flatMap(nearMisses));
  const tried = [...near, ...made].filter((text) => text.startsWith(begins) && pattern.exec(text) === null);
  return { matching, missing: [...new Set(tried)].slice(0, MOST_SAMPLES) };
}

/** One character less, one more, and each character replaced. */
function nearMisses(text: string): readonly string[] {
  const replaced = Array.from({ length: Math.min(text.length, 12) }, (_, back) => {
    const at = text.length - 1 - back;
    return `${text.slice(0, at)}${text[at] === "~" ? "-" : "~"}${text.slice(at + 1)}`;
  });
  return [text.slice(0, -1), `${text}~`, `${text}/~`, `~${text}`, ...replaced];
}

function textsOf(node: PatternNode): Texts {
  switch (node.kind) {
    case "set":
      return membersOf(node.set);
    case "sequence":
      return oneVaried(node.items.map(textsOf));
    case "choice":
      return kept(node.branches.flatMap(textsOf));
    case "capture":
    case "atomic":
      return textsOf(node.item);
    case "repeat":
      return repeated(textsOf(node.item), node.least, node.most);
    case "condition":
      return kept([...textsOf(node.yes), ...textsOf(node.no)]);
    case "look":
      // What has to follow is a part of the text; whether the rest agrees is tried.
      return node.direction === "ahead" && node.expects === "match"
        ? kept(["", ...textsOf(node.item)])
        : EMPTY;
    case "boundary":
    case "reference":
      return EMPTY;
  }
}

/** Members that a reader can type; of a class that holds the slash, a text with one too. */
function membersOf(set: ByteSet): Texts {
  const has = (char: string) => set[char.charCodeAt(0)] === 1;
  const count = set.reduce((sum, held) => sum + held, 0);
  const plain = ["x", "1", "a", "0", "-", "/", "A"].filter(has);
  const typeable = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0x21 + at));
  // Letters in both cases are one letter.
  const typed = typeable.filter(has).sort((a, b) => Number(isCapital(a)) - Number(isCapital(b)));
  const isClass = count > 2;
  const liked = isClass ? plain.concat(typed) : typed;
  const first = liked[0] ?? String.fromCharCode(Math.max(set.indexOf(1), 0));
  const second = isClass ? plain.filter((char) => char !== first && char !== "/").slice(0, 1) : [];
  const slashed = isClass && first !== "/" && has("/") ? [`${first}/${first}`] : [];
  return [first, ...second, ...slashed];
}

function isCapital(char: string): boolean {
  return /[A-Z]/.test(char);
}

/** The parts at their first texts, then each other text by itself, with the shortest behind it too (`/api(/|$)(.*)`). */
function oneVaried(parts: readonly Texts[]): Texts {
  const shortest = parts.map((texts) => texts.reduce((a, b) => (b.length < a.length ? b : a)));
  const usual = parts.map(([first]) => first);
  return kept(variedTexts(parts, usual, shortest));
}

/** Made one by one, since an expression of thousands of classes has millions. */
function* variedTexts(
  parts: readonly Texts[],
  usual: readonly string[],
  shortest: readonly string[],
): Iterable<string> {
  const [before, behind] = [joined(usual), joined(shortest)];
  yield before.text;
  for (const [at, [, ...others]] of parts.entries())
    for (const other of others)
      for (const { text, starts } of [before, behind])
        yield before.text.slice(0, before.starts[at]) + other + text.slice(starts[at + 1]);
}

/** `starts`: the index where each text begins, and the end. */
function joined(texts: readonly string[]): { readonly text: string; readonly starts: readonly number[] } {
  const starts = [0];
  for (const { length } of texts) starts.push((starts.at(-1) ?? 0) + length);
  return { text: texts.join(""), starts };
}

/** Once, the least, and some. */
function repeated(texts: Texts, least: number, most: number): Texts {
  const [first, ...others] = texts;
  const usual = Math.max(least, Math.min(1, most));
  const some = Math.min(most, Math.max(least + 1, 3));
  return kept([
    times(first, usual),
    times(first, least),
    times(first, some),
    ...others.map((text) => times(text, usual)),
  ]);
}

function times(text: string, count: number): string {
  return text.length * count > LONGEST ? "" : text.repeat(count);
}

function kept(texts: Iterable<string>): Texts {
  const found = new Set<string>();
  for (const text of texts) {
    if (text.length <= LONGEST) found.add(text);
    if (found.size === MOST) break;
  }
  const [first = "", ...others] = found;
  return [first, ...others];
}
