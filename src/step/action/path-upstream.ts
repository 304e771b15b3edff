import { escapeUri } from "../../request/path.ts";
import type { Arrival } from "../arrival.ts";

/** The raw target unless rewritten; an inner one is escaped again (proxy_pass without a URI). */
export function pathUpstream({
  rewritten,
  path,
  request,
}: Pick<Arrival, "rewritten" | "path" | "request">): string {
  if (rewritten?.escaping === "as-is") return rewritten.path;
  if (rewritten !== undefined) return escapeUri(rewritten.path) + withMark(path.query);
  const { inner, target } = request;
  return inner === undefined ? (path.sent ?? target) : escapeUri(inner.path) + withMark(inner.query);
}

function withMark(query: string): string {
  return query === "" ? "" : `?${query}`;
}
