const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["μs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 60e9],
  ["h", 3600e9],
]);
const PART = /([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)/y;
/** Digits of a fraction that can matter. */
const DIGITS = 18;
const MOST = 2n ** 63n;

/** Go's `time.ParseDuration`. unit: ns. `undefined`: it is none. */
export function parseDuration(text: string): bigint | undefined {
  const [, sign = "", body = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (body === "0") return 0n;
  if (body === "") return undefined;
  let total = 0n;
  PART.lastIndex = 0;
  for (let at = 0; at < body.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const [, whole = "", fraction = "", unit = ""] = PART.exec(body) ?? [];
    if (whole === "" && fraction === "") return undefined;
    const size = BigInt(UNITS.get(unit) ?? 0);
    const digits = fraction.slice(0, DIGITS);
    if (whole.replace(/^0+/, "").length > DIGITS + 1) return undefined;
    total += BigInt(whole === "" ? 0 : whole) * size;
    total += (BigInt(digits === "" ? 0 : digits) * size) / 10n ** BigInt(digits.length);
    if (total > MOST) return undefined;
  }
  if (total === MOST && sign !== "-") return undefined;
  return sign === "-" ? -total : total;
}
