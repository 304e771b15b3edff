import type { Step } from "../../../step/step.ts";
import type { Location } from "../location.ts";

const MIB = 1_048_576;
const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["k", 1024],
  ["m", MIB],
  ["g", 1024 * MIB],
]);

/** `1m`, `8k`, `3000`; `undefined`: no size. unit: bytes */
function sizeOf(text: string | undefined): number | undefined {
  const [, digits, unit = ""] = /^\s*(\d{1,15})\s*([bkmg]?)\s*$/i.exec(text ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS.get(unit.toLowerCase()) ?? 1);
}

/** `proxy-body-size` counts only where requests are buffered. */
export function bodyLimitSteps({ annotations }: Location): readonly Step[] {
  if (annotations.text("proxy-request-buffering") !== "on") return [];
  const bytes = sizeOf(annotations.text("proxy-body-size")) ?? MIB;
  return bytes === 0 ? [] : [{ kind: "body-limit", bytes }];
}
