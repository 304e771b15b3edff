import { isIP } from "node:net";
import type { Service } from "../model/resource.ts";
import type { Backend } from "../model/route.ts";
import { serviceNamed } from "../request/service-name.ts";
import { portList, portText } from "./port.ts";

export type ExternalAddress =
  | { readonly kind: "dns"; readonly host: string; readonly port: number }
  /** The DNS name is a Service's of the cluster, which no resolver outside knows. */
  | { readonly kind: "service"; readonly namespace: string; readonly name: string; readonly port: number }
  /** A clause about the Service. */
  | { readonly kind: "none"; readonly reason: string };

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const DNS_SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * The address of a `type: ExternalName` Service as ingress-nginx finds it (`endpointslices.go` and
 * `externalNamePorts` in `controller.go`): the port by number or name from `spec.ports`, then its targetPort;
 * unlisted numbers are used directly. Invalid DNS names and the machine's own addresses have no target.
 */
export function externalAddress(service: Service, wanted: Backend["port"]): ExternalAddress {
  const name = service.externalName ?? "";
  const none = (reason: string): ExternalAddress => ({ kind: "none", reason });
  const host = name.replace(/\.$/, "");
  if (host === "localhost" || isLoopback(host)) {
    return none(`the controller refuses the externalName "${name}" (Invalid attempt to use localhost name)`);
  }
  if (isIP(host) === 0 && !DNS_SUBDOMAIN.test(host)) {
    return none(`its externalName ${JSON.stringify(name)} is an invalid DNS name`);
  }
  const port = externalPort(service, wanted);
  if (typeof port === "string") return none(port);
  const named = serviceNamed(host, port);
  if (named === undefined) return { kind: "dns", host, port };
  return { kind: "service", namespace: named.namespace, name: named.service, port };
}

function externalPort(service: Service, wanted: Backend["port"]): number | string {
  const found = service.ports.find((port) =>
    "number" in wanted ? port.port === wanted.number : port.name === wanted.name,
  );
  if (found === undefined) {
    return "number" in wanted
      ? wanted.number
      : `it has no port named "${portText(wanted)}" (it has ${portList(service)})`;
  }
  const target = Number(found.targetPort);
  if (Number.isInteger(target) && target > 0) return target;
  // By number the controller would use port 0; by name it takes the Service's own port.
  return "number" in wanted
    ? `its targetPort "${found.targetPort}" is a name, and no pod can tell its number`
    : found.port;
}

/**
 * The reason why an address as externalName has no target, as a clause; `undefined` for a name. The controller looks it
 * up as a name, and an answer equal to the name counts as none (balancer.lua, resolve_external_names; measured).
 */
export function addressForName(host: string): string | undefined {
  return isIP(host) === 0
    ? undefined
    : `its externalName ${host} is an address, which the controller looks up as a name and does not find`;
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith("127.");
  return isIP(host) === 6 && (/^(0*:)*:?0*1$/.test(host) || host.toLowerCase().startsWith("::ffff:127."));
}
