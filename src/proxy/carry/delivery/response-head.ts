import type { ForwardDecision, HeaderLine } from "../../../model/decision.ts";
import type { SpokenBy } from "../../../model/plane.ts";
import { hostName } from "../../../request/host.ts";
import { carriedBeside } from "../../exchange/carried.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { firstOf, withLines } from "../../exchange/header-lines.ts";
import type { Carrying } from "../carrying.ts";
import { responseHeaders } from "./response-headers.ts";
import { rewriteResponse } from "./response-rewrites.ts";

/**
 * A backend's headers for the client, names and values alternating, and their announced length (-1: none).
 */
export function clientHeaders(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  raw: readonly (Buffer | string)[],
  by: SpokenBy = "proxy",
): { readonly headers: string[]; readonly length: number } {
  const { kept, length } = responseHeaders(exchange.plane, raw, by);
  if (decision.responseRewrites !== undefined)
    rewriteResponse(kept, decision.responseRewrites, (path) => absolute(context, exchange, decision, path));
  const own = withLines(kept, responseLines(decision, raw));
  for (const [name, value] of decision.responseRewrites?.beside ?? []) own.push(name, value);
  for (const line of decision.responseRewrites?.listed ?? []) listIn(own, line);
  for (const [name, value] of exchange.plane.everywhere ?? []) own.push(name, value);
  const { addedHeaders, inner } = exchange;
  const lines = inner === undefined ? own : [...carriedBeside(exchange, own), ...own];
  // Lua set them before the backend was asked, so a session's cookie precedes the backend's own (sticky.lua).
  return { headers: addedHeaders === undefined ? lines : [...addedHeaders.flat(), ...lines], length };
}

/** The first line of the name gets the value as well; all others go (Go's Header.Get and Header.Set). */
function listIn(own: string[], [name, value]: HeaderLine): void {
  const isOne = (at: number) => at % 2 === 0 && own[at]?.toLowerCase() === name.toLowerCase();
  const first = own.findIndex((_, at) => isOne(at));
  if (first < 0) {
    own.push(name, value);
    return;
  }
  const before = own[first + 1] ?? "";
  if (before !== value) own[first + 1] = before === "" ? value : `${before},${value}`;
  for (let at = own.length - 2; at > first; at -= 2) if (isOne(at)) own.splice(at, 2);
}

/** The decision's headers, with the backend's `Server` in place of nginx's if that is passed on. */
function responseLines(
  { responseHeaders: lines, backendServer }: ForwardDecision,
  raw: readonly (Buffer | string)[],
): ForwardDecision["responseHeaders"] {
  const own = backendServer === undefined ? undefined : firstOf(raw, "server");
  if (own === undefined || own === "") return lines;
  return lines?.map((line) => (line[0] === "Server" ? ([line[0], own] as const) : line));
}

/**
 * A path as a URL on this host (ngx_http_header_filter; `port_in_redirect off`, so the cluster's has no
 * port), unless `relative-redirects` keeps it.
 */
function absolute(
  context: Carrying,
  { scheme, host }: Exchange,
  { route }: ForwardDecision,
  path: string,
): string {
  if (route.transport.relativeRedirects === true) return path;
  const name = hostName(host);
  const port = context.exact ? "" : `:${context.ports()[scheme]}`;
  return `${scheme}://${name}${port}${path}`;
}
