import {
  type Json,
  type JsonObject,
  jsonBoolean,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
} from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { UpstreamTls } from "../../../model/route/transport.ts";
import type { Step } from "../../../step/step.ts";
import type { Missing, Objects, ServiceTarget, Spoken } from "../objects.ts";
import type { ContourSettings } from "../settings.ts";
import { spokenProtocol } from "../transport.ts";
import type { ProxyContext } from "./context.ts";
import { cookieSteps, cookiesFault } from "./cookie-rewrites.ts";
import { headerChanges, isChangeable, policyFault, writtenPolicy } from "./header-policy.ts";
import { namedSecret } from "./named-secret.ts";
import { healthSteps } from "./services/health-check.ts";
import { upstreamTlsOf } from "./services/upstream-tls.ts";
import type { StatusWords } from "./statuses.ts";

/** A Service of a route. */
export interface RouteService {
  readonly target: ServiceTarget;
  readonly spoken: Spoken;
  /** default: clear, or TLS without a name */
  readonly tls?: UpstreamTls | undefined;
  readonly weight: number;
  readonly steps: readonly Step[];
}

/** The Services of a route that can be used. */
interface RouteServices {
  readonly shares: readonly RouteService[];
  readonly mirror?: Step | undefined;
}

/** `undefined`: the whole HTTPProxy is lost. */
export function servicesOf(
  proxy: CustomResource,
  route: JsonObject,
  field: string,
  strategy: string,
  context: ProxyContext,
): RouteServices | undefined {
  const { namespace } = proxy.metadata;
  const { statuses, objects, settings } = context;
  const found: RouteService[] = [];
  let mirror: Step | undefined;
  for (const [at, service] of jsonItems(route.services).map(jsonFields).entries()) {
    const place = `${field}.services[${at}]`;
    const name = jsonString(service.name) ?? "";
    const port = jsonNumber(service.port) ?? 0;
    const target = checkedTarget(service, route, { namespace, name, port }, objects);
    if (target.kind === "missing") {
      const message = `Spec.Routes unresolved service reference: ${target.why}`;
      statuses.error(proxy, ["ServiceError", "ServiceUnresolvedReference", message], place);
      continue;
    }
    const spoken = spokenOf(jsonString(service.protocol), target.spoken);
    const fault = serviceFault(service, spoken, strategy, { name, port, namespace }, context);
    if (fault !== undefined) return statuses.error(proxy, fault, place);
    const weight = jsonNumber(service.weight) ?? 0;
    if (jsonBoolean(service.mirror) === true) {
      const message = "only one service per route may be nominated as mirror";
      if (mirror !== undefined)
        return statuses.error(proxy, ["ServiceError", "OnlyOneMirror", message], place);
      mirror = { kind: "envoy-mirror", to: target.backend, percent: weight || 100, shadow: true };
      continue;
    }
    const tls = upstreamTlsOf(
      service,
      spoken,
      route,
      { namespace, externalName: target.externalName },
      objects,
    );
    const way = { protocol: spokenProtocol(spoken), tls };
    const steps = [
      ...target.breakers,
      ...healthSteps(route.healthCheckPolicy, service, target.backend, way),
      ...cookieSteps(route.cookieRewritePolicies, service.cookieRewritePolicies),
      ...serviceSteps(service, { name, port, namespace }, settings),
    ];
    found.push({ target, spoken, tls, weight, steps });
  }
  return { shares: found, mirror };
}

/** A port for health checks has to be there as well (EnsureService). `checked`: the route, or `tcpproxy` */
export function checkedTarget(
  { healthPort }: JsonObject,
  checked: JsonObject,
  { namespace, name, port }: Named,
  objects: Objects,
): ServiceTarget | Missing {
  const at = (number: number) => objects.target({ namespace, service: name, port: { number } });
  const target = at(port);
  const health = checked.healthCheckPolicy === undefined ? 0 : (jsonNumber(healthPort) ?? 0);
  if (target.kind === "missing" || health <= 0) return target;
  const asked = at(health);
  return asked.kind === "missing" ? asked : target;
}

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export function spokenOf(protocol: string | undefined, fallback: Spoken): Spoken {
  return protocol === "tls" || protocol === "h2" || protocol === "h2c" ? protocol : fallback;
}

