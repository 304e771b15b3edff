import type { ConfigData } from "./data.ts";
import { goAtoi } from "./go-values.ts";

/** `custom-http-errors` without entries that are no number from 300 to 599 (ReadConfig, filterErrors). */
export function readErrorCodes(data: ConfigData): readonly number[] {
  const key = "custom-http-errors";
  const entries = data.list(key) ?? [];
  const codes: number[] = [];
  for (const entry of entries) {
    const code = goAtoi(entry);
    if (code !== undefined && code > 299 && code < 600) {
      codes.push(code);
      continue;
    }
    data.surprising(
      key,
      `"${entry}" is no status from 300 to 599: the controller leaves it out`,
      "Write statuses with commas between: 404,503.",
    );
  }
  return codes;
}
