import { itemsAt, type MapEntry, type YamlNode } from "../yaml/node.ts";
import { CURRENT, type OldObject } from "./old-objects.ts";
import { DEFAULT_PATH_TYPE } from "./path-type.ts";
import { mapNode, placeInLists, scalarNode, withKey, withRenamedKey, withValueAt } from "./tree-changes.ts";

/**
 * What a document means in `networking.k8s.io/v1`, as the API server converts and defaults it (kubernetes
 * `pkg/apis/networking/v1beta1`, conversion.go and defaults.go). The edited text must come to the same.
 */
export function convertedTree(tree: YamlNode, objects: readonly OldObject[]): YamlNode {
  return objects.reduce(
    (whole, object) => withValueAt(whole, placeInLists(object.items), convertedObject(object)),
    tree,
  );
}

function convertedObject({ kind, inherits }: OldObject): (node: YamlNode) => YamlNode {
  return (node) => {
    const current = inherits ? node : withValueAt(node, ["apiVersion"], () => scalarNode(CURRENT));
    return kind === "Ingress" ? withValueAt(current, ["spec"], convertedSpec) : current;
  };
}

function convertedSpec(spec: YamlNode): YamlNode {
  const renamed = withValueAt(
    withRenamedKey(spec, "backend", "defaultBackend"),
    ["defaultBackend"],
    convertedBackend,
  );
  return withItems(renamed, "rules", (rule) =>
    withValueAt(rule, ["http"], (http) => withItems(http, "paths", convertedPath)),
  );
}

function convertedPath(path: YamlNode): YamlNode {
  if (path.kind !== "map") return path;
  const type = path.entries.get("pathType")?.value;
  const typed =
    type === undefined || (type.kind === "scalar" && type.value === null)
      ? withKey(path, "pathType", DEFAULT_PATH_TYPE)
      : path;
  return withValueAt(typed, ["backend"], convertedBackend);
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
    service.set("port", { line: 0, value: mapNode([[key, port]]) });
  }
  const rest = [...backend.entries].filter(([key]) => key !== "serviceName" && key !== "servicePort");
  return mapNode([...rest, ["service", { line: 0, value: mapNode(service) }]]);
}

function withItems(node: YamlNode, key: string, change: (item: YamlNode) => YamlNode): YamlNode {
  if (itemsAt(node, key).length === 0) return node;
  return withValueAt(node, [key], (list) =>
    list.kind === "list" ? { ...list, items: list.items.map(change) } : list,
  );
}
