import { append } from "../../append.ts";
import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { HostTable, Selection, VirtualHost } from "../../model/route/selection.ts";
import type { Route, TlsHost } from "../../model/route.ts";
import { PLAIN } from "../../plane/plain.ts";
import type { CompiledByController } from "../controller.ts";
import { httpAndHttps } from "../entry-points.ts";
import { refOf } from "../route.ts";
import { type Claimed, claimPath } from "./claims.ts";
import { KUBERNETES } from "./facts.ts";
import { resourceProblems } from "./resource-backends.ts";
import { virtualHostOf } from "./virtual-host.ts";

/** The specification knows no options either. */
const OPTIONS: ControllerOptions = { ...DEFAULT_CONTROLLER_OPTIONS, hsts: undefined };

/**
 * The Ingress specification as written: exact hosts before wildcards, the longest path, Exact before Prefix,
 * whole path elements, and the default backend without a match.
 *
 * Open points: `ImplementationSpecific` matches as Prefix, the oldest Ingress wins a conflict, and rules
 * without host apply if the request's host has no rule for the path. Source:
 * https://kubernetes.io/docs/concepts/services-networking/ingress/
 */
export function compileKubernetes(ingresses: readonly Ingress[]): CompiledByController {
  const problems: Problem[] = [];
  const claims = new Map<string, Claimed>([["", new Map()]]);
  for (const ingress of ingresses)
    for (const { host, paths } of ingress.spec.rules) {
      const claimed: Claimed = claims.get(host) ?? new Map();
      claims.set(host, claimed);
      for (const path of paths ?? []) claimPath(claimed, { ingress, host, path }, problems);
    }
  append(problems, ingresses.flatMap(resourceProblems));
  const fallback = ingresses.find(({ spec }) => spec.defaultBackend !== undefined);
  const any = virtualHostOf("", claims.get("") ?? new Map(), fallback);
  const named = [...claims].filter(([host]) => host !== "");
  const hosts = named.map(([host, claimed]) => ({ ...virtualHostOf(host, claimed, fallback), next: any }));
  const selection: Selection = { kind: "hosts", hosts: hostTable(hosts, any) };
  const table: CompiledByController["table"] = {
    controller: KUBERNETES.name,
    plane: PLAIN,
    options: OPTIONS,
    streams: [],
    entryPoints: httpAndHttps(selection),
    tlsHosts: tlsHosts(ingresses),
    tlsNames: new Set(),
    routes: ownRoutes([any, ...hosts]),
  };
  return { table, problems };
}

function hostTable(hosts: readonly VirtualHost[], any: VirtualHost): HostTable {
  const isWildcard = ({ name }: VirtualHost) => name.startsWith("*.");
  return {
    exact: new Map(hosts.filter((host) => !isWildcard(host)).map((host) => [host.name, host])),
    oneLabel: new Map(hosts.filter(isWildcard).map((host) => [host.name, host])),
    ...{ suffix: new Map(), prefix: new Map(), patterns: [] },
    ...{ any, star: "some" },
  };
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
