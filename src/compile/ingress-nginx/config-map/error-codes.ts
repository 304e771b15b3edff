import type { ConfigData } from "./data.ts";
import { goAtoi } from "./go-values.ts";

/** `custom-http-errors`: what is no number, or none from 300 to 599, is left out (ReadConfig, filterErrors). */
export function readErrorCodes(data: ConfigData): readonly number[] {
  const key = "custom-http-errors";
  const entries = data.list(key) ?? [];
  const codes = entries.map(goAtoi).filter((code) => code !== undefined && code > 299 && code < 600);
  const left = entries.filter((entry) => !codes.includes(goAtoi(entry)));
  for (const entry of left)
    data.surprising(
      key,
      `"${entry}" is no status from 300 to 599: the controller leaves it out`,
      "Write statuses with commas between: 404,503.",
    );
  return codes as readonly number[];
}
