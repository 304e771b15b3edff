import { type Json, jsonFields, jsonString } from "../../../model/json.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { RedirectPath } from "../../../step/envoy/redirect.ts";
import type { EnvoyRewriteStep } from "../../../step/envoy/rewrite.ts";
import type { WrittenPath } from "./matches.ts";

/** A redirect's path. An empty ReplaceFullPath leaves the path as it is. */
export function redirectPath(
  modifier: Json | undefined,
  matched: WrittenPath | undefined,
): RedirectPath | undefined {
  const { type, replaceFullPath, replacePrefixMatch } = jsonFields(modifier);
  if (type === "ReplaceFullPath") {
    const whole = textAsBytes(jsonString(replaceFullPath) ?? "");
    return whole === "" ? undefined : { kind: "whole", to: whole.startsWith("/") ? whole : `/${whole}` };
  }
  if (type !== "ReplacePrefixMatch") return undefined;
  return { kind: "prefix", ...prefixEdit(replacePrefixMatch, matched, "kept") };
}

/** References to groups, which leave the path as it is. */
const GROUPS = /\\[1-9]/;

/** A rewrite's path. `undefined`: it stays */
export function rewrittenPath(
  modifier: Json | undefined,
  matched: WrittenPath | undefined,
): EnvoyRewriteStep | undefined {
  const { type, replaceFullPath, replacePrefixMatch } = jsonFields(modifier);
  if (type === "ReplaceFullPath") {
    const to = textAsBytes(jsonString(replaceFullPath) ?? "");
    return to === "" || GROUPS.test(to) ? undefined : { kind: "envoy-rewrite", to };
  }
  if (type !== "ReplacePrefixMatch") return undefined;
  return { kind: "envoy-rewrite", ...prefixEdit(replacePrefixMatch, matched, "cut") };
}

/** `""` and `/` take the slashes behind the prefix along. `lastSlash`: that of the new prefix */
function prefixEdit(
  modifier: Json | undefined,
  matched: WrittenPath | undefined,
  lastSlash: "kept" | "cut",
): { readonly from: string; readonly to: string; readonly slashes?: "taken" } {
  const to = textAsBytes(jsonString(modifier) ?? "");
  const prefix = textAsBytes(matched?.type === "PathPrefix" ? matched.value : "/");
  if (to === "" || to === "/") return { from: prefix, to: "/", slashes: "taken" };
  const from = prefix === "/" ? "/" : withoutSlash(prefix);
  return { from, to: lastSlash === "cut" ? withoutSlash(to) : to };
}

function withoutSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
