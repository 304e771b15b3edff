import * as yaml from "yaml";
import { scalarOf } from "../yaml/general-yaml.ts";
import type { Scalar } from "../yaml/node.ts";
import { lineStart } from "./edit.ts";
import { type FieldPlace, placeInLists } from "./tree-changes.ts";

export type WrittenMap = yaml.YAMLMap;
type Written = yaml.Node;

/** The reason why a document is left as it is. */
export class NotEdited extends Error {
  /** In the document's text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A value at a place: behind its alias, without anchor and tag. */
interface WrittenValue extends Range {
  /** Of the key that holds it; `undefined` for a list's item. */
  readonly entry: Entry | undefined;
}

/** A key of a mapping with its value, as written. Offsets of the document's text. */
export interface Entry {
  readonly map: WrittenMap;
  readonly key: Range & { readonly quote: "" | '"' | "'" };
  /** With anchor and tag; empty where nothing is written. */
  readonly value: Range;
  /** Behind its alias. */
  readonly node: Written | undefined;
  readonly isLast: boolean;
}

/** A document with the place of each value. */
export class WrittenDocument {
  readonly text: string;
  readonly root: Written | undefined;
  readonly #document: yaml.Document.Parsed;

  constructor(text: string) {
    this.text = text;
    this.#document = yaml.parseDocument(text, {
      schema: "failsafe",
      uniqueKeys: false,
      keepSourceTokens: true,
      prettyErrors: false,
      logLevel: "silent",
    });
    this.root = this.#document.contents ?? undefined;
  }

  /** The value that an alias stands for. */
  #behind(node: unknown): Written | undefined {
    if (yaml.isAlias(node)) return node.resolve(this.#document) as Written | undefined;
    return yaml.isNode(node) ? node : undefined;
  }

  mapOf(node: unknown): WrittenMap | undefined {
    const found = this.#behind(node);
    return yaml.isMap(found) ? found : undefined;
  }

  scalarOf(node: unknown): Scalar | undefined {
    const found = this.#behind(node);
    return yaml.isScalar(found) ? scalarOf(found) : undefined;
  }

  itemsOf(node: unknown): readonly unknown[] {
    const found = this.#behind(node);
    return yaml.isSeq(found) ? found.items : [];
  }

  /** The key's entry, in the mapping itself or in those that it merges. The last of repeated keys counts. */
  entry(map: WrittenMap | undefined, key: string): Entry | undefined {
    if (map === undefined) return undefined;
    const own = this.ownEntries(map, key).at(-1);
    if (own !== undefined) return own;
    for (const source of this.merged(map)) {
      const found = this.entry(source, key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  child(map: WrittenMap | undefined, key: string): Written | undefined {
    return this.entry(map, key)?.node;
  }

  /** `items`: the place of the object in a List, and of that List in another. */
  nodeAt(items: readonly number[], place: FieldPlace): unknown {
    const steps = [...placeInLists(items), ...place];
    return steps.reduce<unknown>(
      (node, step) =>
        typeof step === "number" ? this.itemsOf(node)[step] : this.child(this.mapOf(node), step),
      this.root,
    );
  }

  at(items: readonly number[], place: FieldPlace): WrittenValue | undefined {
    const key = place.at(-1);
    const holder = this.nodeAt(items, place.slice(0, -1));
    const entry = typeof key === "string" ? this.entry(this.mapOf(holder), key) : undefined;
    const item = typeof key === "number" ? this.itemsOf(holder)[key] : entry?.node;
    const range = this.#behind(item)?.range;
    if (range != null) return { from: range[0], to: range[1], entry };
    return entry && { ...entry.value, entry };
  }

  ownEntries(map: WrittenMap, key: string): readonly Entry[] {
    return map.items.flatMap((pair, at) =>
      yaml.isScalar(pair.key) && String(pair.key.value) === key
        ? [this.#entryOf(map, pair, at === map.items.length - 1)]
        : [],
    );
  }

  /** Place of a key among those of its mapping. */
  indexOf({ map, key }: Entry): number {
    return map.items.findIndex((pair) => yaml.isNode(pair.key) && pair.key.range?.[0] === key.from);
  }

  /** The first key of a mapping. */
  firstEntry(map: WrittenMap): Entry | undefined {
    const [pair] = map.items;
    return pair && this.#entryOf(map, pair, map.items.length === 1);
  }

  /** `<<: *a` or `<<: [*a, *b]`; the first wins. */
  merged(map: WrittenMap): readonly WrittenMap[] {
    return map.items.flatMap((pair) => {
      if (!yaml.isScalar(pair.key) || pair.key.value !== "<<" || pair.key.type !== "PLAIN") return [];
      const one = this.mapOf(pair.value);
      const all = one === undefined ? this.itemsOf(pair.value).map((item) => this.mapOf(item)) : [one];
      return all.filter((source) => source !== undefined);
    });
  }

  #entryOf(map: WrittenMap, pair: yaml.Pair, isLast: boolean): Entry {
    const { key } = pair;
    const from = yaml.isNode(key) ? (key.range?.[0] ?? 0) : 0;
    if (!yaml.isScalar(key) || key.range == null) throw new NotEdited("a key is no plain text", from);
    // Types of the package do not know what it keeps.
    const token = pair.srcToken as yaml.CST.BlockMap["items"][number] | undefined;
    const sep = token?.sep ?? [];
    const colon = sep.find(({ type }) => type === "map-value-ind");
    if (colon === undefined || token?.start.some(({ type }) => UNUSUAL_KEY.has(type))) {
      throw new NotEdited("a key is written with ?, an anchor, a tag, or without colon", from);
    }
    const first = this.text[from];
    const quote = first === '"' || first === "'" ? first : "";
    const end = colon.offset + 1;
    const property = sep.find(({ type }) => type === "anchor" || type === "tag");
    const written = yaml.isNode(pair.value) ? pair.value.range : undefined;
    // The package places an empty value behind the blanks, before a comment.
    const range = written?.[0] === written?.[1] ? undefined : written;
    const start = property?.offset ?? range?.[0] ?? end;
    return {
      map,
      key: { from, to: key.range[1], quote },
      value: { from: start, to: Math.max(start + (property?.source.length ?? 0), range?.[1] ?? end) },
      node: this.#behind(pair.value),
      isLast,
    };
  }

  /** The part of a line before an offset. */
  before(offset: number): string {
    return this.text.slice(lineStart(this.text, offset), offset);
  }
}

const UNUSUAL_KEY: ReadonlySet<string> = new Set(["explicit-key-ind", "anchor", "tag"]);
