import { compilePattern } from "../../../match/pattern.ts";
import type { BlockedValues, BlockOption } from "../../../model/controller.ts";
import type { Pattern } from "../../../model/pattern.ts";
import type { ConfigData } from "./data.ts";

const HEADERS = [
  ["block-user-agents", "user-agent"],
  ["block-referers", "referer"],
] as const satisfies readonly (readonly [BlockOption, string])[];

/** `block-user-agents` and `block-referers` (nginx.tmpl, `map $http_user_agent $block_ua`). */
export function readBlocks(data: ConfigData): readonly BlockedValues[] | undefined {
  const lists = HEADERS.flatMap(([option, header]): readonly BlockedValues[] => {
    const entries = (data.list(option) ?? []).map(unquoted);
    if (entries.length === 0) return [];
    const texts = entries.filter((entry) => !entry.startsWith("~"));
    return [
      {
        option,
        header,
        texts: texts.map((text) => text.replace(/^\\~/, "~").toLowerCase()),
        patterns: entries.flatMap(patternOf),
      },
    ];
  });
  return lists.length === 0 ? undefined : lists;
}

/** As nginx reads a word of its configuration (ngx_conf_read_token). */
export function unquoted(entry: string): string {
  const bare = /^(["'])(.*)\1$/s.exec(entry)?.[2] ?? entry;
  return bare.replace(/\\(["'\\])/g, "$1");
}

/** `~` with regard to case, `~*` without. */
function patternOf(entry: string): readonly Pattern[] {
  if (!entry.startsWith("~")) return [];
  const letters = entry.startsWith("~*") ? "any case" : "exact case";
  const compiled = compilePattern(entry.replace(/^~\*?/, ""), "anywhere", letters);
  return compiled.kind === "compiled" ? [{ ...compiled.pattern, source: entry }] : [];
}
