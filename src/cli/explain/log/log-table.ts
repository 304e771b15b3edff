import type { Route, RouteTable } from "../../../model/route.ts";
import { bytesAsText } from "../../../request/utf8.ts";
import type { Said } from "../../recorded/said.ts";
import type { PlacedRequest } from "./place.ts";

/** The lines that one rule takes. */
export interface RuleCount {
  /** default: no rule */
  readonly route: Route | undefined;
  count: number;
  contradicted: number;
  readonly statuses: Map<number, number>;
}

export interface Contradiction {
  readonly line: number;
  readonly request: { readonly method: string; readonly url: string };
  readonly recorded: Said;
  readonly now: Said;
}

/** A number of lines, and the first of them. */
export interface LineCount {
  count: number;
  first: number | undefined;
}

/** What a log comes to. Its size does not grow with the log's. */
export interface LogTable {
  lines: number;
  requests: number;
  /** Most lines first; then rules that none takes. */
  readonly rules: () => readonly RuleCount[];
  readonly unruled: RuleCount;
  /** Some hosts of requests that no rule takes. */
  readonly unruledHosts: ReadonlySet<string>;
  contradicted: number;
  /** The first ones. */
  readonly contradictions: readonly Contradiction[];
  /** Of a form that is not known. */
  readonly unread: LineCount;
  /** They tell of no request. */
  readonly others: LineCount;
  /** They name no host, and nothing else tells it. */
  readonly hostless: LineCount;
  readonly add: (placed: PlacedRequest) => void;
}

const MOST_CONTRADICTIONS = 20;
const MOST_HOSTS = 5;

export function createLogTable({ routes }: Pick<RouteTable, "routes">): LogTable {
  const byRoute = new Map<string, RuleCount>();
  for (const route of routes) if (route.rule !== undefined) byRoute.set(route.id, counted(route));
  const unruled = counted(undefined);
  const unruledHosts = new Set<string>();
  const contradictions: Contradiction[] = [];
  const none = (): LineCount => ({ count: 0, first: undefined });
  const rowOf = (route: Route | undefined) => {
    if (route?.ingress === undefined) return unruled;
    const known = byRoute.get(route.id) ?? counted(route);
    byRoute.set(route.id, known);
    return known;
  };
  const table: LogTable = {
    lines: 0,
    requests: 0,
    rules: () => [...byRoute.values()].sort((a, b) => b.count - a.count),
    ...{ unruled, unruledHosts, contradicted: 0, contradictions },
    ...{ unread: none(), others: none(), hostless: none() },
    add({ request, outcome, contradiction }) {
      const { scheme, host, target, method, line } = request;
      const row = rowOf(outcome.decision.route);
      const status = request.answer?.status ?? 0;
      table.requests++;
      row.count++;
      row.statuses.set(status, (row.statuses.get(status) ?? 0) + 1);
      if (row === unruled && unruledHosts.size < MOST_HOSTS) unruledHosts.add(bytesAsText(host));
      if (contradiction === undefined) return;
      table.contradicted++;
      row.contradicted++;
      const url = bytesAsText(`${scheme}://${host}${target}`);
      if (contradictions.length < MOST_CONTRADICTIONS)
        contradictions.push({ line, request: { method, url }, ...contradiction });
    },
  };
  return table;
}

function counted(route: Route | undefined): RuleCount {
  return { route, count: 0, contradicted: 0, statuses: new Map() };
}

export function addLine(lines: LineCount, line: number): void {
  lines.count++;
  lines.first ??= line;
}
