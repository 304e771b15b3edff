import { child, itemsAt, numberAt, stringAt, stringsAt, type YamlNode } from "../../../yaml/node.ts";
import { type Fault, invalid } from "../../custom/fault.ts";
import { valueOfNode } from "../../custom/value.ts";

/** kubernetes `pkg/apis/apps/validation`: how many pods, and whether they are the workload's own. */
export function workloadFaults(node: YamlNode, kind: string): readonly Fault[] {
  const spec = child(node, "spec");
  const replicas = numberAt(spec, "replicas") ?? 1;
  const faults: Fault[] = [];
  if (replicas < 0 && kind !== "DaemonSet") {
    faults.push(invalid("spec.replicas", replicas, "must be greater than or equal to 0"));
  }
  const selector = child(spec, "selector");
  // Older versions take the template's labels, and so does who reads a part of a manifest.
  if (selector === undefined) return faults;
  const wanted = stringsAt(selector, "matchLabels");
  const expressions = itemsAt(selector, "matchExpressions");
  if (wanted.size + expressions.length === 0) {
    const words = `empty selector is invalid for ${kind.toLowerCase()}`;
    faults.push(invalid("spec.selector", valueOfNode(selector), words));
  }
  const metadata = child(child(spec, "template"), "metadata");
  const labels = stringsAt(metadata, "labels");
  const isOwn =
    [...wanted].every(([key, value]) => labels.get(key) === value) &&
    expressions.every((expression) => isMet(expression, labels));
  if (!isOwn) {
    const field = "spec.template.metadata.labels";
    const shown = child(metadata, "labels");
    const value = shown === undefined ? null : valueOfNode(shown);
    faults.push(invalid(field, value, "`selector` does not match template `labels`"));
  }
  return faults;
}

function isMet(expression: YamlNode, labels: ReadonlyMap<string, string>): boolean {
  const value = labels.get(stringAt(expression, "key") ?? "");
  const isListed = itemsAt(expression, "values").some(
    (item) => item.kind === "scalar" && value !== undefined && item.value === value,
  );
  switch (stringAt(expression, "operator")) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return true;
  }
}
