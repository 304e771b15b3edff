import type { Scalar } from "./node.ts";

/**
 * Unquoted scalars as `kubectl` reads them. sigs.k8s.io/yaml uses go-yaml v2 (`resolve.go`), partly YAML 1.1:
 * `yes` is true, `010` is eight, `080` and `1e3` are floats, `0x50` and `0b11` are integers.
 */
const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((w) => [w, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map(
    (w) => [w, false] as const,
  ),
  ...["", "~", "null", "Null", "NULL"].map((w) => [w, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((w) => [w, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((w) => [w, Number.POSITIVE_INFINITY] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((w) => [w, Number.NEGATIVE_INFINITY] as const),
]);

const MAYBE_WORD = /^[yYnNtTfFoO~.+-]/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** A longer whole number exceeds float64 and is a string (Go's `strconv.ParseFloat`). unit: digits */
const LONGEST_FLOAT = 310;
const DECIMAL = /^[-+]?(0|[1-9][0-9]*)$/;
/** Base prefixes of Go's `strconv.ParseInt(…, 0, 64)`. */
const BASED = /^([-+]?)(?:(0[xX])([0-9a-fA-F]+)|(0[bB])([01]+)|(0[oO]?)([0-7]+))$/;

export function resolvePlain(source: string): Scalar {
  const first = source.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  if (!digit) {
    if (source === "") return null;
    if (!MAYBE_WORD.test(source)) return source;
    const word = WORDS.get(source);
    if (word !== undefined) return word;
    if (first !== 43 && first !== 45 && first !== 46) return source;
    if (first === 46) return FLOAT.test(source) ? Number(source) : source;
  }
  const plain = source.replaceAll("_", "");
  if (DECIMAL.test(plain)) return plain.length > LONGEST_FLOAT ? source : whole(plain.replace(/^\+/, ""));
  const based = BASED.exec(plain);
  if (based !== null) return wholeOfBase(based);
  return FLOAT.test(plain) ? Number(plain) : source;
}

function whole(decimal: string): number | bigint {
  const value = Number(decimal);
  return Number.isSafeInteger(value) ? value : BigInt(decimal);
}

function wholeOfBase(found: RegExpExecArray): number | bigint {
  const digits =
    found[3] !== undefined ? `0x${found[3]}` : found[5] !== undefined ? `0b${found[5]}` : `0o${found[7]}`;
  const value = BigInt(digits) * (found[1] === "-" ? -1n : 1n);
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** Half a surrogate pair: `\ud800`. */
export const HALF = /\p{Surrogate}/u;
