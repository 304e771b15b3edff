import type { Origin } from "../model/resource.ts";
import type { SourceDocument } from "./source-document.ts";

/** Where an object is written, as its document stands now. */
export class WrittenOrigin implements Origin {
  readonly #source: SourceDocument;
  /** 0-based first line in the document. */
  readonly #firstLine: number;
  readonly #items: readonly number[];

  constructor(source: SourceDocument, firstLine: number, items: readonly number[] = []) {
    this.#source = source;
    this.#firstLine = firstLine;
    this.#items = items;
  }

  get file(): string {
    return this.#source.file;
  }

  get document(): number {
    return this.#source.index;
  }

  get line(): number {
    return this.#source.line + this.#firstLine;
  }

  lineOf(field: string): number {
    return this.#source.line + this.#source.lineOf(this.#items, metadataField(field));
  }

  /** The origin of an object in this List. */
  ofItem(at: number, firstLine: number): WrittenOrigin {
    return new WrittenOrigin(this.#source, firstLine, [...this.#items, at]);
  }
}

/** The API server omits `metadata.` before `annotations.…` in one message. */
export function metadataField(field: string): string {
  return field.startsWith("annotations.") ? `metadata.${field}` : field;
}
