import { asList, asMaps, asText, at, type Json, type KubeObject } from "../object.ts";
import { AGE, type Column, firstThree, labels, NAME, orNone, text, wide } from "./column.ts";

/** Columns of Ingresses, IngressClasses and Services (kubernetes `pkg/printers/internalversion`). */
export const NETWORKING: Readonly<Record<string, readonly Column[]>> = {
  Ingress: [
    NAME,
    text("Class", (ingress) => orNone(asText(at(ingress, "spec", "ingressClassName")))),
    text("Hosts", hosts),
    text("Address", (ingress) => addresses(ingress).join(",")),
    text("Ports", (ingress) => (asList(at(ingress, "spec", "tls")).length > 0 ? "80, 443" : "80")),
    AGE,
  ],
  IngressClass: [
    text("Name", (one) => `${one.metadata.name}${isDefaultClass(one) ? " (default)" : ""}`),
    text("Controller", (one) => asText(at(one, "spec", "controller"))),
    text("Parameters", parameters),
    AGE,
  ],
  Service: [
    NAME,
    text("Type", (service) => asText(at(service, "spec", "type"))),
    text("Cluster-IP", (service) => orNone(asText(at(service, "spec", "clusterIP")))),
    text("External-IP", externalIp),
    text("Port(s)", (service) =>
      orNone(
        asMaps(at(service, "spec", "ports"))
          .map(portText)
          .join(","),
      ),
    ),
    AGE,
    wide(text("Selector", (service) => labels(at(service, "spec", "selector")))),
  ],
};

/** True for the class of Ingresses that name none. */
export function isDefaultClass(one: KubeObject): boolean {
  return one.metadata.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true";
}

/** The first three hosts of the rules, and the number of the rest. */
function hosts(ingress: KubeObject): string {
  const rules = asMaps(at(ingress, "spec", "rules")).map((rule) => asText(rule.host));
  const shown: string[] = [];
  let more = false;
  for (const host of rules) {
    if (shown.length === 3) more = true;
    else if (host !== "") shown.push(host);
  }
  if (shown.length === 0) return "*";
  return more ? `${shown.join(",")} + ${rules.length - 3} more...` : shown.join(",");
}

function addresses(object: KubeObject): readonly string[] {
  const points = asMaps(at(object, "status", "loadBalancer", "ingress"));
  const found = points.map((point) => asText(point.ip) || asText(point.hostname));
  return [...new Set(found.filter((one) => one !== ""))].sort();
}

function parameters(one: KubeObject): string {
  const kind = asText(at(one, "spec", "parameters", "kind"));
  if (kind === "") return "<none>";
  const group = asText(at(one, "spec", "parameters", "apiGroup"));
  return `${kind}${group === "" ? "" : `.${group}`}/${asText(at(one, "spec", "parameters", "name"))}`;
}

function externalIp(service: KubeObject): string {
  const own = asList(at(service, "spec", "externalIPs")).map(asText);
  switch (at(service, "spec", "type")) {
    case "ExternalName":
      return asText(at(service, "spec", "externalName"));
    case "LoadBalancer":
      return [...addresses(service), ...own].join(",") || "<pending>";
    default:
      return orNone(own.join(","));
  }
}

function portText(port: Json): string {
  const node = asText(port.nodePort);
  return `${asText(port.port)}${node === "" || node === "0" ? "" : `:${node}`}/${asText(port.protocol)}`;
}

export const ENDPOINTS: Readonly<Record<string, readonly Column[]>> = {
  Endpoints: [NAME, text("Endpoints", (one) => orNone(firstThree(subsetAddresses(one)))), AGE],
  EndpointSlice: [
    NAME,
    text("AddressType", (one) => asText(one.addressType)),
    text("Ports", (one) => firstThree(asMaps(one.ports).map(slicePort)) || "<unset>"),
    text("Endpoints", (one) => firstThree(sliceAddresses(one)) || "<unset>"),
    AGE,
  ],
};

function subsetAddresses(endpoints: KubeObject): readonly string[] {
  return asMaps(endpoints.subsets).flatMap((subset) => {
    const ips = asMaps(subset.addresses).map((address) => asText(address.ip));
    const ports = asMaps(subset.ports);
    return ports.length === 0 ? ips : ports.flatMap((port) => ips.map((ip) => `${ip}:${asText(port.port)}`));
  });
}

function slicePort(port: Json): string {
  return asText(port.port) || asText(port.name) || "*";
}

function sliceAddresses(slice: KubeObject): readonly string[] {
  return asMaps(slice.endpoints).flatMap((endpoint) => asList(endpoint.addresses).map(asText));
}
