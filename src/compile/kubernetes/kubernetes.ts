import { append } from "../../append.ts";
import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { HostTable, Selection, VirtualHost } from "../../model/route/selection.ts";
import type { TlsHost } from "../../model/route.ts";
import { PLAIN } from "../../plane/plain.ts";
import type { Steps } from "../../steps.ts";
import type { CompiledByController, OwnRoute } from "../controller.ts";
import { type Revision, supplied } from "../memory.ts";
import { httpAndHttps } from "../shared/entry-points.ts";
import { CLAIMS } from "./claims.ts";
import { KUBERNETES } from "./facts.ts";
import { FALLBACK, INGRESSES_OF } from "./given.ts";
import { SPECIFIED } from "./specified.ts";
import { HOST_OF_RULES } from "./virtual-host.ts";

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
export function* compileKubernetes(
  ingresses: readonly Ingress[],
  revision: Revision,
): Steps<CompiledByController> {
  const byHost = yield* ingressesByHost(ingresses);
  const fallback = ingresses.find(({ spec }) => spec.defaultBackend !== undefined);
  yield* revision.supply(
    supplied(INGRESSES_OF, (host) => byHost.get(host)),
    supplied(FALLBACK, () => fallback),
  );
  const problems: Problem[] = [];
  const hosts: VirtualHost[] = [];
  const routes: OwnRoute[] = [];
  for (const name of byHost.keys()) {
    append(problems, (yield* revision.inSteps(CLAIMS, name)).problems);
    const written = yield* revision.inSteps(HOST_OF_RULES, name);
    hosts.push(written.host);
    append(routes, written.routes);
    yield;
  }
  const tlsHosts: TlsHost[] = [];
  for (const ingress of ingresses) {
    const own = revision.for(SPECIFIED, ingress);
    append(problems, own.problems);
    append(tlsHosts, own.tlsHosts);
    yield;
  }
  const selection: Selection = { kind: "hosts", hosts: hostTable(hosts) };
  const table: CompiledByController["table"] = {
    controller: KUBERNETES.name,
    plane: PLAIN,
    options: OPTIONS,
    streams: [],
    entryPoints: httpAndHttps(selection),
    tlsHosts,
    tlsNames: NO_NAMES,
  };
  return { table, routes, problems };
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** The host of every name first. */
function* ingressesByHost(ingresses: readonly Ingress[]): Steps<ReadonlyMap<string, readonly Ingress[]>> {
  const byHost = new Map<string, Ingress[]>([["", []]]);
  for (const ingress of ingresses) {
    for (const { host } of ingress.spec.rules) {
      const list = byHost.get(host);
      if (list === undefined) byHost.set(host, [ingress]);
      else if (list.at(-1) !== ingress) list.push(ingress);
    }
    yield;
  }
  return byHost;
}

function hostTable([any, ...hosts]: readonly VirtualHost[]): HostTable {
  if (any === undefined) throw new Error("there is always a host for every name");
  const isWildcard = ({ name }: VirtualHost) => name.startsWith("*.");
  return {
    exact: new Map(hosts.filter((host) => !isWildcard(host)).map((host) => [host.name, host])),
    oneLabel: new Map(hosts.filter(isWildcard).map((host) => [host.name, host])),
    ...{ suffix: new Map(), prefix: new Map(), patterns: [] },
    ...{ any, star: "some" },
  };
}
