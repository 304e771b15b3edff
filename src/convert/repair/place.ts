import type { Shape, Struct } from "../../manifest/shape.ts";
import { type MapEntry, NOTHING_REPEATED, type YamlNode } from "../../yaml/node.ts";

/** Keys and numbers of list items from an object down to a value. */
export type FieldPlace = readonly (string | number)[];

/**
 * The place that a field's path names (`spec.rules[0].host`, `metadata.annotations.a.b/c`). Keys may contain dots, so the
 * longest that is there is taken. `rest`: what is not there.
 */
export function fieldPlace(
  root: YamlNode,
  path: string,
): { readonly place: FieldPlace; readonly rest: string } {
  const place: (string | number)[] = [];
  let node: YamlNode | undefined = root;
  let rest = path;
  while (rest !== "" && node !== undefined) {
    const index = /^\[(\d+)\]\.?/.exec(rest);
    const key = node.kind === "map" ? longestKey(node.entries.keys(), rest) : undefined;
    if (node.kind === "list" && index !== null) {
      const at = Number(index[1]);
      place.push(at);
      node = node.items[at];
      rest = rest.slice(index[0].length);
    } else if (node.kind === "map" && key !== undefined) {
      place.push(key);
      node = node.entries.get(key)?.value;
      rest = rest.slice(key.length).replace(/^\./, "");
    } else return { place, rest };
  }
  return { place, rest };
}

function longestKey(keys: Iterable<string>, rest: string): string | undefined {
  let best: string | undefined;
  for (const key of keys) {
    if (!rest.startsWith(key) || !/^(?:$|[.[])/.test(rest.slice(key.length))) continue;
    if (best === undefined || key.length > best.length) best = key;
  }
  return best;
}

export function valueAt(root: YamlNode, place: FieldPlace): YamlNode | undefined {
  return place.reduce<YamlNode | undefined>((node, step) => {
    if (typeof step === "number") return node?.kind === "list" ? node.items[step] : undefined;
    return node?.kind === "map" ? node.entries.get(step)?.value : undefined;
  }, root);
}

/** The Go type of a place. */
export function shapeAt(root: Struct, place: FieldPlace): Shape | undefined {
  return place.reduce<Shape | undefined>((shape, step) => {
    if (typeof step === "number") return shape?.kind === "list" ? shape.of : undefined;
    if (shape?.kind === "map") return shape.of;
    return shape?.kind === "struct" ? shape.fields.get(step) : undefined;
  }, root);
}

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
  return withEntries(root.line, [
    ...root.entries,
    [step, { line: 0, value: withValueAt(value, rest, change) }],
  ]);
}

export function withKey(root: YamlNode, key: string, value: string): YamlNode {
  if (root.kind !== "map") return root;
  return withEntries(root.line, [...root.entries, [key, { line: 0, value: scalarNode(value) }]]);
}

export function withRenamedKey(root: YamlNode, from: string, to: string): YamlNode {
  if (root.kind !== "map") return root;
  return withEntries(
    root.line,
    [...root.entries].map(([key, entry]) => [key === from ? to : key, entry]),
  );
}

export function scalarNode(value: string | number): YamlNode {
  return { kind: "scalar", line: 0, value };
}

function withEntries(line: number, entries: readonly (readonly [string, MapEntry])[]): YamlNode {
  return { kind: "map", line, entries: new Map(entries), repeated: NOTHING_REPEATED };
}
