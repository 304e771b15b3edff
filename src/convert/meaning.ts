import { itemsAt, type MapEntry, type MapNode, NOTHING_REPEATED, type YamlNode } from "../yaml/node.ts";
import { CURRENT, type OldObject } from "./old-objects.ts";

/**
 * What a document means in `networking.k8s.io/v1`, as the API server converts and defaults it (kubernetes
 * `pkg/apis/networking/v1beta1`, conversion.go and defaults.go). The edited text must come to the same.
 */
export function convertedTree(tree: YamlNode, objects: readonly OldObject[]): YamlNode {
  return objects.reduce((whole, object) => changedAt(whole, object.items, convertedObject(object)), tree);
}

/** A document with a change of one object: that in a List at `items`. */
export function changedAt(
  node: YamlNode,
  items: readonly number[],
  change: (node: YamlNode) => YamlNode,
): YamlNode {
  const [first, ...rest] = items;
  if (first === undefined) return change(node);
  return withChild(node, "items", (list) =>
    list.kind === "list"
      ? {
          ...list,
          items: list.items.map((item, at) => (at === first ? changedAt(item, rest, change) : item)),
        }
      : list,
  );
}

function convertedObject({ kind, inherits }: OldObject): (node: YamlNode) => YamlNode {
  return (node) => {
    const current = inherits ? node : withChild(node, "apiVersion", () => scalar(CURRENT));
    return kind === "Ingress" ? withChild(current, "spec", convertedSpec) : current;
  };
}

function convertedSpec(spec: YamlNode): YamlNode {
  const renamed = withChild(
    renamedKey(spec, "backend", "defaultBackend"),
    "defaultBackend",
    convertedBackend,
  );
  return withItems(renamed, "rules", (rule) =>
    withChild(rule, "http", (http) => withItems(http, "paths", convertedPath)),
  );
}

function convertedPath(path: YamlNode): YamlNode {
  if (path.kind !== "map") return path;
  const type = path.entries.get("pathType")?.value;
  const typed =
    type === undefined || (type.kind === "scalar" && type.value === null)
      ? withEntry(path, "pathType", scalar("ImplementationSpecific"))
      : path;
  return withChild(typed, "backend", convertedBackend);
}

export function convertedBackend(backend: YamlNode): YamlNode {
  if (backend.kind !== "map") return backend;
  const [name, port] = [backend.entries.get("serviceName"), backend.entries.get("servicePort")];
  if (name === undefined && port === undefined) return backend;
  const service = new Map<string, MapEntry>();
  if (name !== undefined) service.set("name", name);
  if (port !== undefined) {
    const { value } = port;
    const key = value.kind === "scalar" && typeof value.value === "string" ? "name" : "number";
    service.set("port", { line: 0, value: map(new Map([[key, port]])) });
  }
  const rest = [...backend.entries].filter(([key]) => key !== "serviceName" && key !== "servicePort");
  return map(new Map([...rest, ["service", { line: 0, value: map(service) }]]));
}

function withItems(node: YamlNode, key: string, change: (item: YamlNode) => YamlNode): YamlNode {
  if (itemsAt(node, key).length === 0) return node;
  return withChild(node, key, (list) =>
    list.kind === "list" ? { ...list, items: list.items.map(change) } : list,
  );
}

function withChild(node: YamlNode, key: string, change: (value: YamlNode) => YamlNode): YamlNode {
  const value = node.kind === "map" ? node.entries.get(key)?.value : undefined;
  return value === undefined ? node : withEntry(node, key, change(value));
}

function withEntry(node: YamlNode, key: string, value: YamlNode): YamlNode {
  if (node.kind !== "map") return node;
  return map(new Map([...node.entries, [key, { line: node.line, value }]]));
}

function renamedKey(node: YamlNode, from: string, to: string): YamlNode {
  if (node.kind !== "map") return node;
  return map(new Map([...node.entries].map(([key, entry]) => [key === from ? to : key, entry] as const)));
}

function scalar(value: string): YamlNode {
  return { kind: "scalar", line: 0, value };
}

function map(entries: MapNode["entries"]): YamlNode {
  return { kind: "map", line: 0, entries, repeated: NOTHING_REPEATED };
}
