import { GATEWAY_API } from "../../../compile/gateway-api/facts.ts";
import { ingressName } from "../../../compile/problem.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { MadeObject } from "../made.ts";
import { lostAnnotation, nginxAnnotationsOf } from "../nginx/lost.ts";
import type { IngressSource } from "../sources.ts";
import type { Conversion, ConvertTarget, KnownChange, TargetWorld } from "../target.ts";
import { generalChanges } from "./general.ts";
import { gatewayDraft, gatewayObject, secretGrants } from "./listeners.ts";
import { FreshNames } from "./names.ts";
import { redirectedHosts, redirectRoutes } from "./redirects.ts";
import { routesOf } from "./routes.ts";

/**
 * Gateway, HTTPRoutes and Envoy Gateway's policies. One Gateway stands for all Ingresses, as one controller did with one
 * address: DNS stays, and hosts may go on being shared by namespaces.
 */
export const GATEWAY_API_TARGET: ConvertTarget = {
  facts: GATEWAY_API,
  convert: convertToGatewayApi,
  general: generalChanges,
};

/** Without prefix. */
const CONVERTED: ReadonlySet<string> = new Set(["ssl-redirect", "force-ssl-redirect"]);

function convertToGatewayApi(
  sources: readonly IngressSource[],
  { snapshot, tables }: TargetWorld,
): Conversion {
  const ingresses = sources.map(({ ingress }) => ingress);
  const gateway = gatewayDraft(
    ingresses,
    tables.flatMap(({ tlsHosts }) => tlsHosts),
  );
  const services = new Map(snapshot.services.map((service) => [nameOf(service), service]));
  const firstToRedirect = redirectedHosts(sources, gateway);
  const names = new FreshNames();
  const world = { gateway, services, names, redirected: new Set(firstToRedirect.keys()) };
  const made = new Map<Ingress, readonly MadeObject[]>();
  const changes: KnownChange[] = [];
  const left: Conversion["left"][number][] = [];
  for (const source of sources) {
    const { ingress } = source;
    const routes = routesOf(source, world);
    if ("field" in routes) {
      left.push({ ingress, field: routes.field, why: "names no port of a Service by its number" });
      continue;
    }
    const hosts = [...firstToRedirect].filter(([, first]) => first === ingress).map(([host]) => host);
    const lost = nginxAnnotationsOf(source).filter((name) => !CONVERTED.has(name));
    for (const name of lost) changes.push(lostAnnotation(source, name));
    made.set(ingress, [...routes, ...redirectRoutes(ingress, hosts, world)]);
  }
  return { made: withGateway(made, gateway), changes, left };
}

function nameOf({ metadata }: Pick<Ingress, "metadata">): string {
  return ingressName({ metadata });
}

/** The Gateway stands before the first Ingress's routes, a grant before the first of its namespace. */
function withGateway(
  made: ReadonlyMap<Ingress, readonly MadeObject[]>,
  gateway: ReturnType<typeof gatewayDraft>,
): ReadonlyMap<Ingress, readonly MadeObject[]> {
  const from = new Set([...made.keys()].map(({ metadata }) => metadata.namespace));
  const grants = new Map(secretGrants(gateway));
  const before: MadeObject[] = [gatewayObject(gateway, GATEWAY_API.classes.installed, from)];
  const whole = new Map<Ingress, readonly MadeObject[]>();
  for (const [ingress, objects] of made) {
    const grant = grants.get(ingress.metadata.namespace);
    grants.delete(ingress.metadata.namespace);
    whole.set(ingress, [...before.splice(0), ...(grant === undefined ? [] : [grant]), ...objects]);
  }
  return whole;
}
