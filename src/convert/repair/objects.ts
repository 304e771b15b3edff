import { classify, type KnownKind } from "../../manifest/kinds.ts";
import { itemsAt, stringAt, type YamlNode } from "../../yaml/node.ts";

/** An object of a kind that is read, or one whose kind is misspelt. */
export interface FoundObject {
  readonly node: YamlNode;
  /** Its place in a List, and that List's in another. */
  readonly items: readonly number[];
  readonly kind: string;
  readonly apiVersion: string;
  /** `undefined`: the API server does not know the kind. */
  readonly known: KnownKind | undefined;
  readonly inherited: { readonly kind: string; readonly apiVersion: string } | undefined;
}

export function knownObjectsIn(tree: YamlNode): readonly FoundObject[] {
  return objectsAt(tree, [], undefined);
}

function objectsAt(
  node: YamlNode,
  items: readonly number[],
  inherited: FoundObject["inherited"],
): readonly FoundObject[] {
  const kind = stringAt(node, "kind") ?? inherited?.kind ?? "";
  const apiVersion = stringAt(node, "apiVersion") ?? inherited?.apiVersion ?? "";
  if (kind === "" || apiVersion === "") return [];
  const classified = classify(apiVersion, kind);
  if (classified.kind === "other") return [];
  if (classified.kind === "list") {
    const below = classified.itemKind === undefined ? undefined : { kind: classified.itemKind, apiVersion };
    return itemsAt(node, "items").flatMap((item, at) => objectsAt(item, [...items, at], below));
  }
  const known = classified.kind === "known" ? classified.known : undefined;
  return [{ node, items, kind, apiVersion, known, inherited }];
}
