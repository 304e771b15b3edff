/** A value of a document. Lines are 0-based from the document's first line, so that a document can move in its file. */
export type Node = MapNode | ListNode | ScalarNode;

/** A mapping. A `Map`, so that `__proto__` is a key like any other. Of a key written twice the last is kept. */
export interface MapNode {
  readonly kind: "map";
  readonly line: number;
  readonly entries: ReadonlyMap<string, Entry>;
  /** Keys that were written before, at the line of the later one. */
  readonly repeated: readonly { readonly key: string; readonly line: number }[];
}

/** A value and the line of its key. */
export interface Entry {
  readonly line: number;
  readonly value: Node;
}

export interface ListNode {
  readonly kind: "list";
  readonly line: number;
  readonly items: readonly Node[];
}

export interface ScalarNode {
  readonly kind: "scalar";
  readonly line: number;
  readonly value: Scalar;
}

export type Scalar = string | number | bigint | boolean | null;

/** The value of a key; `undefined` where there is none or it is null, which to the API server is the same. */
export function child(node: Node | undefined, key: string): Node | undefined {
  if (node?.kind !== "map") return undefined;
  const value = node.entries.get(key)?.value;
  return value === undefined || isNull(value) ? undefined : value;
}

/** Whether a node is a written or an empty null. */
export function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}

/** The string at a key, `undefined` where there is none. */
export function text(node: Node | undefined, key: string): string | undefined {
  const value = child(node, key);
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}

/** The number at a key, `undefined` where there is none. */
export function number(node: Node | undefined, key: string): number | undefined {
  const value = child(node, key);
  return value?.kind === "scalar" && typeof value.value === "number" ? value.value : undefined;
}

/** The boolean at a key, `undefined` where there is none. */
export function flag(node: Node | undefined, key: string): boolean | undefined {
  const value = child(node, key);
  return value?.kind === "scalar" && typeof value.value === "boolean" ? value.value : undefined;
}

/** The items of the list at a key; none where there is no list. */
export function items(node: Node | undefined, key: string): readonly Node[] {
  const value = child(node, key);
  return value?.kind === "list" ? value.items : [];
}

/** The strings of the map at a key; null counts as `""`, as it does to the API server. */
export function texts(node: Node | undefined, key: string): Map<string, string> {
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
 * The line of a field by its path as the API server writes it (`spec.rules[0].host`, `metadata.annotations[NAME]`),
 * 0-based in the document; the line of the nearest enclosing field that is written down where that one is not.
 *
 * Keys may hold dots (annotations), so the longest key that the path goes on with is taken.
 */
export function lineOf(root: Node, path: string): number {
  let node: Node = root;
  let line = root.line;
  let rest = path;
  while (rest !== "") {
    const bracketed = /^\[([^\]]*)\]\.?/.exec(rest);
    if (bracketed !== null) {
      const found: Entry | undefined = itemAt(node, bracketed[1] ?? "");
      if (found === undefined) return line;
      [node, line, rest] = [found.value, found.line, rest.slice(bracketed[0].length)];
      continue;
    }
    const key = node.kind === "map" ? longestKey(node, rest) : undefined;
    const entry = key === undefined || node.kind !== "map" ? undefined : node.entries.get(key);
    if (key === undefined || entry === undefined) return line;
    [node, line, rest] = [entry.value, entry.line, rest.slice(key.length).replace(/^\./, "")];
  }
  return line;
}

/** `[0]` of a list, `[NAME]` of a map. */
function itemAt(node: Node, name: string): Entry | undefined {
  if (node.kind === "map") return node.entries.get(name);
  const item = node.kind === "list" && /^\d+$/.test(name) ? node.items[Number(name)] : undefined;
  return item && { line: item.line, value: item };
}

/** Keys of a path that are looked up; a path with more places to end at is compared with every key instead. */
const MOST_LOOKUPS = 32;

function longestKey(node: MapNode, rest: string): string | undefined {
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
