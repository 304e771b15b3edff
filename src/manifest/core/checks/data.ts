import { child, stringAt, type YamlNode } from "../../../yaml/node.ts";
import { type Fault, invalid } from "../../custom/fault.ts";
import { configKey } from "../../names.ts";
import { nameFaults, required } from "./said.ts";

function keysOf(node: YamlNode, field: string): readonly string[] {
  const map = child(node, field);
  return map?.kind === "map" ? [...map.entries.keys()] : [];
}

/**
 * kubernetes `pkg/apis/core/validation`, ValidateConfigMap. Keys of `data` are options and headers, whose faults the
 * controllers name.
 */
export function configMapFaults(node: YamlNode): readonly Fault[] {
  const binary = new Set(keysOf(node, "binaryData"));
  const data = keysOf(node, "data").flatMap((key) =>
    binary.has(key) ? [invalid(`data[${key}]`, key, "duplicate of key present in binaryData")] : [],
  );
  return [...data, ...[...binary].flatMap((key) => nameFaults(`binaryData[${key}]`, key, configKey))];
}

/** The keys that a Secret of a type must have. */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["kubernetes.io/dockercfg", [".dockercfg"]],
  ["kubernetes.io/dockerconfigjson", [".dockerconfigjson"]],
  ["kubernetes.io/ssh-auth", ["ssh-privatekey"]],
  ["kubernetes.io/tls", ["tls.crt", "tls.key"]],
]);
const BASIC_AUTH = ["username", "password"];

/** ValidateSecret, but for the contents. */
export function secretFaults(node: YamlNode): readonly Fault[] {
  const keys = new Set([...keysOf(node, "data"), ...keysOf(node, "stringData")]);
  const type = stringAt(node, "type") ?? "";
  const wanted = KEYS.get(type) ?? [];
  // A half of a certificate is told where it is used.
  const missing = wanted.some((key) => keys.has(key)) ? [] : wanted;
  const isOpen = type === "kubernetes.io/basic-auth" && !BASIC_AUTH.some((key) => keys.has(key));
  return [
    ...[...keys].flatMap((key) => nameFaults(`data[${key}]`, key, configKey)),
    ...[...missing, ...(isOpen ? BASIC_AUTH : [])].map((key) => required(`data[${key}]`)),
  ];
}
