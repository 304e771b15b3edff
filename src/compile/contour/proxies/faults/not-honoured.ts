import { type JsonObject, jsonFields, jsonItems } from "../../../../model/json.ts";
import type { Problem } from "../../../../model/problem.ts";
import type { CustomResource } from "../../../../model/resource.ts";
import { ingressName, problemOf } from "../../../problem.ts";
import type { ContourSettings } from "../../settings.ts";
import { extensionRefOf } from "../guards/authorization.ts";
import { isChecked } from "../services/health-check.ts";

/** A field with another effect in the cluster. `here`: what becomes of requests */
interface Unhonoured {
  readonly field: string;
  readonly here: string;
  readonly level?: "warning" | "notice" | undefined;
}

const AS_WITHOUT = "requests are answered as without it";

/** Fields of an HTTPProxy that Contour follows and ingress-dev does not. */
export function fieldsNotHonoured(
  proxy: CustomResource,
  settings: Pick<ContourSettings, "rateLimits">,
): readonly Problem[] {
  const host = jsonFields(proxy.spec.virtualhost);
  const fields = [...ofHost(host), ...globalLimit("spec.virtualhost", host, settings)];
  for (const [at, route] of jsonItems(proxy.spec.routes).map(jsonFields).entries())
    for (const each of ofRoute(`spec.routes[${at}]`, route, settings)) fields.push(each);
  return fields.map(({ field, here, level = "notice" }: Unhonoured) =>
    problemOf(proxy, {
      ...{ code: "field-not-honoured", level, field },
      message: `HTTPProxy ${ingressName(proxy)}: ${field} is not honoured: ${here}.`,
      fix: "Expect the cluster to act on the field; ingress-dev does not.",
    }),
  );
}

function ofHost(host: JsonObject): Unhonoured[] {
  const found: Unhonoured[] = [];
  const { authPolicy, serviceType, withRequestBody } = jsonFields(host.authorization);
  const isAsked = extensionRefOf(host) !== undefined && jsonFields(authPolicy).disabled !== true;
  if (isAsked && serviceType !== "http") {
    const here =
      "the service is not asked by gRPC, and nobody is let in (403) but to routes whose authPolicy is disabled";
    found.push({ field: "spec.virtualhost.authorization", here, level: "warning" });
  } else if (isAsked && withRequestBody !== undefined) {
    const field = "spec.virtualhost.authorization.withRequestBody";
    found.push({ field, here: "the service gets no body" });
  }
  if (jsonItems(host.jwtProviders).length > 0) {
    const here =
      "keys are not fetched, and every token is refused (401), as by Envoy while it cannot fetch them";
    found.push({ field: "spec.virtualhost.jwtProviders", here, level: "warning" });
  }
  const { forwardClientCertificate, crlOnlyVerifyLeafCert } = jsonFields(
    jsonFields(host.tls).clientValidation,
  );
  const place = "spec.virtualhost.tls.clientValidation";
  if (forwardClientCertificate !== undefined)
    found.push({ field: `${place}.forwardClientCertificate`, here: "pods are not told of the certificate" });
  if (crlOnlyVerifyLeafCert === true)
    found.push({ field: `${place}.crlOnlyVerifyLeafCert`, here: "the whole chain is looked up" });
  return found;
}

function ofRoute(
  place: string,
  route: JsonObject,
  settings: Pick<ContourSettings, "rateLimits">,
): readonly Unhonoured[] {
  const found: Unhonoured[] = [];
  const { strategy } = jsonFields(route.loadBalancerPolicy);
  if (strategy === "WeightedLeastRequest" || strategy === "Random")
    found.push({ field: `${place}.loadBalancerPolicy.strategy`, here: "pods are taken in turn" });
  for (const [at, service] of jsonItems(route.services).map(jsonFields).entries()) {
    const own = `${place}.services[${at}]`;
    if (service.slowStartPolicy !== undefined)
      found.push({ field: `${own}.slowStartPolicy`, here: AS_WITHOUT });
    if (route.healthCheckPolicy !== undefined && !isChecked(service))
      found.push({
        field: `${own}.healthPort`,
        here: "its pods are not checked: each that is ready gets requests",
      });
  }
  return [...found, ...globalLimit(place, route, settings)];
}

/** Without a service that counts it has no effect in the cluster either. */
function globalLimit(
  place: string,
  { rateLimitPolicy }: JsonObject,
  { rateLimits }: Pick<ContourSettings, "rateLimits">,
): readonly Unhonoured[] {
  if (rateLimits === undefined || jsonFields(rateLimitPolicy).global === undefined) return [];
  const here = `the service ${rateLimits} of contour.yaml is not asked, and nothing is counted`;
  return [{ field: `${place}.rateLimitPolicy.global`, here }];
}
