import { type JsonObject, jsonFields, jsonItems } from "../../../../model/json.ts";
import type { Problem } from "../../../../model/problem.ts";
import type { CustomResource } from "../../../../model/resource.ts";
import { ingressName, problemOf } from "../../../problem.ts";

/** Fields with an effect in the cluster alone. */
const OF_HOSTS = ["authorization", "jwtProviders"];
const OF_TLS = ["clientValidation"];
const OF_ROUTES = ["authPolicy", "healthCheckPolicy", "internalRedirectPolicy", "jwtVerificationPolicy"];
const OF_SERVICES = ["slowStartPolicy"];

/** What an HTTPProxy says, Contour does, and ingress-dev does not. */
export function fieldsNotHonoured(proxy: CustomResource): readonly Problem[] {
  const host = jsonFields(proxy.spec.virtualhost);
  const fields = [
    ...named("spec.virtualhost", host, OF_HOSTS),
    ...named("spec.virtualhost.tls", jsonFields(host.tls), OF_TLS),
    ...globalLimit("spec.virtualhost", host),
  ];
  for (const [at, route] of jsonItems(proxy.spec.routes).map(jsonFields).entries()) {
    const place = `spec.routes[${at}]`;
    for (const field of [
      ...named(place, route, OF_ROUTES),
      ...balancing(place, route),
      ...globalLimit(place, route),
    ])
      fields.push(field);
    for (const [index, service] of jsonItems(route.services).map(jsonFields).entries())
      for (const field of named(`${place}.services[${index}]`, service, OF_SERVICES)) fields.push(field);
  }
  return fields.map((field) =>
    problemOf(proxy, {
      ...{ code: "field-not-honoured", level: "notice", field },
      message: `HTTPProxy ${ingressName(proxy)}: ${field} is not honoured: requests are answered as without it.`,
      fix: "Expect the cluster to act on the field; ingress-dev does not.",
    }),
  );
}

function named(place: string, fields: JsonObject, names: readonly string[]): string[] {
  return names
    .filter((name) => fields[name] !== undefined && fields[name] !== false)
    .map((name) => `${place}.${name}`);
}

/** Pods are taken in turn for these; Contour takes no notice of words that it does not know. */
function balancing(place: string, { loadBalancerPolicy }: JsonObject): readonly string[] {
  const { strategy } = jsonFields(loadBalancerPolicy);
  return strategy === "WeightedLeastRequest" || strategy === "Random"
    ? [`${place}.loadBalancerPolicy.strategy`]
    : [];
}

function globalLimit(place: string, { rateLimitPolicy }: JsonObject): readonly string[] {
  return jsonFields(rateLimitPolicy).global === undefined ? [] : [`${place}.rateLimitPolicy.global`];
}
