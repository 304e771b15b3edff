import { type DocumentText, splitDocuments } from "../../yaml/documents.ts";

/** The text of a file by lines and documents. */
export class SourceFile {
  readonly text: string;
  #lines: readonly string[] | undefined;
  #documents: readonly DocumentText[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Without their ends, without byte order mark. */
  get lines(): readonly string[] {
    this.#lines ??= this.text.replace(/^\uFEFF/, "").split(/\r?\n/);
    return this.#lines;
  }

  get documents(): readonly DocumentText[] {
    this.#documents ??= [...splitDocuments(this.text)];
    return this.#documents;
  }

  /** The document that holds a 1-based line, or the last one before it. */
  documentAt(line: number): DocumentText | undefined {
    const { documents } = this;
    let [low, high] = [0, documents.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((documents[middle]?.line ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    return documents[low - 1];
  }
}
