import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import type { Problem } from "../../model/problem.ts";
import { reason } from "../../model/reason.ts";
import type { Ingress, IngressPath } from "../../model/resource.ts";
import type { Route, TlsHost } from "../../model/route.ts";
import type { HostTable, RouteEntry, RouteMatch, Selection, VirtualHost } from "../../model/selection.ts";
import { comparablePath } from "../../plane/plain/read-path.ts";
import { PLAIN } from "../../plane/plain.ts";
import { pathBytes } from "../../request/path.ts";
import { rankOrder } from "../../select/rank-order.ts";
import type { CompiledByController } from "../controller.ts";
import { ingressName, problemOf } from "../problem.ts";
import {
  asPrefix,
  byLength,
  defaultBackendRoute,
  isExact,
  notFoundRoute,
  pathAndType,
  pathRoute,
  type RouteParts,
  refOf,
} from "../route.ts";
import { KUBERNETES } from "./facts.ts";

/** The specification knows no annotations: nothing is limited, redirected or rewritten. It has no timeouts: a minute is long. */
const PARTS: RouteParts = {
  settings: { sslRedirect: "never" },
  transport: {
    protocol: "HTTP",
    bodyLimit: 0,
    connectTimeoutMs: 5_000,
    readTimeoutMs: 60_000,
    sendTimeoutMs: 60_000,
  },
};

/** The specification knows no options either. */
const OPTIONS: ControllerOptions = { ...DEFAULT_CONTROLLER_OPTIONS, hsts: undefined };

/** The paths of one host, by path and type. */
type Claimed = Map<string, Claim>;

interface Claim {
  readonly ingress: Ingress;
  readonly host: string;
  readonly path: IngressPath;
}

/**
 * The Ingress specification as written: exact hosts before wildcards, the longest path, Exact before Prefix, whole
 * path elements, and the default backend for whatever no rule matches.
 *
 * Where the specification leaves it open, `ImplementationSpecific` is matched as Prefix, the oldest Ingress wins a
 * conflict, and a rule without host applies where the request's own host has no rule for the path.
 * Source: https://kubernetes.io/docs/concepts/services-networking/ingress/
 */
export function compileKubernetes(ingresses: readonly Ingress[]): CompiledByController {
  const problems: Problem[] = [];
  const claims = new Map<string, Claimed>([["", new Map()]]);
  for (const ingress of ingresses)
    for (const { host, paths } of ingress.spec.rules) {
      const claimed: Claimed = claims.get(host) ?? new Map();
      claims.set(host, claimed);
      for (const path of paths ?? []) claim(claimed, { ingress, host, path }, problems);
    }
  const fallback = ingresses.find(({ spec }) => spec.defaultBackend !== undefined);
  const any = writeHost("", claims.get("") ?? new Map(), fallback);
  const named = [...claims].filter(([host]) => host !== "");
  const hosts = named.map(([host, claimed]) => ({ ...writeHost(host, claimed, fallback), next: any }));
  const selection: Selection = { kind: "hosts", hosts: hostTable(hosts, any) };
  const table: CompiledByController["table"] = {
    controller: KUBERNETES.name,
    plane: PLAIN,
    options: OPTIONS,
    streams: [],
    entryPoints: [
      { name: "http", scheme: "http", port: 80, selection },
      { name: "https", scheme: "https", port: 443, selection },
    ],
    tlsHosts: tlsHosts(ingresses),
    tlsNames: new Set(),
    routes: ownRoutes([any, ...hosts]),
  };
  return { table, problems };
}

function claim(claimed: Claimed, wanted: Claim, problems: Problem[]): void {
  const key = keyOf(wanted.path);
  const same = claimed.get(key);
  if (same === undefined) {
    claimed.set(key, wanted);
    return;
  }
  problems.push(
    problemOf(wanted.ingress, {
      code: "duplicate-path",
      level: "warning",
      field: wanted.path.field,
      message: `host "${wanted.host || "*"}" and path "${wanted.path.path}" is already defined in ingress ${ingressName(same.ingress)}: this path of ${ingressName(wanted.ingress)} is never used`,
      fix: "Remove one of the two; the specification leaves open which of them wins.",
    }),
  );
}

/** Of equal paths of a host one alone is used; a slash at the end of a Prefix does not count. */
function keyOf({ path, pathType }: IngressPath): string {
  const compared = comparable(path);
  const exact = isExact(pathType);
  return pathAndType({ path: exact ? compared : asPrefix(compared), exact });
}

/** A path as it is compared with those of requests. */
function comparable(path: string): string {
  return comparablePath(pathBytes(path === "" ? "/" : path));
}

const NO_RULE_FOR_HOST = reason("no-rule-for-host", "no rule names this host");
const NO_RULE_FOR_PATH = reason("no-rule-for-path", "no path of this host covers this one");
const NO_DEFAULT_BACKEND = reason(
  "controller-default-backend",
  "there is no defaultBackend: the specification leaves the answer to the controller, and here it is 404",
);
const EXACT = [reason("exact-path", "the path is exactly this one")];
const LONGEST = [reason("longest-prefix", "it is the longest prefix of whole elements that covers the path")];

function hostTable(hosts: readonly VirtualHost[], any: VirtualHost): HostTable {
  const isWildcard = ({ name }: VirtualHost) => name.startsWith("*.");
  return {
    exact: new Map(hosts.filter((host) => !isWildcard(host)).map((host) => [host.name, host])),
    oneLabel: new Map(hosts.filter(isWildcard).map((host) => [host.name, host])),
    ...{ suffix: new Map(), prefix: new Map(), patterns: [] },
    ...{ any, star: "some" },
  };
}

function writeHost(host: string, claimed: Claimed, fallback: Ingress | undefined): VirtualHost {
  const own = [...claimed.values()].find(({ ingress }) => ingress.spec.defaultBackend !== undefined);
  const owner = own?.ingress ?? fallback;
  const why = [host === "" ? NO_RULE_FOR_HOST : NO_RULE_FOR_PATH];
  const route =
    owner === undefined
      ? { ...notFoundRoute(host, PARTS, why), why: [...why, NO_DEFAULT_BACKEND] }
      : defaultBackendRoute(owner, host, PARTS, why);
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
  const route = pathRoute(ingress, { host, path, regex: false }, PARTS, exact ? EXACT : LONGEST);
  const kind = exact ? "exact" : "prefix-element";
  const match: RouteMatch = { path: { kind, path: comparable(path.path) } };
  return { path: exact ? written : asPrefix(written), exact, match, route };
}

function tlsHosts(ingresses: readonly Ingress[]): readonly TlsHost[] {
  return ingresses.flatMap((ingress) =>
    ingress.spec.tls.flatMap(({ hosts, secretName, field }) =>
      secretName === undefined
        ? []
        : hosts.map((host) => ({
            host: host.toLowerCase(),
            namespace: ingress.metadata.namespace,
            secretName,
            ingress: refOf(ingress, field),
          })),
    ),
  );
}

function ownRoutes(hosts: readonly VirtualHost[]): readonly Route[] {
  const entries = hosts.flatMap((host) => [...host.entries, host.miss]);
  const routes = new Map(entries.map(({ route }) => [route.id, route]));
  return [...routes.values()].filter(({ ingress }) => ingress !== undefined);
}
