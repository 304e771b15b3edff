import type { StatusRange } from "../../step/traefik/errors.ts";
import { Lost } from "./lost.ts";

/** `500-599`, `404` (types.NewHTTPCodeRanges) */
export function statusRanges(texts: readonly string[]): readonly StatusRange[] | Lost {
  const ranges: StatusRange[] = [];
  for (const text of texts.flatMap((each) => each.split(","))) {
    const range = statusRange(text.trim());
    if (range === undefined) return new Lost(`${JSON.stringify(text)} is no status`, "Write 404 or 500-599.");
    ranges.push(range);
  }
  return ranges;
}

/** What follows a second dash is passed over. `undefined`: no numbers (strconv.Atoi) */
export function statusRange(text: string): StatusRange | undefined {
  const [from = "", to = from] = text.split("-");
  return NUMBER.test(from) && NUMBER.test(to) ? { from: Number(from), to: Number(to) } : undefined;
}

const NUMBER = /^\+?\d{1,18}$/;
