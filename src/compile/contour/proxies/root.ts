import { jsonFields } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { EnvoyCorsStep } from "../../../step/envoy/cors.ts";
import type { GuardStep } from "../../../step/guard.ts";
import type { Step } from "../../../step/step.ts";
import { ingressName } from "../../problem.ts";
import type { HostTls } from "../https.ts";
import type { ProxyContext } from "./context.ts";
import { contourCors } from "./cors.ts";
import { rootFault, rootTls } from "./faults/root-faults.ts";
import { authorizationStep } from "./guards/authorization.ts";
import { defaultProviderOf, providersOf } from "./guards/jwt.ts";
import { ipFilterOf, ipSteps, limitFault, limitStep, policyReason } from "./guards.ts";
import { routesOfProxy } from "./routes.ts";
import { type TcpTarget, tcpTargets } from "./tcp.ts";
import type { WrittenRoute } from "./written-route.ts";

/** A root HTTPProxy that serves its host. */
export interface Root {
  readonly proxy: CustomResource;
  readonly host: string;
  readonly routes: readonly WrittenRoute[];
  readonly steps: HostSteps;
  /** Ended by Envoy. default: not */
  readonly tls?: HostTls | undefined;
  /** Answers handshakes for unknown names as well. */
  readonly isFallback: boolean;
  /** Joins connections. `isPassed`: TLS is not ended. default: requests are routed */
  readonly tcp?: { readonly targets: readonly TcpTarget[]; readonly isPassed: boolean } | undefined;
  /** http is redirected, and https has the routes. */
  readonly isSecure: boolean;
}

/** Steps of all routes of a host that say nothing else. */
interface HostSteps {
  readonly cors?: EnvoyCorsStep | undefined;
  readonly limit?: GuardStep | undefined;
  readonly filter: readonly GuardStep[];
  /** The authorization service is asked. */
  readonly auth?: Step | undefined;
}

/** `undefined`: the root serves nothing. Its faults are told. */
export function rootOf(proxy: CustomResource, host: string, context: ProxyContext): Root | undefined {
  const { statuses } = context;
  const virtualhost = jsonFields(proxy.spec.virtualhost);
  const fault = rootFault(proxy, virtualhost, context);
  if (fault !== undefined) return statuses.error(proxy, fault, "spec");
  const tls = rootTls(proxy, virtualhost, context);
  const secured = tls.kind === "ended" ? tls.tls : tls.kind === "refused" ? tls.taken : undefined;
  if (secured !== undefined) context.secured.set(host, secured);
  if (tls.kind === "refused") return statuses.error(proxy, tls.fault, "spec.virtualhost.tls");
  if (tls.kind === "ended" && tls.fault !== undefined)
    statuses.error(proxy, tls.fault, "spec.virtualhost.tls");
  const isTcp = proxy.spec.tcpproxy !== undefined;
  if (isTcp && tls.kind === "none") {
    const message = "Spec.TCPProxy requires that either Spec.TLS.Passthrough or Spec.TLS.SecretName be set";
    return statuses.error(proxy, ["TCPProxyError", "TLSMustBeConfigured", message], "spec.tcpproxy");
  }
  const targets = isTcp ? tcpTargets(proxy, context) : undefined;
  if (isTcp && targets === undefined) return undefined;
  const isSecure = tls.kind !== "none";
  const jwt = defaultProviderOf(virtualhost);
  const way = { conditions: [], through: [] };
  const routes = routesOfProxy(proxy, { ...way, isSecure, jwt }, context);
  const steps = hostSteps(proxy, isSecure, context);
  if (steps === undefined) return undefined;
  const names = new Set(providersOf(virtualhost).map(({ name }) => name));
  const unknown =
    isTcp || !isSecure ? undefined : routes.find((route) => route.jwt !== undefined && !names.has(route.jwt));
  if (unknown !== undefined) {
    const message = `Route references an undefined JWT provider "${unknown.jwt}"`;
    statuses.error(proxy, ["JWTVerificationError", "JWTProviderNotDefined", message], unknown.field);
  }
  const ended = tls.kind === "ended" ? tls : undefined;
  return {
    ...{ proxy, host, routes, steps, isSecure },
    tls: ended?.tls,
    isFallback: ended?.fallback === true,
    tcp: targets && { targets, isPassed: tls.kind === "passed" },
  };
}

function hostSteps(proxy: CustomResource, isSecure: boolean, context: ProxyContext): HostSteps | undefined {
  const { statuses } = context;
  const { corsPolicy, rateLimitPolicy, ...host } = jsonFields(proxy.spec.virtualhost);
  const name = ingressName(proxy);
  const cors = corsPolicy === undefined ? undefined : contourCors(corsPolicy);
  if (cors?.kind === "refused") {
    const message = `Spec.VirtualHost.CORSPolicy: invalid allowed origin "${cors.origin}": allowed origin is invalid exact match and invalid regex match`;
    return statuses.error(proxy, ["CORSError", "PolicyDidNotParse", message], "spec.virtualhost.corsPolicy");
  }
  const limit = limitFault(rateLimitPolicy);
  if (limit !== undefined) {
    const message = `Spec.VirtualHost.RateLimitPolicy is invalid: ${limit}`;
    const words = ["VirtualHostError", "RateLimitPolicyNotValid", message] as const;
    return statuses.error(proxy, words, "spec.virtualhost.rateLimitPolicy");
  }
  const filter = ipFilterOf(host);
  const isFilter = filter !== undefined && filter !== "both";
  if (isFilter) {
    // Of both ports; a fault of the last entry ends the search at the first.
    const isTwice = isSecure && proxy.spec.tcpproxy === undefined && filter.fatal === undefined;
    for (const message of isTwice ? [...filter.faults, ...filter.faults] : filter.faults)
      statuses.error(proxy, ["IPFilterError", "InvalidCIDR", message], "spec.virtualhost");
    if (filter.fatal !== undefined) {
      const message = `Spec.VirtualHost.IPAllowFilterPolicy or Spec.VirtualHost.IPDenyFilterPolicy is invalid: ${filter.fatal}`;
      return statuses.error(proxy, ["IPFilterError", "IPFilterPolicyNotValid", message], "spec.virtualhost");
    }
  }
  return {
    cors,
    limit: limitStep(rateLimitPolicy, `${name} host`, policyReason("rateLimitPolicy", name, "limits")),
    auth: authorizationStep(proxy, jsonFields(proxy.spec.virtualhost), context),
    filter: isFilter ? ipSteps(filter, policyReason("IP filter", name, "addresses")) : [],
  };
}
