import { reason } from "../../model/reason.ts";
import type { Ingress } from "../../model/resource.ts";
import type { Action } from "../../model/route/action.ts";
import type { RouteEntry, RouteMatch, VirtualHost } from "../../model/route/selection.ts";
import type { Transport } from "../../model/route/transport.ts";
import { type Backend, type Route, routeWith } from "../../model/route.ts";
import { rankOrder } from "../../select/rank-order.ts";
import type { Step } from "../../step/step.ts";
import type { Steps } from "../../steps.ts";
import type { OwnRoute } from "../controller.ts";
import { type LongQuery, longQuery } from "../query.ts";
import {
  asPrefix,
  backendOf,
  byLength,
  defaultBackendRoute,
  isExact,
  notFoundRoute,
  pathRoute,
  type RouteParts,
} from "../route.ts";
import { CLAIMS, type Claim, comparable } from "./claims.ts";
import { FALLBACK } from "./given.ts";
import { noService } from "./resource-backends.ts";

/** The specification knows no annotations: nothing is limited, redirected or rewritten. It has no timeouts: a minute is long. */
const NO_STEPS: readonly Step[] = [];
const TRANSPORT: Transport = {
  protocol: "HTTP",
  bodyLimit: 0,
  connectTimeoutMs: 5_000,
  readTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
};
const NOT_FOUND: Action = { kind: "respond", status: 404, why: [] };

/** 404 where there is no Service to forward to: no backend at all, or a `resource`. */
function partsTo(backend: Backend | undefined): RouteParts {
  const action: Action =
    backend === undefined ? NOT_FOUND : { kind: "forward", shares: [{ backend, weight: 1 }] };
  return { steps: NO_STEPS, action, transport: TRANSPORT };
}

const NO_RULE_FOR_HOST = reason("no-rule-for-host", "no rule names this host");
const NO_RULE_FOR_PATH = reason("no-rule-for-path", "no path of this host covers this one");
const NO_DEFAULT_BACKEND = reason(
  "controller-default-backend",
  "there is no defaultBackend: the specification leaves the answer to the controller, and here it is 404",
);
const EXACT = [reason("exact-path", "the path is exactly this one")];
const LONGEST = [reason("longest-prefix", "it is the longest prefix of whole elements that covers the path")];

interface WrittenHost {
  readonly host: VirtualHost;
  /** Routes of Ingresses, in the order of entries, the default backend last. */
  readonly routes: readonly OwnRoute[];
}

/** A host with its own paths, and the default backend behind them, then rules without host. `""`: every other host */
export const HOST_OF_RULES: LongQuery<string, WrittenHost> = longQuery("host", function* (name, ask) {
  const alone = yield* ask.inSteps(HOST_ALONE, name);
  if (name === "") return alone;
  const { host: next } = yield* ask.inSteps(HOST_ALONE, "");
  return { host: { ...alone.host, next }, routes: alone.routes };
});

const HOST_ALONE = longQuery<string, WrittenHost>("host by itself", function* (host, ask) {
  const { claimed } = yield* ask.inSteps(CLAIMS, host);
  const own = claimed.find(({ ingress }) => ingress.spec.defaultBackend !== undefined);
  const owner = own?.ingress ?? ask.for(FALLBACK);
  const written = yield* entriesOf(claimed);
  const entries = written.map(({ entry }) => entry);
  const route = missRoute(host, owner);
  const miss: RouteEntry = { kind: "route", match: { path: { kind: "any" } }, rank: entries.length, route };
  const index = rankOrder(entries);
  yield* index.prepare();
  const routes = written.map(({ ingress, entry }) => ({ ingress, route: entry.route }));
  if (owner !== undefined) routes.push({ ingress: owner, route });
  return { host: { name: host || "_", before: [], entries, index, miss }, routes };
});

function missRoute(host: string, owner: Ingress | undefined): Route {
  const why = [host === "" ? NO_RULE_FOR_HOST : NO_RULE_FOR_PATH];
  if (owner === undefined)
    return routeWith(notFoundRoute(host, partsTo(undefined), why), { why: [...why, NO_DEFAULT_BACKEND] });
  return defaultBackendRoute(owner, host, partsTo(backendOf(owner, owner.spec.defaultBackend)), [
    ...why,
    ...noService(owner.spec.defaultBackend),
  ]);
}

/** How many paths are written in a step. */
const AT_ONCE = 100;

/** Listed with the longest first. An exact path outranks every prefix; it is as long as the request's own. */
function* entriesOf(
  claims: readonly Claim[],
): Steps<readonly { readonly ingress: Ingress; readonly entry: RouteEntry }[]> {
  const written: ReturnType<typeof draftOf>[] = [];
  for (const [at, claim] of claims.entries()) {
    written.push(draftOf(claim));
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  const drafts = yield* byLength(written);
  const ranked = [...drafts.filter(({ exact }) => exact), ...drafts.filter(({ exact }) => !exact)];
  const ranks = new Map(ranked.map((draft, rank) => [draft, rank]));
  return drafts.map((draft) => {
    const { ingress, match, route } = draft;
    return { ingress, entry: { kind: "route", match, route, rank: ranks.get(draft) ?? 0 } };
  });
}

/** A Prefix `/p` or `/p/` covers `/p`, `/p/` and all below, and is as long as `/p/`. */
function draftOf({ ingress, host, path }: Claim) {
  const written = path.path === "" ? "/" : path.path;
  const exact = isExact(path.pathType);
  const parts = partsTo(backendOf(ingress, path.backend));
  const route = pathRoute(ingress, { host, path, regex: false }, parts, [
    ...(exact ? EXACT : LONGEST),
    ...noService(path.backend),
  ]);
  const kind = exact ? "exact" : "prefix-element";
  const match: RouteMatch = { path: { kind, path: comparable(path.path) } };
  return { ingress, path: exact ? written : asPrefix(written), exact, match, route };
}
