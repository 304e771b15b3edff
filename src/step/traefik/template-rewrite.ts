import { reason } from "../../model/reason.ts";
import type { Re2 } from "../../re2/re2.ts";
import { replaceAll } from "../../re2/replace.ts";
import type { Template } from "../../re2/template.ts";
import { cleanedGoPath, escapedGoPath, unescapePercent } from "../../request/go-url.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { goLocation } from "./go-location.ts";
import { sentTarget, splitTarget } from "./sent-target.ts";

/** `rewrite-target` as a template on every match of the location's path; what does not match stays. */
export interface TemplateRewriteStep {
  readonly kind: "template-rewrite";
  /** default: no path; the target is the whole path */
  readonly pattern?: Re2 | undefined;
  readonly template: Template;
  /** As written. */
  readonly target: string;
  /** The target has a scheme: 302. */
  readonly isUrl: boolean;
  /** `x-forwarded-prefix`, on the same match. */
  readonly prefix?: Template | undefined;
}

/** The path is matched with its escapes, not as rules see it. */
export function rewriteByTemplate(at: Arrival, step: TemplateRewriteStep): Change | undefined {
  const { pattern, template, target, isUrl, prefix } = step;
  const { path, query } = splitTarget(sentTarget(at));
  if (pattern !== undefined && pattern.find(path) === null) return undefined;
  const made = replaced(pattern, path, template);
  if (made === undefined)
    return answer(at, 500, `rewrite-target ${target}: the path's expression is too complex`);
  if (made === "")
    return answer(at, 500, `rewrite-target ${target} leaves nothing of the path`, "Internal Server Error\n");
  if (isUrl)
    return redirect(at, goLocation(made.includes("?") || query === "?" ? made : made + query), target);
  const plain = unescapePercent(made);
  if (plain === undefined) {
    const bad = /%.{0,2}/.exec(made.replace(/%[0-9A-Fa-f]{2}/g, ""))?.[0] ?? "%";
    return answer(at, 500, `rewrite-target ${target} makes a bad escape`, `invalid URL escape "${bad}"\n`);
  }
  const cleaned = cleanedGoPath(escapedGoPath(made) ?? made);
  if (unescapePercent(cleaned) !== plain)
    return answer(
      at,
      400,
      `rewrite-target ${target} makes ${made} of this path, with // or dots in it`,
      "Bad Request\n",
    );
  const forwarded = prefix && replaced(pattern, path, prefix);
  return {
    rewritten: { path: (escapedGoPath(cleaned) ?? cleaned) + query, target, escaping: "as-is" },
    requestHeaders: forwarded === undefined ? undefined : [["X-Forwarded-Prefix", forwarded]],
  };
}

function replaced(pattern: Re2 | undefined, path: string, template: Template): string | undefined {
  if (pattern !== undefined) return replaceAll(pattern, path, template);
  return template.map((part) => (typeof part === "string" ? part : "")).join("");
}

function redirect(at: Arrival, location: string | undefined, target: string): Change {
  if (location === undefined) return answer(at, 500, `rewrite-target ${target} makes no URL`);
  const why = [reason("rewrite-target", "rewrite-target is a URL, so it redirects there"), ...at.route.why];
  return { decision: { kind: "redirect", status: 302, location, text: "", route: at.route, why } };
}

function answer({ route }: Arrival, status: number, because: string, text?: string): Change {
  const why = [reason("rewrite-target", because), ...route.why];
  return { decision: { kind: "respond", status, text, route, why } };
}
