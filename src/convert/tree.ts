import type { YamlNode } from "../yaml/node.ts";

/** True for equal values, whatever their lines and the order of their keys. */
export function isSameTree(a: YamlNode, b: YamlNode): boolean {
  if (a.kind === "scalar") return b.kind === "scalar" && Object.is(a.value, b.value);
  if (a.kind === "list") {
    if (b.kind !== "list" || a.items.length !== b.items.length) return false;
    return a.items.every((item, at) => isSameTree(item, b.items[at] ?? NOTHING));
  }
  if (b.kind !== "map" || a.entries.size !== b.entries.size) return false;
  for (const [key, { value }] of a.entries) {
    const other = b.entries.get(key)?.value;
    if (other === undefined || !isSameTree(value, other)) return false;
  }
  return true;
}

const NOTHING: YamlNode = { kind: "scalar", line: 0, value: null };
