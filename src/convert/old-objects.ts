import { isUnrendered } from "../manifest/helm.ts";
import { objectRef } from "../manifest/report.ts";
import type { ObjectRef } from "../model/problem.ts";
import { itemsAt, stringAt, type YamlNode } from "../yaml/node.ts";

export const CURRENT = "networking.k8s.io/v1";

const OLD: ReadonlyMap<string, readonly string[]> = new Map([
  ["Ingress", ["extensions/v1beta1", "networking.k8s.io/v1beta1"]],
  ["IngressClass", ["networking.k8s.io/v1beta1"]],
]);

/** An object of an old version in a document. */
export interface OldObject {
  readonly kind: "Ingress" | "IngressClass" | "list";
  readonly apiVersion: string;
  /** Its place in a List, and that List's in another. */
  readonly items: readonly number[];
  readonly node: YamlNode;
  readonly ref: ObjectRef;
  /** A List names it: `IngressList`. */
  readonly inherits: boolean;
}

interface Inherited {
  readonly kind: string;
  readonly apiVersion: string;
}

/** The Ingresses and IngressClasses of old versions in a document, and the typed Lists that name such a version. */
export function oldObjectsIn(tree: YamlNode): readonly OldObject[] {
  return objectsIn(tree, [], undefined);
}

function objectsIn(
  node: YamlNode,
  items: readonly number[],
  inherited: Inherited | undefined,
): readonly OldObject[] {
  const kind = stringAt(node, "kind") ?? inherited?.kind ?? "";
  const apiVersion = stringAt(node, "apiVersion") ?? inherited?.apiVersion ?? "";
  const ref = objectRef({ node, namespace: "default" }, kind);
  const inherits = stringAt(node, "apiVersion") === undefined;
  if (kind === "Ingress" || kind === "IngressClass") {
    if (!isOld(kind, apiVersion) || isUnrendered(node, kind)) return [];
    return [{ kind, apiVersion, items, node, ref, inherits }];
  }
  const itemKind = kind.endsWith("List") ? kind.slice(0, -"List".length) : undefined;
  if (itemKind === undefined) return [];
  const isTyped = isOld(itemKind, apiVersion);
  if (!isTyped && (itemKind !== "" || apiVersion !== "v1")) return [];
  const below = isTyped ? { kind: itemKind, apiVersion } : undefined;
  const found = itemsAt(node, "items").flatMap((item, at) => objectsIn(item, [...items, at], below));
  return isTyped ? [{ kind: "list", apiVersion, items, node, ref, inherits }, ...found] : found;
}

function isOld(kind: string, apiVersion: string): boolean {
  return OLD.get(kind)?.includes(apiVersion) === true;
}
