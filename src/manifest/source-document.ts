import { countLines, type DocumentText } from "../yaml/documents.ts";
import { itemsAt, lineOfField, type YamlNode } from "../yaml/node.ts";
import { unpackLines } from "../yaml/packed-lines.ts";
import { readPlainYaml } from "../yaml/plain-yaml.ts";

/**
 * Makes the tree of a document again when one of its lines is asked for: a tree takes 30 times the memory of its
 * text. Keeps the last one, because lines are asked for document by document.
 */
export class Trees {
  #document: SourceDocument | undefined;
  #tree: YamlNode | undefined;

  of(document: SourceDocument): YamlNode | undefined {
    if (this.#document === document) return this.#tree;
    const { text, packedLines } = document;
    this.#tree = packedLines === undefined ? readPlainYaml(text) : unpackLines(packedLines);
    this.#document = document;
    return this.#tree;
  }
}

/** A document of a file. Only its place changes, when something before it does: what was read of it stays. */
export class SourceDocument {
  readonly file: string;
  readonly text: string;
  readonly lines: number;
  /** Of a document that is more than plain YAML. */
  readonly packedLines: string | undefined;
  readonly #trees: Trees;
  #line: number;
  #index: number;

  constructor(file: string, document: DocumentText, packedLines: string | undefined, trees: Trees) {
    this.file = file;
    this.text = document.text;
    this.lines = countLines(document.text);
    this.packedLines = packedLines;
    this.#trees = trees;
    this.#line = document.line;
    this.#index = document.index;
  }

  /** 1-based first line in the file. */
  get line(): number {
    return this.#line;
  }

  /** 1-based number in the file. */
  get index(): number {
    return this.#index;
  }

  moveTo(line: number, index: number): void {
    this.#line = line;
    this.#index = index;
  }

  /** 0-based line of an object's field. `items`: the object's place in a List, and that List's in another. */
  lineOf(items: readonly number[], field: string): number {
    const tree = this.#trees.of(this);
    const object = items.reduce((list, at) => itemsAt(list, "items")[at], tree);
    return object === undefined ? 0 : lineOfField(object, field);
  }
}
