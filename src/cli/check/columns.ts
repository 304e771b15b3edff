import { metadataField } from "../../manifest/origin.ts";
import type { Problem } from "../../model/problem.ts";
import { type Columns, onlyItem, onlyKey, tokenAt } from "../../yaml/columns.ts";
import { countLines, type DocumentText } from "../../yaml/documents.ts";
import { itemsAt, nearestField, type YamlNode } from "../../yaml/node.ts";
import { readPlainYaml } from "../../yaml/plain-yaml.ts";
import { objectsByName, type WrittenObject } from "./objects.ts";
import type { SourceFile } from "./source-file.ts";

/** A document as it is searched for fields. */
interface Searched {
  readonly document: DocumentText;
  readonly tree: YamlNode | undefined;
  readonly objects: ReadonlyMap<string, readonly WrittenObject[]>;
  /** With offsets in place of lines. `undefined`: not read yet; `"none"`: too long, or not to be read. */
  offsets: YamlNode | "none" | undefined;
}

/** Objects of one name that are tried. */
const MOST_OBJECTS = 16;
/** Text for the general reader, which takes about a second for a megabyte. unit: chars */
const BUDGET = 256 * 1024;

/**
 * Finds the columns of problems' fields: by the text of the line if the field's key stands there once, else by the
 * positions of the general reader. Never a guess: `undefined` where neither knows.
 */
export class ColumnFinder {
  #last: Searched | undefined;
  #left = BUDGET;

  /** In the line of the problem. */
  async find(problem: Problem, source: SourceFile): Promise<Columns | undefined> {
    const { field, line } = problem;
    if (!field || line === undefined) return undefined;
    const document = source.documentAt(line);
    if (document === undefined) return undefined;
    const searched = await this.#search(document);
    const path = metadataField(field);
    const row = line - document.line;
    for (const object of candidates(searched, problem)) {
      const { line: found, key, node } = nearestField(object.node, path);
      if (found !== row) continue;
      const text = source.lines[line - 1] ?? "";
      const shown = key ?? firstKey(node, row);
      // The root: nothing of the path is there.
      if (key === undefined && node === object.node) return undefined;
      const only = shown === undefined ? onlyItem(text) : onlyKey(text, shown);
      return only ?? (await this.#exact(searched, object, path, { row, text }));
    }
    return undefined;
  }

  async #search(document: DocumentText): Promise<Searched> {
    if (this.#last?.document === document) return this.#last;
    const tree = readPlainYaml(document.text) ?? (await this.#general(document));
    const objects = tree === undefined ? new Map() : objectsByName(tree);
    this.#last = { document, tree, objects, offsets: undefined };
    return this.#last;
  }

  async #general({ text }: DocumentText): Promise<YamlNode | undefined> {
    if (!this.#pays(text)) return undefined;
    const { readGeneralYaml } = await import("../../yaml/general-yaml.ts");
    const tree = readGeneralYaml(text);
    return "message" in tree ? undefined : tree;
  }

  async #exact(
    searched: Searched,
    { items }: WrittenObject,
    path: string,
    line: { readonly row: number; readonly text: string },
  ): Promise<Columns | undefined> {
    searched.offsets ??= await this.#offsets(searched.document);
    if (searched.offsets === "none") return undefined;
    const object = items.reduce<YamlNode | undefined>(
      (list, at) => itemsAt(list, "items")[at],
      searched.offsets,
    );
    if (object === undefined) return undefined;
    const { text } = searched.document;
    const offset = offsetOf(nearestField(object, path));
    const start = text.lastIndexOf("\n", offset - 1) + 1;
    if (countLines(text, 0, start) !== line.row) return undefined;
    // A document may begin behind `--- ` on its line.
    const before = line.text.length - (text.indexOf("\n", offset) - start);
    return tokenAt(line.text, before + offset - start);
  }

  async #offsets({ text }: DocumentText): Promise<YamlNode | "none"> {
    if (!this.#pays(text)) return "none";
    const { readOffsets } = await import("../../yaml/general-yaml.ts");
    const tree = readOffsets(text);
    return "message" in tree ? "none" : tree;
  }

  #pays(text: string): boolean {
    if (text.length > this.#left) return false;
    this.#left -= text.length;
    return true;
  }
}

/** The objects of the problem's name; all of them for a problem of no object. */
function candidates({ objects, tree }: Searched, { object }: Problem): readonly WrittenObject[] {
  if (tree === undefined) return [];
  if (object === undefined) return [{ node: tree, items: [] }];
  return (objects.get(object.name) ?? []).slice(0, MOST_OBJECTS);
}

/** The first key of a map that begins on a row. */
function firstKey(node: YamlNode, row: number): string | undefined {
  if (node.kind !== "map") return undefined;
  const [first] = node.entries;
  return first !== undefined && first[1].line === row ? first[0] : undefined;
}

/** An item that is a map is shown by its first key. */
function offsetOf({ line, key, node }: ReturnType<typeof nearestField>): number {
  if (key !== undefined || node.kind !== "map") return line;
  const [first] = node.entries.values();
  return first?.line ?? line;
}
