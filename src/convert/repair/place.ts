import type { Shape, Struct } from "../../manifest/decode/shape.ts";
import { longestKey, type YamlNode } from "../../yaml/node.ts";
import type { FieldPlace } from "../tree-changes.ts";

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
    const key = node.kind === "map" ? longestKey(node, rest) : undefined;
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

/** The Go type of a place. */
export function shapeAt(root: Struct, place: FieldPlace): Shape | undefined {
  return place.reduce<Shape | undefined>((shape, step) => {
    if (typeof step === "number") return shape?.kind === "list" ? shape.of : undefined;
    if (shape?.kind === "map") return shape.of;
    return shape?.kind === "struct" ? shape.fields.get(step) : undefined;
  }, root);
}
