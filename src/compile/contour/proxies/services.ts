import {
  type JsonObject,
  jsonBoolean,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
} from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { Step } from "../../../step/step.ts";
import type { ServiceTarget, Spoken } from "../objects.ts";
import type { ContourSettings } from "../settings.ts";
import type { ProxyContext } from "./context.ts";
import { headerChanges, isChangeable, policyFault, writtenPolicy } from "./header-policy.ts";

/** A Service of a route. */
export interface RouteService {
  readonly target: ServiceTarget;
  readonly spoken: Spoken;
  readonly weight: number;
  readonly steps: readonly Step[];
}

/** The Services that can be used, without mirrors; `undefined`: the whole HTTPProxy is lost. */
export function servicesOf(
  proxy: CustomResource,
  route: JsonObject,
  field: string,
  context: ProxyContext,
): readonly RouteService[] | undefined {
  const { namespace } = proxy.metadata;
  const { statuses, objects, settings } = context;
  const found: RouteService[] = [];
  const strategy = jsonString(jsonFields(route.loadBalancerPolicy).strategy) ?? "";
  let mirrors = 0;
  for (const [at, service] of jsonItems(route.services).map(jsonFields).entries()) {
    const place = `${field}.services[${at}]`;
    const name = jsonString(service.name) ?? "";
    const port = jsonNumber(service.port) ?? 0;
    const target = objects.target({ namespace, service: name, port: { number: port } });
    if (target.kind === "missing") {
      const message = `Spec.Routes unresolved service reference: ${target.why}`;
      statuses.error(proxy, ["ServiceError", "ServiceUnresolvedReference", message], place);
      continue;
    }
    const spoken = spokenOf(jsonString(service.protocol), target.spoken);
    const fault = serviceFault(service, spoken, strategy, { name, port, namespace }, context);
    if (fault !== undefined) return statuses.error(proxy, ["ServiceError", ...fault], place);
    if (jsonBoolean(service.mirror) === true) {
      mirrors++;
      const message = "only one service per route may be nominated as mirror";
      if (mirrors > 1) return statuses.error(proxy, ["ServiceError", "OnlyOneMirror", message], place);
      continue;
    }
    const steps = serviceSteps(service, { name, port, namespace }, settings);
    found.push({ target, spoken, weight: jsonNumber(service.weight) ?? 0, steps });
  }
  return found;
}

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

function spokenOf(protocol: string | undefined, fallback: Spoken): Spoken {
  return protocol === "tls" || protocol === "h2" || protocol === "h2c" ? protocol : fallback;
}

function serviceFault(
  service: JsonObject,
  spoken: Spoken,
  strategy: string,
  { name, port, namespace }: Named,
  { objects }: ProxyContext,
): readonly [reason: string, message: string] | undefined {
  const { validation, requestHeadersPolicy, responseHeadersPolicy, slowStartPolicy } = service;
  const { caSecret } = jsonFields(validation);
  if (validation !== undefined && (spoken === "tls" || spoken === "h2")) {
    const written = jsonString(caSecret) ?? "";
    const secret = written.includes("/") ? written : `${namespace}/${written}`;
    if (!objects.hasSecret(secret)) {
      const why = `invalid CA Secret "${secret}": Secret not found`;
      return [
        "TLSUpstreamValidation",
        `Service [${name}:${port}] TLS upstream validation policy error: ${why}`,
      ];
    }
  }
  const request = policyFault(writtenPolicy(requestHeadersPolicy), "request");
  if (request !== undefined) return ["RequestHeadersPolicyInvalid", `${request} on request headers`];
  const response = policyFault(writtenPolicy(responseHeadersPolicy), "response");
  if (response !== undefined) return ["ResponseHeadersPolicyInvalid", `${response} on response headers`];
  if (slowStartPolicy !== undefined && ["Cookie", "RequestHash", "Random"].includes(strategy)) {
    const only =
      "slow start is only supported with RoundRobin or WeightedLeastRequest load balancer strategy";
    return ["SlowStartInvalid", only];
  }
  return undefined;
}

/** The global policy fills in what the Service's own leaves open. */
export function serviceSteps(
  service: JsonObject,
  { namespace, name, port }: Named,
  { policy }: Pick<ContourSettings, "policy">,
): readonly Step[] {
  const owner = { namespace, service: { name, port } };
  const changes = (own: JsonObject[string], usual: typeof policy.request) => {
    const written = writtenPolicy(own);
    const names = new Set(
      [...written.set.map((each) => each.name), ...written.remove].map((each) => each.toLowerCase()),
    );
    const isOpen = (each: string) => !names.has(each.toLowerCase());
    return [
      ...headerChanges(written, owner),
      ...headerChanges(
        { set: usual.set.filter((each) => isOpen(each.name)), remove: usual.remove.filter(isOpen) },
        owner,
      ),
    ];
  };
  const request = changes(service.requestHeadersPolicy, policy.request);
  const response = changes(service.responseHeadersPolicy, policy.response).filter(isChangeable);
  if (request.length === 0 && response.length === 0) return [];
  return [{ kind: "envoy-headers", request, response, originalHost: "untold" }];
}
