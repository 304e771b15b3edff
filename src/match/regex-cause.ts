import type { RequestFacts } from "../model/decision.ts";
import type { Reason } from "../model/reason.ts";
import type { RouteTable } from "../model/route.ts";
import { hostNameOf } from "../request/host.ts";
import { findVirtualHost } from "../select/host.ts";
import { selectionFor } from "../select/table.ts";

/** What made every path of the request's host a regular expression; `undefined`: they are none. */
export function regexCause(table: RouteTable, facts: RequestFacts): Reason | undefined {
  const selection = selectionFor(table, facts);
  if (selection.kind === "list") return undefined;
  const { entries } = findVirtualHost(selection, hostNameOf(table, facts));
  const expression = entries.find(({ match, route }) => match.path.kind === "pattern" && route.rule?.regex);
  return expression?.route.why.find(({ code }) => code === "host-regex");
}