/** The fault of the authority for a Service's TLS. */
export function validationFault(
  validation: Json | undefined,
  spoken: Spoken,
  { name, port, namespace }: Named,
  objects: Objects,
): StatusWords | undefined {
  if (validation === undefined || (spoken !== "tls" && spoken !== "h2")) return undefined;
  const secret = namedSecret(jsonFields(validation).caSecret, namespace);
  if (!objects.isDelegated(secret, namespace))
    return [
      ...(["TLSError", "CACertificateNotDelegated"] as const),
      `service.UpstreamValidation.CACertificate Secret "${secret}" is not configured for certificate delegation`,
    ];
  const fault = objects.authorityFault(secret);
  if (fault === undefined) return undefined;
  const why = `invalid CA Secret "${secret}": ${fault}`;
  return [
    ...(["ServiceError", "TLSUpstreamValidation"] as const),
    `Service [${name}:${port}] TLS upstream validation policy error: ${why}`,
  ];
}

function serviceFault(
  service: JsonObject,
  spoken: Spoken,
  strategy: string,
  { name, port, namespace }: Named,
  { objects }: ProxyContext,
): StatusWords | undefined {
  const { validation, requestHeadersPolicy, responseHeadersPolicy, slowStartPolicy } = service;
  const unverified = validationFault(validation, spoken, { name, port, namespace }, objects);
  if (unverified !== undefined) return unverified;
  const request = policyFault(writtenPolicy(requestHeadersPolicy), "request");
  if (request !== undefined)
    return ["ServiceError", "RequestHeadersPolicyInvalid", `${request} on request headers`];
  const response = policyFault(writtenPolicy(responseHeadersPolicy), "response");
  if (response !== undefined)
    return ["ServiceError", "ResponseHeadersPolicyInvalid", `${response} on response headers`];
  const cookies = cookiesFault(service.cookieRewritePolicies);
  if (cookies !== undefined)
    return ["RouteError", "CookieRewritePoliciesInvalid", `${cookies} on service cookie rewrite rules`];
  if (slowStartPolicy !== undefined && ["Cookie", "RequestHash", "Random"].includes(strategy)) {
    const only =
      "slow start is only supported with RoundRobin or WeightedLeastRequest load balancer strategy";
    return ["ServiceError", "SlowStartInvalid", only];
  }
  return undefined;
}

/** The global policy fills in what the Service's own leaves open. */
export function serviceSteps(
  service: JsonObject,
  { namespace, name, port }: Named,
  { policy }: Pick<ContourSettings, "policy">,
): readonly Step[] {
  const owner = { of: "service", namespace, service: { name, port } } as const;
  const changes = (own: JsonObject[string], usual: typeof policy.request) => {
    const written = writtenPolicy(own);
    const without = (of: readonly string[]) => {
      const names = new Set(of.map((each) => each.toLowerCase()));
      return (each: string) => !names.has(each.toLowerCase());
    };
    const isUnset = without(written.set.map((each) => each.name));
    const whole = {
      set: [...written.set, ...usual.set.filter((each) => isUnset(each.name))],
      remove: [...written.remove, ...usual.remove.filter(without(written.remove))],
    };
    return headerChanges(whole, owner);
  };
  const request = changes(service.requestHeadersPolicy, policy.request);
  const response = changes(service.responseHeadersPolicy, policy.response).filter(isChangeable);
  if (request.length === 0 && response.length === 0) return [];
  return [{ kind: "envoy-headers", request, response, originalHost: "untold" }];
}
