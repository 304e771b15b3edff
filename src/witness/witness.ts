import type { Scheme } from "../model/decision.ts";
import type { Selection } from "../model/route/selection.ts";
import type { RouteTable } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { entryPointOf } from "../select/table.ts";
import { differingReaders } from "./incomplete.ts";
import { oddRequests } from "./odd.ts";
import { type Point, type PointsOf, pointsOf } from "./points.ts";
import type { Variation } from "./variation.ts";

/** A request that stands for all those that the tables treat alike. */
export interface Witness {
  readonly request: SampleRequest;
  /** What it stands for: `an element below /cart`. */
  readonly shows: string;
}

export interface Witnesses {
  /** Made while they are read; may be read again. */
  readonly requests: Iterable<Witness>;
  /**
   * Every request that two of the tables treat differently is represented by a witness that they treat differently. It is
   * about scheme, host, path, and what the tables ask of a request beside them.
   */
  readonly complete: boolean;
  /** The reasons why not; one sentence each. */
  readonly incomplete: readonly string[];
}

/**
 * The requests that tell tables apart: for each host and path their boundaries, and for each pair of routes what the
 * routes ask for. Their number grows with the number of rules.
 */
export function witnessesOf(tables: readonly RouteTable[]): Witnesses {
  const groups = schemesOf(tables).map((group) => pointsOf(group.tables, group));
  const planes = new Set(tables.map(({ plane }) => plane.name)).size === 1 ? "alike" : "different";
  const incomplete = [
    ...new Set([...differingReaders(tables), ...groups.flatMap((group) => group.incomplete)]),
  ];
  return {
    requests: { [Symbol.iterator]: () => requestsAt(groups, planes) },
    complete: incomplete.length === 0,
    incomplete,
  };
}

interface Selected {
  readonly schemes: readonly Scheme[];
  /** The table of each selection; one with several listeners is there for each. */
  readonly tables: readonly RouteTable[];
  readonly selections: readonly Selection[];
}

/** Schemes with the same selections need their hosts and paths only once. */
function schemesOf(tables: readonly RouteTable[]): readonly Selected[] {
  const [http, https] = (["http", "https"] as const).map((scheme) => selectedBy(scheme, tables));
  if (http === undefined || https === undefined) return [];
  const isOne =
    http.selections.length === https.selections.length &&
    http.selections.every((selection, at) => selection === https.selections[at]);
  return isOne ? [{ ...http, schemes: ["http", "https"] }] : [http, https];
}

/** With the listeners that share a port by the name in the handshake. */
function selectedBy(scheme: Scheme, tables: readonly RouteTable[]): Selected {
  const all = tables.flatMap((table) => {
    const first = entryPointOf(table, scheme);
    const points = first.serverName === undefined ? [first] : table.entryPoints;
    return points
      .filter((point) => point.port === first.port && point.gateway === first.gateway)
      .map(({ selection }) => ({ table, selection }));
  });
  return {
    schemes: [scheme],
    tables: all.map(({ table }) => table),
    selections: all.map(({ selection }) => selection),
  };
}

function* requestsAt(groups: readonly PointsOf[], planes: "alike" | "different"): Iterator<Witness> {
  const seen = new Set<string>();
  for (const { points } of groups)
    for (const point of points) {
      const witness = witnessAt(point);
      const key = keyOf(witness.request);
      if (seen.has(key)) continue;
      seen.add(key);
      yield witness;
    }
  const [first] = groups.flatMap(({ points }) => points.slice(0, 1));
  const served = groups.flatMap(({ served: path }) => path ?? [])[0];
  if (first === undefined) return;
  yield* oddRequests({ host: served?.host ?? first.host, served: served?.target ?? "/" }, planes);
}

function keyOf({ scheme, method, target, headers, bodySize, client, chance }: SampleRequest): string {
  return `${scheme} ${method} ${target} ${headers.join()} ${bodySize} ${client} ${chance}`;
}

function witnessAt({ scheme, host, target, shows, variation }: Point): Witness {
  const { method = "GET", bodySize, client, chance } = variation;
  const mark = target.includes("?") ? "&" : "?";
  return {
    request: {
      ...{ scheme, method, bodySize, client, chance },
      target: variation.query === undefined ? target : `${target}${mark}${variation.query}`,
      headers: headersOf(host, variation),
    },
    shows: variation.shows === "" ? shows : `${shows}, ${variation.shows}`,
  };
}

function headersOf(host: string, { headers = [], cookies, port }: Variation): SampleRequest["headers"] {
  const named = ["Host", port === true ? `${host}:8080` : host] as const;
  return cookies === undefined
    ? [named, ...headers]
    : [named, ...headers.filter(([name]) => name !== "Cookie"), ["Cookie", cookies.join("; ")]];
}
