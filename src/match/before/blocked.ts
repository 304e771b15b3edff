import type { BlockedValues } from "../../model/controller.ts";
import type { Decision, RequestFacts } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";

/**
 * `block-user-agents` and `block-referers`: 403 in every server, before any Ingress (nginx.tmpl, `if
 * ($block_ua)`).
 */
export function blocked(lists: readonly BlockedValues[], request: RequestFacts): Decision | undefined {
  for (const list of lists) {
    const value = request.header(list.header) ?? "";
    const entry = entryFor(list, value);
    if (entry === undefined) continue;
    const why = `${list.option} of the controller's ConfigMap blocks ${list.header} "${value}": ${entry}`;
    return { kind: "respond", status: 403, why: [reason(list.option, why)] };
  }
  return undefined;
}

/** nginx's `map`: texts ignoring case, then expressions in order (ngx_http_map_find). */
function entryFor({ texts, patterns }: BlockedValues, value: string): string | undefined {
  const text = value.toLowerCase();
  if (texts.includes(text)) return text;
  return patterns.find(({ exec }) => {
    const found = exec(value);
    return found !== null && found !== "too-complex";
  })?.source;
}
