const FACTORS: Readonly<Record<string, number>> = { "": 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** nginx counts bytes in 64 bits (ngx_parse_size, ngx_parse_offset). */
const TOO_MANY = 2 ** 63;

/**
 * A size as nginx reads it: digits, perhaps with a unit. unit: bytes. `undefined`: no size, or more than nginx counts.
 *
 * @param units the allowed ones, whatever their case: `km` of a size, `kmg` of an offset.
 */
export function readSize(text: string, units: "km" | "kmg" | "bkmg"): number | undefined {
  const [, digits, unit = ""] = /^(\d+)([a-z]?)$/i.exec(text) ?? [];
  const factor = FACTORS[unit.toLowerCase()];
  if (digits === undefined || factor === undefined || !units.includes(unit.toLowerCase())) return undefined;
  const bytes = Number(digits) * factor;
  return bytes < TOO_MANY ? bytes : undefined;
}
