const UNITS: ReadonlyMap<string, number> = new Map([
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
]);

/** A duration as Gateway API writes it: `1h30m`, `500ms`. unit: ms */
export function millisecondsOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, digits, unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g))
    sum += Number(digits) * (UNITS.get(unit) ?? 0);
  return sum;
}

export function secondsOf(text: string | undefined): number | undefined {
  const ms = millisecondsOf(text);
  return ms === undefined ? undefined : Math.floor(ms / 1_000);
}
