import { type JsonObject, jsonFields, jsonItems, jsonNumber, jsonString } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { ingressName } from "../../problem.ts";
import type { ServiceTarget } from "../objects.ts";
import { isRoot, type ProxyContext } from "./context.ts";
import { checkedTarget, spokenOf, validationFault } from "./services.ts";

/** A Service of `tcpproxy`, whose connection is joined with the client's. */
export interface TcpTarget {
  readonly target: ServiceTarget;
  readonly weight: number;
}

/**
 * The Services of `tcpproxy`, or of the HTTPProxy that it includes; none where that one has no `tcpproxy`. `undefined`: with a
 * fault that is told (internal/dag/httpproxy_processor.go, processHTTPProxyTCPProxy)
 */
export function tcpTargets(
  proxy: CustomResource,
  context: ProxyContext,
  through: readonly CustomResource[] = [],
): readonly TcpTarget[] | undefined {
  if (proxy.spec.tcpproxy === undefined) return [];
  const { statuses } = context;
  const { services, include, includes, loadBalancerPolicy } = jsonFields(proxy.spec.tcpproxy);
  const written = jsonItems(services).map(jsonFields);
  const other = include ?? includes;
  if (written.length > 0 && other !== undefined) {
    const message = "cannot specify services and include in the same httpproxy";
    return statuses.error(proxy, ["TCPProxyError", "NoServicesAndInclude", message], FIELD);
  }
  const { strategy } = jsonFields(loadBalancerPolicy);
  if (strategy === "Cookie" || strategy === "RequestHash") {
    const message = `ignoring field "Spec.TCPProxy.LoadBalancerPolicy"; ${strategy} load balancer policy is not supported for TCPProxies`;
    statuses.warning(proxy, ["TCPProxyError", "IgnoredField", message], `${FIELD}.loadBalancerPolicy`);
  }
  if (written.length > 0) return ownTargets(proxy, written, context);
  if (other === undefined) {
    const message = "either services or inclusion must be specified";
    return statuses.error(proxy, ["TCPProxyError", "NothingDefined", message], FIELD);
  }
  return includedTargets(proxy, jsonFields(other), context, [...through, proxy]);
}

const FIELD = "spec.tcpproxy";

function ownTargets(
  proxy: CustomResource,
  services: readonly JsonObject[],
  { statuses, objects }: ProxyContext,
): readonly TcpTarget[] | undefined {
  const { namespace } = proxy.metadata;
  const targets: TcpTarget[] = [];
  for (const service of services) {
    const { name, port, weight, protocol, validation } = service;
    const named = { namespace, name: jsonString(name) ?? "", port: jsonNumber(port) ?? 0 };
    const target = checkedTarget(service, jsonFields(proxy.spec.tcpproxy), named, objects);
    if (target.kind === "missing") {
      const message = `Spec.TCPProxy unresolved service reference: ${target.why}`;
      return statuses.error(proxy, ["TCPProxyError", "ServiceUnresolvedReference", message], FIELD);
    }
    const fault = validationFault(validation, spokenOf(jsonString(protocol), target.spoken), named, objects);
    if (fault !== undefined) return statuses.error(proxy, fault, FIELD);
    targets.push({ target, weight: jsonNumber(weight) ?? 0 });
  }
  return targets;
}

function includedTargets(
  proxy: CustomResource,
  { namespace, name }: JsonObject,
  context: ProxyContext,
  through: readonly CustomResource[],
): readonly TcpTarget[] | undefined {
  const { statuses, proxies, reached } = context;
  const wanted = `${jsonString(namespace) || proxy.metadata.namespace}/${jsonString(name) ?? ""}`;
  const refused = (reason: string, message: string) =>
    statuses.error(proxy, ["TCPProxyIncludeError", reason, message], `${FIELD}.include`);
  const found = proxies.get(wanted);
  if (found === undefined) return refused("IncludeNotFound", `include ${wanted} not found`);
  if (isRoot(found))
    return refused("RootIncludesRoot", `root httpproxy cannot include another root httpproxy (${wanted})`);
  reached.add(found);
  if (through.includes(found)) {
    const path = [...through, found].map(ingressName).join(" -> ");
    return refused("IncludeCreatesCycle", `include creates a cycle: ${path}`);
  }
  return statuses.visit(found, () => tcpTargets(found, context, through));
}
