import { type Json, jsonFields, jsonItems, jsonString, jsonStrings } from "../../../model/json.ts";
import type { GatewayObjects } from "../objects.ts";

/** True if a `namespaces` field (`from`, `selector`) of an object in `own` lets objects of `namespace` in. */
export function isSelected(
  field: Json | undefined,
  { own, namespace, otherwise }: { own: string; namespace: string; otherwise: "Same" | "None" },
  objects: GatewayObjects,
): boolean {
  const { from, selector } = jsonFields(field);
  const which = jsonString(from) ?? otherwise;
  if (which === "All") return true;
  if (which === "Same") return own === namespace;
  return which === "Selector" && hasLabels(selector, labelsWithName(objects, namespace));
}

/** Every namespace has its name as a label. */
function labelsWithName({ labels }: GatewayObjects, namespace: string): ReadonlyMap<string, string> {
  return new Map([["kubernetes.io/metadata.name", namespace], ...labels(namespace)]);
}

/** True if a label selector is for these labels. */
export function hasLabels(selector: Json | undefined, labels: ReadonlyMap<string, string>): boolean {
  const { matchLabels, matchExpressions } = jsonFields(selector);
  return (
    Object.entries(jsonFields(matchLabels)).every(([label, value]) => labels.get(label) === value) &&
    jsonItems(matchExpressions).every((each) => isMet(each, labels))
  );
}

function isMet(expression: Json, labels: ReadonlyMap<string, string>): boolean {
  const { key, operator, values } = jsonFields(expression);
  const value = labels.get(jsonString(key) ?? "");
  switch (operator) {
    case "In":
      return value !== undefined && jsonStrings(values).includes(value);
    case "NotIn":
      return value === undefined || !jsonStrings(values).includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
