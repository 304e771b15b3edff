import type { HeaderLine } from "../../model/decision.ts";
import type { Re2 } from "../../re2/re2.ts";
import { replaceAll } from "../../re2/replace.ts";
import type { Template } from "../../re2/template.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Replaces what a route matched of the path (`prefix_rewrite`). */
export interface EnvoyRewriteStep {
  readonly kind: "envoy-rewrite";
  /** The beginning that is replaced; the whole path if absent. One char per byte, as `to`. */
  readonly from?: string | undefined;
  /** Slashes behind `from` go with it. */
  readonly slashes?: "taken" | undefined;
  /** Sent as written. */
  readonly to: string;
}

/** Replaces every match in the path, without its query (`regex_rewrite`). */
export interface EnvoyRegexRewriteStep {
  readonly kind: "envoy-regex-rewrite";
  readonly pattern: Re2;
  /** `undefined`: nothing is replaced. */
  readonly to: Template | undefined;
}

export function rewriteByEnvoy({ path, request }: Arrival, { from, slashes, to }: EnvoyRewriteStep): Change {
  const sent = path.sent ?? request.target;
  const behind = from === undefined ? sent.slice(path.path.length) : sent.slice(from.length);
  const rest = slashes === "taken" ? behind.replace(/^\/+/, "") : behind;
  const requestHeaders: readonly HeaderLine[] = [["x-envoy-original-path", sent]];
  return { rewritten: { path: to + rest, target: to, escaping: "as-is" }, requestHeaders };
}

/** finalizePathHeader of Envoy's config_impl.cc: the old path is said even where nothing matches. */
export function rewriteAllByEnvoy(
  { path, request }: Arrival,
  { pattern, to }: EnvoyRegexRewriteStep,
): Change {
  const sent = path.sent ?? request.target;
  const end = sent.search(/[?#]/);
  const [before, rest] = end < 0 ? [sent, ""] : [sent.slice(0, end), sent.slice(end)];
  const made = (to === undefined ? undefined : replaceAll(pattern, before, to)) ?? before;
  const requestHeaders: readonly HeaderLine[] = [["x-envoy-original-path", sent]];
  return { rewritten: { path: made + rest, target: made, escaping: "as-is" }, requestHeaders };
}
