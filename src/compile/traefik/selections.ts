import { reason } from "../../model/reason.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import type { EntryPoint, RouteEntry, Selection } from "../../model/route/selection.ts";
import type { Route } from "../../model/route.ts";
import { rankOrder } from "../../select/rank-order.ts";
import type { Step } from "../../step/step.ts";
import type { Steps } from "../../steps.ts";
import { PROVIDERS } from "./facts.ts";
import type { TraefikEntry, TraefikFlags } from "./flags.ts";
import { Lost } from "./lost.ts";
import { chainOf } from "./middlewares.ts";
import type { TraefikObjects } from "./objects.ts";
import { type BuiltRouter, withStepsBefore } from "./routers/built.ts";
import { priorityOf, type Router } from "./routers/router.ts";
import { TRANSPORT } from "./services/target.ts";
import type { TlsOfEntry } from "./tls/by-name.ts";

const NOT_FOUND: Route = {
  id: "404 page not found",
  steps: [],
  action: { kind: "respond", status: 404, why: [] },
  transport: TRANSPORT,
  why: [reason("controller-default-backend", "no router matches: Traefik answers 404")],
};

/** Routers with their ranks. */
interface Ranked {
  readonly routers: readonly BuiltRouter[];
  readonly rankOf: ReadonlyMap<BuiltRouter, number>;
}

/** An entry point of each name and scheme; routers with TLS answer https alone, others http alone. */
export function* entryPointsOf(
  built: readonly BuiltRouter[],
  tlsOf: (entry: TraefikEntry) => TlsOfEntry | undefined,
  objects: TraefikObjects,
): Steps<readonly EntryPoint[]> {
  const { flags } = objects;
  const ranked = rankedBy(built, flags);
  const first: EntryPoint[] = [];
  const second: EntryPoint[] = [];
  let last: { readonly routers: readonly BuiltRouter[]; readonly selection: Selection } | undefined;
  for (const entry of flags.entries) {
    const before = stepsBefore(entry, objects);
    for (const scheme of ["http", "https"] as const) {
      const routers =
        before instanceof Lost
          ? []
          : ranked.routers.filter(
              ({ router, entryPoints }) =>
                entryPoints.includes(entry.name) &&
                (router.tls !== undefined || entry.tls) === (scheme === "https"),
            );
      yield;
      const own = scheme === "https" ? tlsOf(entry) : undefined;
      const checks: readonly Step[] = own === undefined ? [] : [{ kind: "misdirected", byName: own.byName }];
      const steps = before instanceof Lost ? checks : [...checks, ...before];
      const isSame = steps.length === 0 && last !== undefined && areEqual(last.routers, routers);
      const selection: Selection =
        isSame && last !== undefined ? last.selection : yield* selectionOf(routers, ranked, steps, own);
      if (steps.length === 0) last = { routers, selection };
      const isUsual = (scheme === "https") === entry.tls;
      (isUsual ? first : second).push({ name: entry.name, scheme, port: entry.port, selection });
    }
  }
  return [...first, ...second];
}

function areEqual(a: readonly BuiltRouter[], b: readonly BuiltRouter[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}

/** `http.middlewares`, `http.encodedCharacters`: a broken one loses all routers of the entry point. */
function stepsBefore(
  { name, middlewares, refusedEscapes }: TraefikEntry,
  objects: TraefikObjects,
): readonly Step[] | Lost {
  const chain = chainOf(middlewares, "kubernetescrd", objects, `entry point ${name}`);
  if (chain instanceof Lost) return chain;
  const by = `entry point ${name}`;
  const escapes: readonly Step[] =
    refusedEscapes.length === 0 ? [] : [{ kind: "refused-escapes", escapes: refusedEscapes, by }];
  return [...escapes, ...chain.steps];
}

/** Highest priority first, then by `providers.precedence`; equal ranks are drawn. */
function rankedBy(built: readonly BuiltRouter[], { precedence }: TraefikFlags): Ranked {
  const keyed = built.map((each) => ({ each, key: keyOf(each.router, precedence) }));
  keyed.sort((a, b) => compareKeys(a.key, b.key));
  const rankOf = new Map<BuiltRouter, number>();
  let rank = -1;
  let before: readonly bigint[] | undefined;
  for (const { each, key } of keyed) {
    if (before === undefined || compareKeys(before, key) !== 0) rank += 1;
    before = key;
    rankOf.set(each, rank);
  }
  return { routers: keyed.map(({ each }) => each), rankOf };
}

/** Smaller comes first. Children stand where their parent stands. */
function keyOf(router: Router, precedence: readonly string[]): readonly bigint[] {
  const parents = (router.behind ?? []).flatMap((parent) => keyOf(parent, precedence));
  const at = precedence.indexOf(PROVIDERS[router.provider]);
  return [...parents, -priorityOf(router), BigInt(at < 0 ? precedence.length : at)];
}

function compareKeys(a: readonly bigint[], b: readonly bigint[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [one, other] = [a[at], b[at]];
    // A parent answers where none of its children does.
    if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? 1 : -1;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/** How many routers are written in a step. */
const AT_ONCE = 500;

function* selectionOf(
  routers: readonly BuiltRouter[],
  { rankOf }: Ranked,
  before: readonly Step[],
  own: TlsOfEntry | undefined,
): Steps<Selection> {
  const entries: RouteEntry[] = [];
  for (const [at, each] of routers.entries()) {
    const route = before.length === 0 ? each.route : withStepsBefore(each, before);
    entries.push({ kind: "route", match: each.router.match, route, rank: rankOf.get(each) ?? 0 });
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  const index = rankOrder(entries, { ties: "drawn", star: "none" });
  yield* index.prepare();
  const miss: RouteEntry = {
    kind: "route",
    match: { path: { kind: "any" } },
    rank: Number.POSITIVE_INFINITY,
    route: NOT_FOUND,
  };
  const handshakes: readonly HostStep[] =
    own === undefined ? [] : [{ kind: "tls-options", byName: own.byName }];
  return { kind: "list", host: { name: "_", before: handshakes, entries, index, miss }, tls: own?.tls };
}
