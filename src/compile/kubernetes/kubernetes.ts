import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import type { Problem } from "../../model/problem.ts";
import { reason } from "../../model/reason.ts";
import type { Ingress, IngressPath } from "../../model/resource.ts";
import type { Host, Location, Route, TlsHost } from "../../model/route.ts";
import { NGINX } from "../../plane/nginx.ts";
import type { CompiledByController } from "../controller.ts";
import { ingressName, problemOf } from "../problem.ts";
import {
  asPrefix,
  byLength,
  defaultBackendRoute,
  hostOf,
  isExact,
  notFoundRoute,
  pathAndType,
  pathRoute,
  type RouteParts,
  refOf,
} from "../route.ts";
import { KUBERNETES } from "./facts.ts";

/** The specification knows no annotations: nothing is limited, redirected or rewritten. Timeouts are nginx's. */
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
  const everywhere = claims.get("") ?? new Map();
  const hosts = [...claims].map(([host, claimed]) => writeHost(host, claimed, everywhere, fallback));
  const [defaultHost, ...named] = hosts;
  if (defaultHost === undefined) throw new Error("there is always a host for every other name");
  const isWildcard = ({ name }: Host) => name.startsWith("*.");
  const table: CompiledByController["table"] = {
    controller: KUBERNETES.name,
    plane: NGINX,
    options: OPTIONS,
    streams: [],
    exactHosts: new Map(named.filter((host) => !isWildcard(host)).map((host) => [host.name, host])),
    wildcardHosts: new Map(named.filter(isWildcard).map((host) => [host.name, host])),
    suffixHosts: new Map(),
    prefixHosts: new Map(),
    regexHosts: [],
    defaultHost,
    tlsHosts: tlsHosts(ingresses),
    tlsNames: new Set(),
    routes: ownRoutes(hosts),
  };
  return { table, problems };
}

function claim(claimed: Claimed, wanted: Claim, problems: Problem[]): void {
  const key = pathAndType({ path: wanted.path.path, exact: isExact(wanted.path.pathType) });
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

const NO_RULE_FOR_HOST = reason("no-rule-for-host", "no rule names this host");
const NO_RULE_FOR_PATH = reason("no-rule-for-path", "no path of this host covers this one");
const EXACT = [reason("exact-path", "the path is exactly this one")];
const LONGEST = [reason("longest-prefix", "it is the longest prefix of whole elements that covers the path")];

function writeHost(host: string, claimed: Claimed, everywhere: Claimed, fallback: Ingress | undefined): Host {
  const prefixes = new Set<string>();
  for (const { path } of claimed.values()) if (!isExact(path.pathType)) prefixes.add(asPrefix(path.path));
  const borrowed =
    host === ""
      ? []
      : [...everywhere].filter(
          ([key, { path }]) => !claimed.has(key) && !isBelow(asPrefix(path.path), prefixes),
        );
  const locations = [...claimed, ...borrowed].flatMap(([, one]) => locationsOf(one));
  const own = [...claimed.values()].find(({ ingress }) => ingress.spec.defaultBackend !== undefined);
  const owner = own?.ingress ?? fallback;
  const why = [host === "" ? NO_RULE_FOR_HOST : NO_RULE_FOR_PATH];
  const rest =
    owner === undefined ? notFoundRoute(host, PARTS, why) : defaultBackendRoute(owner, host, PARTS, why);
  const sorted = locations.sort(byPathAndKind);
  return hostOf(host || "_", [...sorted, { kind: "prefix", path: "/", route: rest }], {
    regex: false,
    slashless: new Map(),
    aliases: [],
  });
}

type PlainLocation = Exclude<Location, { kind: "regex" }>;

/** Longest first; an Exact before the exact half of a Prefix, which then never comes to use. */
function byPathAndKind(a: PlainLocation, b: PlainLocation): number {
  const rank = ({ route }: PlainLocation) => (route.rule?.pathType === "Exact" ? 0 : 1);
  return byLength(a, b) || rank(a) - rank(b);
}

/** A Prefix `/p` or `/p/` covers `/p`, `/p/` and all below. */
function locationsOf({ ingress, host, path }: Claim): PlainLocation[] {
  const written = path.path === "" ? "/" : path.path;
  const exact = isExact(path.pathType);
  const route = pathRoute(ingress, { host, path, regex: false }, PARTS, exact ? EXACT : LONGEST);
  if (exact) return [{ kind: "exact", path: written, route }];
  const prefix: PlainLocation = { kind: "prefix", path: asPrefix(written), route };
  return written === "/" ? [prefix] : [prefix, { kind: "exact", path: prefix.path.slice(0, -1), route }];
}

/** True of a prefix that is among others, or below one of them. */
function isBelow(prefix: string, others: ReadonlySet<string>): boolean {
  for (let end = prefix.length; end > 0; end = end < 2 ? 0 : prefix.lastIndexOf("/", end - 2) + 1)
    if (others.has(prefix.slice(0, end))) return true;
  return false;
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

function ownRoutes(hosts: readonly Host[]): readonly Route[] {
  const routes = new Map(
    hosts.flatMap(({ locations }) => locations.map(({ route }) => [route.id, route] as const)),
  );
  return [...routes.values()].filter(({ ingress }) => ingress !== undefined);
}
