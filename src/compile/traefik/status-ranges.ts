import type { StatusRange } from "../../step/traefik/errors.ts";
import { Lost } from "./lost.ts";

/** `500-599`, `404` (types.NewHTTPCodeRanges) */
export function statusRanges(texts: readonly string[]): readonly StatusRange[] | Lost {
  const ranges: StatusRange[] = [];
  for (const text of texts.flatMap((each) => each.split(","))) {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text.trim()) ?? [];
    if (from === undefined) return new Lost(`${JSON.stringify(text)} is no status`, "Write 404 or 500-599.");
    ranges.push({ from: Number(from), to: Number(to ?? from) });
  }
  return ranges;
}
