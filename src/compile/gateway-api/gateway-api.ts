import { append } from "../../append.ts";
import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import { jsonFields } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { EntryPoint } from "../../model/route/selection.ts";
import type { StreamRoute } from "../../model/route/stream.ts";
import type { TlsHost } from "../../model/route.ts";
import { noEnvoyPlane } from "../../plane/envoy.ts";
import { eachInSteps, type Steps } from "../../steps.ts";
import type { CompiledByController, CompileWorld, OwnRoute } from "../controller.ts";
import type { Revision } from "../memory.ts";
import { parentsOf } from "./attachment.ts";
import { configFileProblems } from "./config-file.ts";
import { GATEWAY_API } from "./facts.ts";
import { readGateways } from "./gateways.ts";
import { planeBy } from "./listeners/client-policy.ts";
import { defaultCertificateOf } from "./listeners/tls-hosts.ts";
import { objectsOf } from "./objects.ts";
import { uncheckedProblems } from "./policies/unchecked.ts";
import { POLICY_FIELDS, unreadProblems } from "./policies/unread.ts";
import { policiesOf, targetsOf } from "./policies.ts";
import { gatewayProblems, missingParents, namedParents, routeProblems } from "./problems.ts";
import { translated } from "./rules.ts";
import { statusesOf } from "./status/statuses.ts";
import { emptyEntryPoints } from "./tables/virtual-hosts.ts";
import { type AttachedRoute, tablesOf } from "./tables.ts";

const OPTIONS: ControllerOptions = { ...DEFAULT_CONTROLLER_OPTIONS, hsts: undefined, strangers: "reset" };

/** HTTPRoutes go before GRPCRoutes of their rank, whatever their age. */
const ROUTES = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"] as const;

/**
 * Gateway API as Envoy Gateway translates it: each Gateway is an Envoy of its own with its listeners' ports.
 *
 * Source: gateway.envoyproxy.io, internal/gatewayapi; measured on 1.9.
 */
export function* compileGatewayApi(
  _ingresses: readonly Ingress[],
  _revision: Revision,
  { snapshot, options }: CompileWorld,
): Steps<CompiledByController> {
  const completeness = options.exact ? "whole" : (options.completeness ?? "partial");
  const objects = yield* objectsOf(snapshot, completeness);
  const gateways = readGateways(objects, {
    named: options.ingressClasses,
    mayBeElsewhere: completeness === "partial",
  });
  const attached: AttachedRoute[] = [];
  for (const kind of ROUTES)
    for (const route of objects.all(kind)) {
      const listeners = gateways.map((gateway) => gateway.listeners);
      attached.push({ ...translated(route, objects), parents: parentsOf(route, listeners, objects) });
      yield;
    }
  const policies = {
    traffic: policiesOf(targetsOf("BackendTrafficPolicy", objects)),
    security: policiesOf(targetsOf("SecurityPolicy", objects)),
  };
  const ofClients = policiesOf(targetsOf("ClientTrafficPolicy", objects));
  const entryPoints: EntryPoint[] = [];
  const tlsHosts: TlsHost[] = [];
  const streams: StreamRoute[] = [];
  const problems: Problem[] = [...configFileProblems(snapshot, options.configMap)];
  const routes: OwnRoute[] = [];
  for (const { kind, listeners } of gateways) {
    if (kind !== "ours" && kind !== "assumed") continue;
    const tables = yield* tablesOf(listeners, attached, { objects, policies, clients: ofClients });
    append(entryPoints, tables.entryPoints);
    append(tlsHosts, tables.tlsHosts);
    append(problems, tables.problems);
    append(streams, tables.streams);
    append(routes, tables.connections);
    for (const { rule, entry } of tables.entries) routes.push({ ingress: rule.route, route: entry.route });
  }
  const [first, ...others] = entryPoints;
  const table: CompiledByController["table"] = {
    controller: GATEWAY_API.name,
    plane: planeBy(jsonFields(undefined)),
    options: OPTIONS,
    streams,
    entryPoints:
      first === undefined
        ? yield* emptyEntryPoints(snapshot.custom.length === 0 ? undefined : noEnvoyPlane())
        : [first, ...others],
    tlsHosts,
    defaultCertificate: defaultCertificateOf(gateways.flatMap((gateway) => gateway.listeners)),
    tlsNames: new Set(),
  };
  for (const gateway of gateways) append(problems, gatewayProblems(gateway));
  const isThere = namedParents(gateways, objects);
  yield* eachInSteps(attached, (route) => {
    append(problems, missingParents(route.route, isThere));
    append(problems, routeProblems(route));
  });
  for (const kind of POLICY_FIELDS.keys())
    yield* eachInSteps(objects.all(kind), (policy) => {
      append(problems, uncheckedProblems(policy));
      append(problems, unreadProblems(policy));
    });
  const statuses = yield* statusesOf(gateways, attached, objects);
  return { table, routes, problems, statuses };
}
