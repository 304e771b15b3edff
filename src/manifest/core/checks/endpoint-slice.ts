import { child, stringAt, type YamlNode } from "../../../yaml/node.ts";
import type { Fault } from "../../custom/fault.ts";
import { dns1123Label } from "../../names.ts";
import { indexed } from "../../report.ts";
import { duplicate, nameFaults, required, unsupportedFaults } from "./said.ts";
import { PROTOCOLS } from "./service.ts";

const ADDRESS_TYPES = ["FQDN", "IPv4", "IPv6"];

/** kubernetes `pkg/apis/discovery/validation`, ValidateEndpointSlice */
export function endpointSliceFaults(node: YamlNode): readonly Fault[] {
  const type = stringAt(node, "addressType") ?? "";
  const names = new Set<string>();
  const ports = indexed(node, "ports", "").flatMap(([port, at]) => {
    const field = at.slice(1);
    const name = stringAt(port, "name") ?? "";
    const faults: Fault[] = name === "" ? [] : [...nameFaults(`${field}.name`, name, dns1123Label)];
    if (names.has(name)) faults.push(duplicate(`${field}.name`, name));
    names.add(name);
    return [
      ...faults,
      ...unsupportedFaults(`${field}.protocol`, stringAt(port, "protocol") || "TCP", PROTOCOLS),
    ];
  });
  const endpoints = indexed(node, "endpoints", "").flatMap(([endpoint, at]) => {
    const addresses = child(endpoint, "addresses");
    if (addresses?.kind === "list" && addresses.items.length > 0) return [];
    const { kind, field, text } = required(`${at.slice(1)}.addresses`);
    return [{ kind, field, text: `${text}: must contain at least 1 address` } as const];
  });
  const ofType =
    type === "" ? [required("addressType")] : unsupportedFaults("addressType", type, ADDRESS_TYPES);
  return [...ofType, ...ports, ...endpoints];
}
