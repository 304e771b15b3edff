import type { HeaderLine } from "../../model/decision.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Replaces what a route matched of the path (`prefix_rewrite`). */
export interface EnvoyRewriteStep {
  readonly kind: "envoy-rewrite";
  /** The beginning that is replaced; the whole path if absent. One char per byte, as `to`. */
  readonly from?: string | undefined;
  /** Sent as written. */
  readonly to: string;
}

export function rewriteByEnvoy({ path, request }: Arrival, { from, to }: EnvoyRewriteStep): Change {
  const sent = path.sent ?? request.target;
  const rest = from === undefined ? sent.slice(path.path.length) : sent.slice(from.length);
  const requestHeaders: readonly HeaderLine[] = [["x-envoy-original-path", sent]];
  return { rewritten: { path: to + rest, target: to, escaping: "as-is" }, requestHeaders };
}
