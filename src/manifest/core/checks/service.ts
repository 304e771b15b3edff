import { append } from "../../../append.ts";
import { child, numberAt, stringAt, stringsAt, type YamlNode } from "../../../yaml/node.ts";
import { type Fault, invalid } from "../../custom/fault.ts";
import { dns1123Label, dns1123Subdomain, labelValue, portName, qualifiedName } from "../../names.ts";
import { indexed } from "../../report.ts";
import { duplicate, forbidden, nameFaults, required, unsupportedFaults } from "./said.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITIES = ["ClientIP", "None"];
const POLICIES = ["Cluster", "Local"];
export const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** Faults of a Service beside its ports' numbers (kubernetes `pkg/apis/core/validation`, validateService). */
export function serviceFaults(node: YamlNode): readonly Fault[] {
  const spec = child(node, "spec");
  const type = stringAt(spec, "type") || "ClusterIP";
  const address = stringAt(spec, "clusterIP") ?? "";
  const isHeadless = address === "None";
  const ports = indexed(spec, "ports", "spec");
  const faults: Fault[] = [];
  if (ports.length === 0 && !isHeadless && type !== "ExternalName") faults.push(required("spec.ports"));
  if (isHeadless && (type === "LoadBalancer" || type === "NodePort")) {
    faults.push(invalid("spec.clusterIPs[0]", address, `may not be set to 'None' for ${type} services`));
  }
  if (type === "ExternalName") {
    if (address !== "") {
      faults.push(forbidden("spec.clusterIPs", "may not be set for ExternalName services"));
    }
    const name = (stringAt(spec, "externalName") ?? "").replace(/\.$/, "");
    if (name === "") faults.push(required("spec.externalName"));
    // An IPv6 address is asked as one.
    else if (!name.includes(":")) append(faults, nameFaults("spec.externalName", name, dns1123Subdomain));
  }
  append(faults, portFaults(ports));
  for (const [key, value] of stringsAt(spec, "selector")) {
    append(faults, nameFaults("spec.selector", key, qualifiedName));
    append(faults, nameFaults("spec.selector", value, labelValue));
  }
  const affinity = stringAt(spec, "sessionAffinity") || undefined;
  append(faults, unsupportedFaults("spec.sessionAffinity", affinity, AFFINITIES));
  append(faults, unsupportedFaults("spec.type", type, TYPES));
  if (type === "ClusterIP") {
    for (const [port, field] of ports) {
      if ((numberAt(port, "nodePort") ?? 0) === 0) continue;
      faults.push(forbidden(`${field}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
  }
  append(faults, repeatedPorts(ports));
  const policy = stringAt(spec, "internalTrafficPolicy");
  append(faults, unsupportedFaults("spec.internalTrafficPolicy", policy, POLICIES));
  return faults;
}

type Ports = ReturnType<typeof indexed>;

function protocolOf(port: YamlNode): string {
  return stringAt(port, "protocol") || "TCP";
}

function portFaults(ports: Ports): readonly Fault[] {
  const names = new Set<string>();
  return ports.flatMap(([port, field]) => {
    const name = stringAt(port, "name") ?? "";
    const faults: Fault[] = [];
    // A port without a name beside others is used as it is.
    if (name !== "") {
      append(faults, nameFaults(`${field}.name`, name, dns1123Label));
      if (names.has(name)) faults.push(duplicate(`${field}.name`, name));
      names.add(name);
    }
    append(faults, unsupportedFaults(`${field}.protocol`, protocolOf(port), PROTOCOLS));
    const target = numberAt(port, "targetPort");
    if (target !== undefined && target !== 0 && !(target >= 1 && target <= 65535)) {
      faults.push(invalid(`${field}.targetPort`, target, "must be between 1 and 65535, inclusive"));
    }
    const targetName = stringAt(port, "targetPort") ?? "";
    if (targetName !== "") append(faults, nameFaults(`${field}.targetPort`, targetName, portName));
    const protocol = stringAt(port, "appProtocol");
    if (protocol !== undefined) append(faults, nameFaults(`${field}.appProtocol`, protocol, qualifiedName));
    return faults;
  });
}

/** Ports and node ports, each with its protocol. */
function repeatedPorts(ports: Ports): readonly Fault[] {
  const repeated = (key: string, told: (port: YamlNode, field: string, value: number) => Fault) => {
    const seen = new Set<string>();
    return ports.flatMap(([port, field]) => {
      const value = numberAt(port, key) ?? 0;
      const text = `${protocolOf(port)} ${value}`;
      const isKnown = seen.has(text);
      seen.add(text);
      return isKnown && (key === "port" || value !== 0) ? [told(port, field, value)] : [];
    });
  };
  return [
    ...repeated("nodePort", (_, field, value) => duplicate(`${field}.nodePort`, value)),
    ...repeated("port", (port, field, value) => {
      const fields = `"Name":"","Protocol":"${protocolOf(port)}","AppProtocol":null,"Port":${value}`;
      const text = `Duplicate value: {${fields},"TargetPort":0,"NodePort":0}`;
      return { kind: "duplicate", field, text };
    }),
  ];
}
