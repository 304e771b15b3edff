import type { ConditionPlace, PathAsked, RouteDraft } from "./draft.ts";

/** Routes of a virtual host in Envoy's order. Those of one group are put in an order that a Go map decides. */
export function inEnvoysOrder<T>(
  routes: readonly T[],
  draftOf: (route: T) => RouteDraft,
  isWildcard: boolean,
): readonly (readonly T[])[] {
  const placed = routes.map((route) => ({ route, place: placeOf(draftOf(route), isWildcard) }));
  placed.sort((a, b) => compared(a.place, b.place));
  const groups: T[][] = [];
  for (const [at, { route, place }] of placed.entries()) {
    const before = placed[at - 1];
    if (before !== undefined && compared(before.place, place) === 0) groups.at(-1)?.push(route);
    else groups.push([route]);
  }
  return groups;
}

interface RoutePlace {
  readonly path: PathAsked;
  readonly asksMethod: boolean;
  /** But the method, in order. */
  readonly headers: readonly ConditionPlace[];
  readonly queries: readonly ConditionPlace[];
}

/** The condition for one label of a wildcard's host (wildcardDomainHeaderMatch). */
const ONE_LABEL: ConditionPlace = { name: ":authority", test: 1, value: "", isLater: false };

function placeOf({ path, asked, isOwn }: RouteDraft, isWildcard: boolean): RoutePlace {
  const of = (kind: "header" | "query") => asked.filter((each) => each.of === kind).map(({ place }) => place);
  const headers = [...of("header"), ...(isWildcard && isOwn !== false ? [ONE_LABEL] : [])];
  return {
    path,
    asksMethod: headers.some(({ name }) => name === ":method"),
    headers: headers.filter(({ name }) => name !== ":method").sort(comparedConditions),
    queries: of("query").sort(comparedConditions),
  };
}

/**
 * Exact paths, expressions, prefixes; then the longest text, the last by its characters, elements before characters,
 * one that asks for a method, more headers, more queries (internal/sorter/sorter.go). 0: production draws the order
 */
function compared(a: RoutePlace, b: RoutePlace): number {
  const classOf = ({ path: { kind } }: RoutePlace) => (kind === "exact" ? 0 : kind === "regex" ? 1 : 2);
  const kind = classOf(a) - classOf(b);
  if (kind !== 0) return kind;
  const { text: one } = a.path;
  const { text: other } = b.path;
  if (a.path.kind !== "exact" && one.length !== other.length) return other.length - one.length;
  if (one !== other) return one > other ? -1 : 1;
  if (a.path.kind !== b.path.kind) return a.path.kind === "element" ? -1 : 1;
  return (
    Number(b.asksMethod) - Number(a.asksMethod) ||
    b.headers.length - a.headers.length ||
    b.queries.length - a.queries.length ||
    Number(isBefore(b, a)) - Number(isBefore(a, b))
  );
}

/** One pair is enough, whatever the others say: two routes may both come before each other. */
function isBefore(a: RoutePlace, b: RoutePlace): boolean {
  return (["headers", "queries"] as const).some((of) =>
    a[of].some((each, at) => {
      const other = b[of][at];
      return other !== undefined && comparedConditions(each, other) < 0;
    }),
  );
}

function comparedConditions(a: ConditionPlace, b: ConditionPlace): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.test !== b.test) return a.test - b.test;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return Number(a.isLater) - Number(b.isLater);
}
