import { append } from "../../../append.ts";
import { byteLength } from "../../../request/go-text.ts";
import { child, stringAt, type YamlNode } from "../../../yaml/node.ts";
import { type Fault, invalid } from "../../custom/fault.ts";
import { dns1123Label, dns1123Subdomain, pathSegment } from "../../names.ts";
import { forbidden, nameFaults, required, unsupportedFaults } from "./said.ts";

/** unit: bytes */
const MOST = 250;
const PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const IS_PATH = new RegExp(`^${PATH}$`);

/** kubernetes `pkg/apis/networking/validation`, validateIngressClassSpec. A missing controller is told elsewhere. */
export function ingressClassFaults(node: YamlNode): readonly Fault[] {
  const spec = child(node, "spec");
  const controller = stringAt(spec, "controller") ?? "";
  return [
    ...(controller === "" ? [] : controllerFaults(controller)),
    ...parametersFaults(child(spec, "parameters")),
  ];
}

function controllerFaults(controller: string): readonly Fault[] {
  const field = "spec.controller";
  const text = `Too long: may not be more than ${MOST} bytes`;
  const long: readonly Fault[] = byteLength(controller) > MOST ? [{ kind: "too-long", field, text }] : [];
  const at = controller.indexOf("/");
  const [host, path] = [controller.slice(0, Math.max(0, at)), controller.slice(at + 1)];
  if (host === "" || path === "") {
    return [...long, invalid(field, controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const faults = [...long, ...nameFaults(field, host, dns1123Subdomain)];
  if (IS_PATH.test(path)) return faults;
  return [...faults, invalid(field, path, `Invalid path (regex used for validation is '${PATH}')`)];
}

function parametersFaults(parameters: YamlNode | undefined): readonly Fault[] {
  if (parameters === undefined) return [];
  const at = "spec.parameters";
  const group = stringAt(parameters, "apiGroup");
  const faults: Fault[] =
    group === undefined ? [] : [...nameFaults(`${at}.apiGroup`, group, dns1123Subdomain)];
  for (const key of ["kind", "name"]) {
    const value = stringAt(parameters, key) ?? "";
    if (value === "") faults.push(required(`${at}.${key}`));
    else append(faults, nameFaults(`${at}.${key}`, value, pathSegment));
  }
  const scope = stringAt(parameters, "scope") ?? "Cluster";
  const namespace = stringAt(parameters, "namespace");
  append(faults, unsupportedFaults(`${at}.scope`, scope, ["Cluster", "Namespace"]));
  if (scope === "Namespace" && namespace === undefined) {
    const { kind, field, text } = required(`${at}.namespace`);
    faults.push({ kind, field, text: `${text}: \`parameters.scope\` is set to 'Namespace'` });
  }
  if (scope === "Namespace" && namespace !== undefined) {
    append(faults, nameFaults(`${at}.namespace`, namespace, dns1123Label));
  }
  if (scope === "Cluster" && namespace !== undefined) {
    faults.push(forbidden(`${at}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  }
  return faults;
}
