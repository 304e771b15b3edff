import type { Pattern } from "../model/pattern.ts";
import { reason } from "../model/reason.ts";
import type { VariableText } from "../model/route/variable-text.ts";
import type { Route } from "../model/route.ts";
import { escapeArgs } from "../request/path.ts";
import type { VariableFacts } from "../request/variables/readers.ts";
import { fillVariables, partOf } from "../request/variables.ts";
import { type Arrival, rewrittenArrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** `rewrite-target`: replaces the whole path (template.go, buildProxyPass: `rewrite "(?i)<path>" <target> break`). */
export interface RewriteStep {
  readonly kind: "rewrite";
  /** Unanchored, ignoring case. */
  readonly pattern: Pattern;
  /** A target that begins with `http://`, `https://` or `$scheme` is a 302 redirect. */
  readonly target: VariableText;
}

const URL_TARGET = reason(
  "rewrite-target",
  "rewrite-target is a URL, so nginx redirects to it instead of forwarding",
);

/** True for a redirect target (ngx_http_rewrite). */
function isUrlTarget({ source }: VariableText): boolean {
  return /^(?:https?:\/\/|\$scheme)/.test(source);
}

export function rewritePath(at: Arrival, { pattern, target }: RewriteStep): Change | undefined {
  const { route, path } = at;
  const captures = pattern.exec(path.path);
  if (captures === "too-complex") return tooComplex(route);
  if (captures === null) return undefined;
  const facts = rewrittenArrival(at, at.rewritten, captures);
  if (isUrlTarget(target)) {
    const why = [URL_TARGET, ...route.why];
    return { decision: { kind: "redirect", status: 302, location: urlOf(target, facts), route, why } };
  }
  const made = fillVariables(target, facts);
  const rewritten = { path: made, target: target.source };
  if (made !== "") return { rewritten, captures };
  return { decision: { kind: "respond", status: 500, route, why: [noPath(rewritten), ...route.why] } };
}

/** For a path that no backend accepts. */
export function noPath({ path, target }: NonNullable<Arrival["rewritten"]>) {
  return reason(
    "rewrite-target",
    `rewrite-target "${target}" makes "${path}" of this path, which is no path`,
  );
}

/** Appends the query (ngx_http_script_regex_end_code). */
function urlOf(target: VariableText, facts: VariableFacts): string {
  const { path } = facts;
  const parts = target.parts.map((part) => {
    if (typeof part === "string") return part;
    const value = partOf(part, facts);
    return "capture" in part && path.quoted ? escapeArgs(value) : value;
  });
  return unescapeRedirect(parts.join("")) + (path.query === "" ? "" : `?${path.query}`);
}

/** nginx unescapes printable characters above `%`, up to the first `?` (NGX_UNESCAPE_REDIRECT). */
function unescapeRedirect(text: string): string {
  const [before = "", ...behind] = text.split("?");
  const taken = before.replace(/%(2[6-9A-F]|[3-6][0-9A-F]|7[0-9A-E])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return [taken, ...behind].join("?");
}

function tooComplex(route: Route): Change {
  const text =
    "the path's regular expression backtracks too much on this request; nginx gives up with 500 as well";
  const why = [reason("regex-too-complex", text), ...route.why];
  return { decision: { kind: "respond", status: 500, route, why } };
}
