import { reason } from "../../model/reason.ts";
import type { Ingress } from "../../model/resource.ts";
import type { Action } from "../../model/route/action.ts";
import type { RouteEntry, RouteMatch, VirtualHost } from "../../model/route/selection.ts";
import type { Transport } from "../../model/route/transport.ts";
import { type Backend, routeWith } from "../../model/route.ts";
import { rankOrder } from "../../select/rank-order.ts";
import type { Step } from "../../step/step.ts";
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
import { type Claim, type Claimed, comparable } from "./claims.ts";
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

/** A host (`""`: every other) with its own paths, and the default backend behind them. */
export function virtualHostOf(host: string, claimed: Claimed, fallback: Ingress | undefined): VirtualHost {
  const own = [...claimed.values()].find(({ ingress }) => ingress.spec.defaultBackend !== undefined);
  const owner = own?.ingress ?? fallback;
  const why = [host === "" ? NO_RULE_FOR_HOST : NO_RULE_FOR_PATH];
  const route =
    owner === undefined
      ? routeWith(notFoundRoute(host, partsTo(undefined), why), { why: [...why, NO_DEFAULT_BACKEND] })
      : defaultBackendRoute(owner, host, partsTo(backendOf(owner, owner.spec.defaultBackend)), [
          ...why,
          ...noService(owner.spec.defaultBackend),
        ]);
  const entries = entriesOf([...claimed.values()]);
  const miss: RouteEntry = { kind: "route", match: { path: { kind: "any" } }, rank: entries.length, route };
  return { name: host || "_", before: [], entries, index: rankOrder(entries), miss };
}

/** Listed with the longest first. An exact path outranks every prefix; it is as long as the request's own. */
function entriesOf(claims: readonly Claim[]): readonly RouteEntry[] {
  const drafts = claims.map((claim) => draftOf(claim)).sort(byLength);
  const ranked = [...drafts.filter(({ exact }) => exact), ...drafts.filter(({ exact }) => !exact)];
  const ranks = new Map(ranked.map((draft, rank) => [draft, rank]));
  return drafts.map((draft) => {
    const { match, route } = draft;
    return { kind: "route", match, route, rank: ranks.get(draft) ?? 0 };
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
  return { path: exact ? written : asPrefix(written), exact, match, route };
}
