import { closest } from "../../../closest.ts";
import type { ConfigData } from "./data.ts";
import { EXACT_NAMES, KINDS } from "./kinds.ts";
import { OPTIONS_NOT_HONOURED, WITHOUT_EFFECT } from "./names.ts";
import { REFUSALS } from "./refusals.ts";

const WORDS = {
  boolean: "true or false, without blanks around it",
  integer: "a whole number, without blanks around it",
  fraction: "a number, without blanks around it",
} as const;

/**
 * A problem for each key that the controller lacks or never reads, whose value it or nginx refuses, or that
 * ingress-dev does not support.
 */
export function judgeOptions(data: ConfigData): void {
  for (const written of data.keys()) {
    const key = known(written);
    if (key === undefined) data.unknown(written, closest(written, [...KINDS.keys()]));
    else if (WITHOUT_EFFECT.has(key))
      data.surprising(
        written,
        "the controller reads this option and does nothing with it",
        "Write the annotation of the same name.",
      );
    else {
      const isTaken = judgeValue(data, key);
      const reason = OPTIONS_NOT_HONOURED.get(key);
      if (reason !== undefined && isTaken && !saysDefault(data, key)) data.notHonoured(key, reason);
    }
  }
}

/** Most names ignore case. */
function known(written: string): string | undefined {
  if (KINDS.has(written)) return written;
  const lower = written.toLowerCase();
  return KINDS.has(lower) && !EXACT_NAMES.has(lower) ? lower : undefined;
}

function judgeValue(data: ConfigData, key: string): boolean {
  const kind = KINDS.get(key);
  if (kind !== undefined && kind !== "text" && kind !== "list" && !isOfKind(data, key, kind)) {
    data.ignored(key, `"${data.text(key)}" is not ${WORDS[kind]}`, `Write ${WORDS[kind]}.`);
    return false;
  }
  const refusal = REFUSALS.get(key)?.(data, key);
  if (refusal === undefined) return true;
  const { words, fix } = refusal;
  data.stops(key, words, `nginx does not take "${data.text(key)}"`, fix);
  return false;
}

function isOfKind(data: ConfigData, key: string, kind: keyof typeof WORDS): boolean {
  if (kind === "boolean") return data.boolean(key) !== undefined;
  if (kind === "integer") return data.integer(key) !== undefined;
  return /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)?$/i.test(data.text(key) ?? "");
}

/** True for an option that is off or empty: no warning is needed. */
function saysDefault(data: ConfigData, key: string): boolean {
  if (key === "proxy-stream-next-upstream") return data.boolean(key) === true;
  if (key === "upstream-keepalive-connections") return (data.integer(key) ?? 1) > 0;
  return KINDS.get(key) === "boolean" ? data.boolean(key) === false : data.text(key) === "";
}
