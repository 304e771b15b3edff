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
  const groups = schemesOf(tables).map((group) => pointsOf(tables, group));
  const incomplete = [
    ...new Set([...differingReaders(tables), ...groups.flatMap((group) => group.incomplete)]),
  ];
  return {
    requests: { [Symbol.iterator]: () => requestsAt(groups) },
    complete: incomplete.length === 0,
    incomplete,
  };
}

/** Schemes with the same selections need their hosts and paths only once. */
function schemesOf(
  tables: readonly RouteTable[],
): readonly { readonly schemes: readonly Scheme[]; readonly selections: readonly Selection[] }[] {
  const [http, https] = (["http", "https"] as const).map((scheme) =>
    tables.map((table) => entryPointOf(table, scheme).selection),
  );
  if (http === undefined || https === undefined) return [];
  return http.every((selection, at) => selection === https[at])
    ? [{ schemes: ["http", "https"], selections: http }]
    : [
        { schemes: ["http"], selections: http },
        { schemes: ["https"], selections: https },
      ];
}

function* requestsAt(groups: readonly PointsOf[]): Iterator<Witness> {
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
  if (first !== undefined) yield* oddRequests(first.host);
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
