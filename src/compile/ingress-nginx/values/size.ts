const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["k", 1024],
  ["m", 1024 ** 2],
  ["g", 1024 ** 3],
]);

/** A size in bytes as nginx reads it with these units; `undefined` if it does not. */
export function bytesOf(text: string, units: RegExp): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,12})([a-z]?)$/i.exec(text) ?? [];
  const factor = UNITS.get(unit.toLowerCase());
  return digits === undefined || factor === undefined || !units.test(unit)
    ? undefined
    : Number(digits) * factor;
}
