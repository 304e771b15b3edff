import type { Re2 } from "../../re2/re2.ts";
import { replaceAll } from "../../re2/replace.ts";
import type { Template } from "../../re2/template.ts";
import { cleanedGoPath, escapedFrom, unescapePercent } from "../../request/go-url.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { answeredBy, type TargetNow, targetNow, withPath } from "./target.ts";

interface Named {
  /** `Middleware default/strip` */
  readonly by: string;
}

/** `stripPrefix`, `stripPrefixRegex`: takes the first of these off the path. One char per byte. */
export interface StripPrefixStep extends Named {
  readonly kind: "strip-prefix";
  readonly prefixes: readonly (string | Re2)[];
  /** `forceSlash`: an empty rest becomes a slash. */
  readonly forcesSlash: boolean;
}

/** `addPrefix`. One char per byte. */
export interface AddPrefixStep extends Named {
  readonly kind: "add-prefix";
  readonly prefix: string;
}

/** `replacePath`. One char per byte. */
export interface ReplacePathStep extends Named {
  readonly kind: "replace-path";
  readonly path: string;
}

/** `replacePathRegex` */
export interface ReplacePathRegexStep extends Named {
  readonly kind: "replace-path-regex";
  readonly pattern: Re2;
  readonly replacement: Template;
}

/** pkg/middlewares/stripprefix, stripprefixregex */
export function stripPrefix(at: Arrival, { prefixes, forcesSlash, by }: StripPrefixStep): Change | undefined {
  const now = targetNow(at);
  for (const each of prefixes) {
    const prefix = typeof each === "string" ? each : leadingMatch(each, now.path);
    if (prefix === undefined || !now.path.startsWith(prefix)) continue;
    const rest = now.path.slice(prefix.length);
    const path = forcesSlash ? `/${rest.replace(/^\//, "")}` : withSlash(rest);
    const raw = now.raw === "" ? "" : withSlash(withoutFirst(now.raw, prefix.length));
    const change = settled(at, now, { path, raw, by });
    return change.decision === undefined ? { ...change, beside: [["X-Forwarded-Prefix", prefix]] } : change;
  }
  return undefined;
}

/** The match of an expression, if the path begins with it; an empty one counts for none. */
function leadingMatch({ find }: Re2, path: string): string | undefined {
  const spans = find(path);
  if (spans === null || spans === "too-complex") return undefined;
  return path.slice(spans[0], spans[1]) || undefined;
}

function withSlash(path: string): string {
  return path === "" || path.startsWith("/") ? path : `/${path}`;
}

/** Without so many characters, of which an escape is one. */
function withoutFirst(raw: string, count: number): string {
  return (raw.match(/%..|[^%]/gs) ?? []).slice(count).join("");
}

/** pkg/middlewares/addprefix */
export function addPrefix(at: Arrival, { prefix, by }: AddPrefixStep): Change {
  const now = targetNow(at);
  return withPath(now, prefix + now.path, now.raw === "" ? "" : prefix + now.raw, by);
}

/** pkg/middlewares/replacepath */
export function replacePath(at: Arrival, { path, by }: ReplacePathStep): Change {
  const now = targetNow(at);
  const decoded = unescapePercent(path);
  if (decoded === undefined) return badEscape(at, path, by);
  return { ...withPath(now, decoded, path, by), beside: [["X-Replaced-Path", now.escaped || "/"]] };
}

/** pkg/middlewares/replacepathregex */
export function replacePathRegex(at: Arrival, step: ReplacePathRegexStep): Change | undefined {
  const { pattern, replacement, by } = step;
  const now = targetNow(at);
  const current = now.escaped;
  const found = pattern.find(current);
  if (found === null) return undefined;
  const path = found === "too-complex" ? undefined : replaceAll(pattern, current, replacement);
  if (path === undefined)
    return answeredBy(at, 500, undefined, `${by}: its expression is too complex for this path`);
  const decoded = unescapePercent(path);
  if (decoded === undefined) return badEscape(at, path, by);
  const checked = settled(at, now, { path: decoded, raw: path, by });
  if (checked.decision !== undefined) return checked;
  return { ...withPath(now, decoded, path, by), beside: [["X-Replaced-Path", current || "/"]] };
}

function badEscape(at: Arrival, path: string, by: string): Change {
  const bad = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(path)?.[0] ?? "%";
  return answeredBy(
    at,
    500,
    `invalid URL escape ${JSON.stringify(bad)}\n`,
    `${by} makes a path with a bad escape`,
  );
}

/** A path that dots or double slashes would change is refused (400). */
function settled(
  at: Arrival,
  now: TargetNow,
  { path, raw, by }: { readonly path: string; readonly raw: string; readonly by: string },
): Change {
  if (path === "") return withPath(now, "", "", by);
  const cleaned = cleanedGoPath(escapedFrom(path, raw));
  if (unescapePercent(cleaned) === path) return withPath(now, path, cleaned, by);
  return answeredBy(at, 400, "Bad Request\n", `${by} makes the path ${path}, which is not clean`);
}
