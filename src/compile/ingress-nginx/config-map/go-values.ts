/** Go's `strconv.ParseBool`; `""` is false to the controller's decoder (mapstructure, decodeBool). */
export function goBoolean(text: string): boolean | undefined {
  if (text === "") return false;
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}

const BASES: readonly (readonly [digits: RegExp, base: number])[] = [
  [/^0x(?:_?[\da-f])+$/i, 16],
  [/^0b(?:_?[01])+$/i, 2],
  [/^0o?(?:_?[0-7])+$/i, 8],
  [/^(?:0|[1-9](?:_?\d)*)$/, 10],
];

/**
 * Go's `strconv.ParseInt` with base 0: `0x10` and `1_000` are numbers; `""` is 0 (mapstructure, decodeInt).
 */
export function goInteger(text: string): number | undefined {
  if (text === "") return 0;
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const base = BASES.find(([form]) => form.test(digits))?.[1];
  if (base === undefined) return undefined;
  const bare = digits.replace(/^0[xbo]/i, "").replaceAll("_", "");
  const value = Number.parseInt(bare, base);
  return Number.isSafeInteger(value) ? (sign === "-" ? -value : value) : undefined;
}

/** Go's `strconv.Atoi`: decimal digits only. */
export function goAtoi(text: string): number | undefined {
  return /^[-+]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
