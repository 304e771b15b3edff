import type { Addresses } from "../../../model/addresses.ts";
import type { BlockedValues, BlockOption } from "../../../model/controller.ts";
import type { Pattern } from "../../../model/pattern.ts";
import { compilePattern } from "../../../pcre/pattern.ts";
import { blockedWords } from "../annotations/word-blocklist.ts";
import { nginxAddresses } from "./address-list.ts";
import type { ConfigData } from "./data.ts";

const HEADERS = [
  ["block-user-agents", "user-agent"],
  ["block-referers", "referer"],
] as const satisfies readonly (readonly [BlockOption, string])[];

/** `block-user-agents` and `block-referers` (nginx.tmpl, `map $http_user_agent $block_ua`). */
export function readBlocks(data: ConfigData): readonly BlockedValues[] | undefined {
  const lists = HEADERS.flatMap(([option, header]): readonly BlockedValues[] => {
    const entries = (data.list(option) ?? []).filter(isOneWord).map(unquoted);
    if (entries.length === 0) return [];
    const texts = entries.filter((entry) => !entry.startsWith("~"));
    return [
      {
        option,
        header,
        texts: texts.map((text) => text.replace(/^\\~/, "~").toLowerCase()),
        patterns: entries.flatMap((entry) => patternOf(data, option, entry)),
      },
    ];
  });
  return lists.length === 0 ? undefined : lists;
}

/** `block-cidrs` (nginx.tmpl, `deny` outside of servers). */
export function readBlockedClients(data: ConfigData): Addresses | undefined {
  const key = "block-cidrs";
  const entries = data.list(key) ?? [];
  if (entries.length === 0) return undefined;
  const addresses = nginxAddresses(entries);
  if (addresses.ipv4.check("127.0.0.1", "ipv4") === true) {
    const what =
      "127.0.0.1 is among these: the controller can no longer reach its own nginx, and follows no change of endpoints";
    data.surprising(key, what, "Leave out 127.0.0.1.");
  }
  return addresses;
}

/** `annotation-value-word-blocklist`, with warnings for surprising entries. */
export function readBlockedWords(data: ConfigData): readonly string[] {
  const key = "annotation-value-word-blocklist";
  const words = blockedWords(data.text(key));
  const odd = words.find((word) => word.trim() !== word || word === "");
  if (odd === "") {
    const what =
      "an empty word is in every value: the controller serves no Ingress that has an annotation of its own";
    data.surprising(key, what, "Leave out the trailing comma.");
  } else if (odd !== undefined) {
    const what = `the blank belongs to the word "${odd}": the controller looks for both together`;
    data.surprising(key, what, "Separate the words by commas only.");
  }
  return words;
}

/** Any other entry stops the controller; the entries beside it still count. */
function isOneWord(entry: string): boolean {
  return entry !== "" && (unquoted(entry) !== entry || !/[\s;{}]/.test(entry));
}

/** A word as nginx's configuration reads it (ngx_conf_read_token). */
export function unquoted(entry: string): string {
  const bare = /^(["'])(.*)\1$/s.exec(entry)?.[2] ?? entry;
  return bare.replace(/\\(["'\\])/g, "$1");
}

/** `~` respects case, `~*` ignores it. */
function patternOf(data: ConfigData, option: BlockOption, entry: string): readonly Pattern[] {
  if (!entry.startsWith("~")) return [];
  const letters = entry.startsWith("~*") ? "any case" : "exact case";
  const compiled = compilePattern(entry.replace(/^~\*?/, ""), "anywhere", letters);
  if (compiled.kind === "compiled") return [{ ...compiled.pattern, source: entry }];
  if (compiled.by !== "PCRE") data.notHonoured(option, `"${entry}" cannot be run here: ${compiled.why}`);
  return [];
}
