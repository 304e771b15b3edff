import { type Json, jsonFields, jsonItems, jsonNumber, jsonString } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { ingressName } from "../../problem.ts";
import type { ServiceTarget } from "../objects.ts";
import type { ProxyContext } from "./context.ts";

/** A Service of `tcpproxy`, whose connection is joined with the client's. */
export interface TcpTarget {
  readonly target: ServiceTarget;
  readonly weight: number;
}

/** The Services of `tcpproxy`, or of the HTTPProxy that it includes. `undefined`: with a fault that is told */
export function tcpTargets(
  proxy: CustomResource,
  context: ProxyContext,
  through: readonly CustomResource[] = [],
): readonly TcpTarget[] | undefined {
  const { statuses, objects, proxies, reached } = context;
  const { services, include } = jsonFields(proxy.spec.tcpproxy);
  const { namespace } = proxy.metadata;
  const written = jsonItems(services).map(jsonFields);
  const targets: TcpTarget[] = [];
  for (const { name, port, weight } of written) {
    const backend = { namespace, service: jsonString(name) ?? "", port: { number: jsonNumber(port) ?? 0 } };
    const target = objects.target(backend);
    if (target.kind === "missing") {
      const message = `Spec.TCPProxy unresolved service reference: ${target.why}`;
      return statuses.error(proxy, ["TCPProxyError", "ServiceUnresolvedReference", message], "spec.tcpproxy");
    }
    targets.push({ target, weight: jsonNumber(weight) ?? 0 });
  }
  if (written.length > 0) return targets;
  const child = include === undefined ? undefined : included(include, namespace);
  if (child === undefined || through.includes(proxy)) {
    const message = "either services or inclusion must be specified";
    return statuses.error(proxy, ["TCPProxyError", "NothingDefined", message], "spec.tcpproxy");
  }
  const found = proxies.get(child);
  if (found === undefined) {
    const message = `include ${child} not found`;
    return statuses.error(
      proxy,
      ["TCPProxyIncludeError", "IncludeNotFound", message],
      "spec.tcpproxy.include",
    );
  }
  reached.add(found);
  return tcpTargets(found, context, [...through, proxy]);
}

function included(include: Json, namespace: string): string {
  const fields = jsonFields(include);
  return ingressName({
    metadata: { namespace: jsonString(fields.namespace) || namespace, name: jsonString(fields.name) ?? "" },
  } as CustomResource);
}
