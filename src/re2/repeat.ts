import type { Re2Reader } from "./reader.ts";
import { itemsOf, type Repeat, type SyntaxForm, type SyntaxNode } from "./syntax-node.ts";

/** Copies of one item that Go allows, also of repeats within repeats. */
const MOST_COPIES = 1000;

/** Larger numbers are not read to their end. */
const LARGE = 1e8;

interface Counts {
  readonly least: number;
  readonly most: number;
  readonly counted: boolean;
}

/**
 * A repeat of the last item; `undefined` before anything else, and nothing is taken. `repeated`: where the repeat right before
 * begins, if there is one.
 */
export function takeRepeat(
  reader: Re2Reader,
  items: readonly SyntaxNode[],
  repeated: number | undefined,
): Repeat | undefined {
  const start = reader.at;
  const counts = takeCounts(reader);
  if (counts === undefined) return undefined;
  const { least, most, counted } = counts;
  if (counted && !isCount(least, most)) return reader.refuse("invalid repeat count", reader.since(start));
  const isOther = reader.takeIf("?");
  if (repeated !== undefined)
    return reader.refuse("invalid nested repetition operator", reader.since(repeated));
  const item = items.at(-1);
  if (item === undefined)
    return reader.refuse("missing argument to repetition operator", reader.since(start));
  const mode = isOther === reader.flags.U ? "greedy" : "lazy";
  const repeat: Repeat = { kind: "repeat", item, mode, ...counts };
  if (counted && Math.max(least, finite(most)) >= 2 && !isWithin(repeat, MOST_COPIES))
    return reader.refuse("invalid repeat count", reader.since(start));
  return repeat;
}

function isCount(least: number, most: number): boolean {
  return (
    least <= MOST_COPIES && (most === Number.POSITIVE_INFINITY || (most <= MOST_COPIES && least <= most))
  );
}

function finite(most: number): number {
  return most === Number.POSITIVE_INFINITY ? 0 : most;
}

const SIGNS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  "*": [0, Number.POSITIVE_INFINITY],
  "+": [1, Number.POSITIVE_INFINITY],
  "?": [0, 1],
};

function takeCounts(reader: Re2Reader): Counts | undefined {
  const char = reader.peek();
  const sign = Object.hasOwn(SIGNS, char) ? SIGNS[char] : undefined;
  if (sign !== undefined) {
    reader.at++;
    return { least: sign[0], most: sign[1], counted: false };
  }
  const start = reader.at;
  const counts = reader.takeIf("{") ? takeBraces(reader) : undefined;
  // A brace that is no repeat stands for itself.
  if (counts === undefined) reader.at = start;
  return counts;
}

function takeBraces(reader: Re2Reader): Counts | undefined {
  const least = takeNumber(reader);
  if (least === undefined) return undefined;
  let most: number | undefined = least;
  if (reader.takeIf(",")) most = reader.peek() === "}" ? Number.POSITIVE_INFINITY : takeNumber(reader);
  if (most === undefined || !reader.takeIf("}")) return undefined;
  return { least, most, counted: true };
}

/** Digits without a leading zero. */
function takeNumber(reader: Re2Reader): number | undefined {
  let value: number | undefined;
  for (;;) {
    const char = reader.peek();
    if (char < "0" || char > "9" || char === "") return value;
    if (value === 0) return undefined;
    value = Math.min(LARGE, (value ?? 0) * 10 + Number(char));
    reader.at++;
  }
}

/** repeatIsValid() in regexp/syntax/parse.go. */
function isWithin(form: SyntaxForm, copies: number): boolean {
  let left = copies;
  if (form.kind === "repeat" && form.counted) {
    if (form.most === 0) return true;
    const most = form.most === Number.POSITIVE_INFINITY ? form.least : form.most;
    if (most > left) return false;
    if (most > 0) left = Math.floor(left / most);
  }
  return itemsOf(form).every((item) => isWithin(item.form, left));
}
