import { child, itemsAt, stringAt, type YamlNode } from "../../yaml/node.ts";

/** An object of a document. `items`: its place in a List, and that List's in another. */
export interface WrittenObject {
  readonly node: YamlNode;
  readonly items: readonly number[];
}

/** The objects of a document by name; `""` for those without one. */
export function objectsByName(tree: YamlNode): ReadonlyMap<string, readonly WrittenObject[]> {
  const found = new Map<string, WrittenObject[]>();
  const waiting: WrittenObject[] = [{ node: tree, items: [] }];
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    const { node, items } = object;
    const inList = stringAt(node, "kind")?.endsWith("List") ? itemsAt(node, "items") : [];
    for (const [at, item] of inList.entries()) waiting.push({ node: item, items: [...items, at] });
    const name = stringAt(child(node, "metadata"), "name") ?? "";
    const same = found.get(name);
    if (same === undefined) found.set(name, [object]);
    else same.push(object);
  }
  return found;
}
