/**
 * A value of a document. Lines are 0-based from the document's start, so a document can move within its file.
 */
export type YamlNode = MapNode | ListNode | ScalarNode;

/** A `Map`, so that `__proto__` is an ordinary key. A repeated key keeps its last value. */
export interface MapNode {
  readonly kind: "map";
  readonly line: number;
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly repeated: readonly { readonly key: string; readonly line: number }[];
}

export interface MapEntry {
  readonly line: number;
  readonly value: YamlNode;
}

interface ListNode {
  readonly kind: "list";
  readonly line: number;
  readonly items: readonly YamlNode[];
}

interface ScalarNode {
  readonly kind: "scalar";
  readonly line: number;
  readonly value: Scalar;
}

/** Of a mapping without repeated keys. */
export const NOTHING_REPEATED: MapNode["repeated"] = [];

export type Scalar = string | number | bigint | boolean | null;

/** The value of a key; `undefined` for none or null, which the API server treats alike. */
export function child(node: YamlNode | undefined, key: string): YamlNode | undefined {
  if (node?.kind !== "map") return undefined;
  const value = node.entries.get(key)?.value;
  return value === undefined || isNull(value) ? undefined : value;
}

function isNull(node: YamlNode): boolean {
  return node.kind === "scalar" && node.value === null;
}

export function stringAt(node: YamlNode | undefined, key: string): string | undefined {
  const value = child(node, key);
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}

export function numberAt(node: YamlNode | undefined, key: string): number | undefined {
  const value = child(node, key);
  return value?.kind === "scalar" && typeof value.value === "number" ? value.value : undefined;
}

export function booleanAt(node: YamlNode | undefined, key: string): boolean | undefined {
  const value = child(node, key);
  return value?.kind === "scalar" && typeof value.value === "boolean" ? value.value : undefined;
}

export function itemsAt(node: YamlNode | undefined, key: string): readonly YamlNode[] {
  const value = child(node, key);
  return value?.kind === "list" ? value.items : [];
}

/** The strings of the map at a key; null counts as `""`, as for the API server. */
export function stringsAt(node: YamlNode | undefined, key: string): Map<string, string> {
  const found = new Map<string, string>();
  const value = child(node, key);
  if (value?.kind !== "map") return found;
  for (const [name, entry] of value.entries) {
    const scalar = entry.value.kind === "scalar" ? entry.value.value : "";
    found.set(name, typeof scalar === "string" ? scalar : "");
  }
  return found;
}

/**
 * The 0-based line of a field path as the API server writes it (`spec.rules[0].host`,
 * `metadata.annotations[NAME]`). For an absent field: the line of the nearest enclosing one.
 *
 * Keys may contain dots (annotations), so the longest matching key is taken.
 */
export function lineOfField(root: YamlNode, path: string): number {
  return nearestField(root, path).line;
}

/** A field, or the nearest enclosing one. */
interface NearestField {
  readonly line: number;
  readonly node: YamlNode;
  /** `undefined`: an item of a list, or the root. */
  readonly key: string | undefined;
}

/** Follows a field path as far as its fields are there. */
export function nearestField(root: YamlNode, path: string): NearestField {
  let node: YamlNode = root;
  let line = root.line;
  let key: string | undefined;
  let rest = path;
  while (rest !== "") {
    const bracketed = /^\[([^\]]*)\]\.?/.exec(rest);
    if (bracketed !== null) {
      const name = bracketed[1] ?? "";
      const found: MapEntry | undefined = itemAt(node, name);
      if (found === undefined) break;
      key = node.kind === "map" ? name : undefined;
      [node, line, rest] = [found.value, found.line, rest.slice(bracketed[0].length)];
      continue;
    }
    const next = node.kind === "map" ? longestKey(node, rest) : undefined;
    const entry = next === undefined || node.kind !== "map" ? undefined : node.entries.get(next);
    if (next === undefined || entry === undefined) break;
    key = next;
    [node, line, rest] = [entry.value, entry.line, rest.slice(next.length).replace(/^\./, "")];
  }
  return { line, node, key };
}

function itemAt(node: YamlNode, name: string): MapEntry | undefined {
  if (node.kind === "map") return node.entries.get(name);
  const item = node.kind === "list" && /^\d+$/.test(name) ? node.items[Number(name)] : undefined;
  return item && { line: item.line, value: item };
}

/** Limit of looked-up keys; a path with more candidates is compared with every key instead. */
const MOST_LOOKUPS = 32;

/** The longest key of a map that a field path begins with. */
export function longestKey(node: MapNode, rest: string): string | undefined {
  const ends = [...rest.matchAll(/[.[]|$/g)].map(({ index }) => index);
  const candidates =
    ends.length <= MOST_LOOKUPS
      ? ends.map((end) => rest.slice(0, end)).filter((key) => node.entries.has(key))
      : [...node.entries.keys()].filter(
          (key) => rest.startsWith(key) && /^(?:$|[.[])/.test(rest.slice(key.length)),
        );
  return candidates.reduce<string | undefined>(
    (best, key) => (best === undefined || key.length > best.length ? key : best),
    undefined,
  );
}
