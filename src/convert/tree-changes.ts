import { type MapEntry, NOTHING_REPEATED, type YamlNode } from "../yaml/node.ts";

/** Keys and numbers of list items from a node down to a value. */
export type FieldPlace = readonly (string | number)[];

/** `items`: the place of an object in a List, and of that List in another. */
export function placeInLists(items: readonly number[]): FieldPlace {
  return items.flatMap((at) => ["items", at]);
}

export function valueAt(root: YamlNode, place: FieldPlace): YamlNode | undefined {
  return place.reduce<YamlNode | undefined>((node, step) => {
    if (typeof step === "number") return node?.kind === "list" ? node.items[step] : undefined;
    return node?.kind === "map" ? node.entries.get(step)?.value : undefined;
  }, root);
}

/** The same tree, but for one value; itself if the value is absent. Lines of changed maps are lost. */
export function withValueAt(
  root: YamlNode,
  place: FieldPlace,
  change: (value: YamlNode) => YamlNode,
): YamlNode {
  const [step, ...rest] = place;
  if (step === undefined) return change(root);
  if (typeof step === "number") {
    if (root.kind !== "list") return root;
    const items = root.items.map((item, at) => (at === step ? withValueAt(item, rest, change) : item));
    return { ...root, items };
  }
  const value = root.kind === "map" ? root.entries.get(step)?.value : undefined;
  if (root.kind !== "map" || value === undefined) return root;
  return mapNode([...root.entries, [step, { line: 0, value: withValueAt(value, rest, change) }]]);
}

export function withKey(root: YamlNode, key: string, value: string): YamlNode {
  if (root.kind !== "map") return root;
  return mapNode([...root.entries, [key, { line: 0, value: scalarNode(value) }]]);
}

export function withRenamedKey(root: YamlNode, from: string, to: string): YamlNode {
  if (root.kind !== "map") return root;
  return mapNode([...root.entries].map(([key, entry]) => [key === from ? to : key, entry] as const));
}

export function scalarNode(value: string | number): YamlNode {
  return { kind: "scalar", line: 0, value };
}

export function mapNode(entries: Iterable<readonly [string, MapEntry]>): YamlNode {
  return { kind: "map", line: 0, entries: new Map(entries), repeated: NOTHING_REPEATED };
}
