import type { IngressBackend, PortRef } from "../../model/resource.ts";
import { goQuote } from "../../request/go-text.ts";
import { child, numberAt, stringAt, type YamlNode } from "../../yaml/node.ts";
import { dns1123Label, dns1123Subdomain, pathSegment, portName } from "../names.ts";
import { add, type Effect, type Report } from "../report.ts";

interface RawBackend {
  readonly resource?: YamlNode | undefined;
  readonly service?: RawService | undefined;
}

interface RawService {
  readonly name: string;
  readonly portName: string;
  readonly portNumber: number;
  readonly nameField: string;
  readonly portNameField: string;
  readonly portNumberField: string;
}

export type ReadBackend = (node: YamlNode | undefined) => RawBackend;

export const readBackend: ReadBackend = (node) => {
  const service = child(node, "service");
  const port = child(service, "port");
  if (service === undefined) return { resource: child(node, "resource") };
  return {
    resource: child(node, "resource"),
    service: {
      name: stringAt(service, "name") ?? "",
      portName: stringAt(port, "name") ?? "",
      portNumber: numberAt(port, "number") ?? 0,
      nameField: "service.name",
      portNameField: "service.port.name",
      portNumberField: "service.port.number",
    },
  };
};

/** Old versions: `serviceName`, and `servicePort` as number or name. */
export const readOldBackend: ReadBackend = (node) => {
  const name = stringAt(node, "serviceName") ?? "";
  const portName = stringAt(node, "servicePort");
  const portNumber = numberAt(node, "servicePort") ?? 0;
  const resource = child(node, "resource");
  if (name === "" && portName === undefined && portNumber === 0) return { resource };
  const [nameField, port] = ["serviceName", "servicePort"];
  return {
    resource,
    service: {
      name,
      portName: portName ?? "",
      portNumber,
      nameField,
      portNameField: port,
      portNumberField: port,
    },
  };
};

/**
 * Checks one backend (kubernetes `pkg/apis/networking/validation`, validateIngressBackend). Reports an
 * invalid one and returns `undefined`.
 */
export function checkBackend(
  report: Report,
  raw: RawBackend,
  field: string,
  effect: Effect,
): IngressBackend | undefined {
  const { resource, service } = raw;
  const refuse = (code: "invalid-backend" | "invalid-port", message: string) =>
    add(report, { code, level: "error", field, message: `${field}: ${message}`, effect });
  if (resource !== undefined && service !== undefined) {
    refuse("invalid-backend", 'Invalid value: "": cannot set both resource and service backends');
    return undefined;
  }
  if (resource !== undefined) return checkResource(report, resource, `${field}.resource`, effect);
  if (service === undefined) {
    refuse("invalid-backend", 'Invalid value: "": resource or service backend is required');
    return undefined;
  }
  const named = checkServiceName(report, service, field, effect);
  const port = checkPort(report, service, field, effect);
  return named && port !== undefined ? { kind: "service", name: service.name, port } : undefined;
}

/** Names that start with a digit are taken since Kubernetes 1.36 (RelaxedServiceNameValidation). */
function nameFaults({ admission }: Report, name: string): readonly string[] {
  return admission === "passed" ? [] : dns1123Label(name);
}

function checkServiceName(report: Report, service: RawService, field: string, effect: Effect): boolean {
  const path = `${field}.${service.nameField}`;
  const messages =
    service.name === ""
      ? [`${path}: Required value`]
      : nameFaults(report, service.name).map(
          (fault) => `${path}: Invalid value: ${goQuote(service.name)}: ${fault}`,
        );
  for (const message of messages) {
    add(report, { code: "invalid-backend", level: "error", field: path, message, effect });
  }
  return messages.length === 0;
}

function checkPort(report: Report, service: RawService, field: string, effect: Effect): PortRef | undefined {
  const { portName: name, portNumber } = service;
  const refuse = (path: string, message: string) =>
    add(report, {
      code: "invalid-port",
      level: "error",
      field: path,
      message: `${path}: ${message}`,
      effect,
    });
  if (name !== "" && portNumber !== 0) {
    refuse(field, 'Invalid value: "": cannot set both port name & port number');
    return undefined;
  }
  if (name !== "") {
    const path = `${field}.${service.portNameField}`;
    const wrong = portName(name);
    for (const fault of wrong) refuse(path, `Invalid value: ${goQuote(name)}: ${fault}`);
    return wrong.length === 0 ? { name } : undefined;
  }
  if (portNumber === 0) {
    refuse(field, "Required value: port name or number is required");
    return undefined;
  }
  if (portNumber >= 1 && portNumber <= 65535) return { number: portNumber };
  const path = `${field}.${service.portNumberField}`;
  refuse(path, `Invalid value: ${portNumber}: must be between 1 and 65535, inclusive`);
  return undefined;
}

/** A reference to another kind of object (validateIngressTypedLocalObjectReference). */
function checkResource(
  report: Report,
  node: YamlNode,
  field: string,
  effect: Effect,
): IngressBackend | undefined {
  const before = report.problems.length;
  const refuse = (path: string, message: string) =>
    add(report, {
      code: "invalid-backend",
      level: "error",
      field: path,
      message: `${path}: ${message}`,
      effect,
    });
  const apiGroup = stringAt(node, "apiGroup");
  if (apiGroup !== undefined) {
    for (const fault of dns1123Subdomain(apiGroup)) {
      refuse(`${field}.apiGroup`, `Invalid value: ${goQuote(apiGroup)}: ${fault}`);
    }
  }
  for (const key of ["kind", "name"]) {
    const value = stringAt(node, key) ?? "";
    if (value === "") refuse(`${field}.${key}`, "Required value");
    for (const fault of pathSegment(value))
      refuse(`${field}.${key}`, `Invalid value: ${goQuote(value)}: ${fault}`);
  }
  if (report.problems.length > before) return undefined;
  const [resourceKind = "", name = ""] = [stringAt(node, "kind"), stringAt(node, "name")];
  return { kind: "resource", apiGroup: apiGroup ?? "", resourceKind, name };
}
