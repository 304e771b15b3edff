import { type DocumentText, splitDocuments } from "../yaml/documents.ts";
import { applyEdits, type Edit } from "./edit.ts";

/** A document, and where it begins in its file's text as it is read: without byte order mark and CR. */
export interface PlacedDocument extends DocumentText {
  readonly offset: number;
}

/** A file's text: its documents, and edits of what was read as edits of what is written. */
export class WrittenFile {
  readonly documents: readonly PlacedDocument[];
  readonly #written: string;
  /** Offsets in the read text of line ends that are written as CRLF. */
  readonly #crlf: readonly number[];
  readonly #mark: number;

  constructor(written: string) {
    this.#written = written;
    this.#mark = written.startsWith("\uFEFF") ? 1 : 0;
    const crlf: number[] = [];
    for (let at = written.indexOf("\r\n"); at >= 0; at = written.indexOf("\r\n", at + 2)) {
      crlf.push(at - this.#mark - crlf.length);
    }
    this.#crlf = crlf;
    this.documents = placed(written.slice(this.#mark).replaceAll("\r\n", "\n"), splitDocuments(written));
  }

  /** The written text with edits of the read one. */
  edited(edits: readonly Edit[]): string {
    return applyEdits(
      this.#written,
      edits.map((edit) => this.#asWritten(edit)),
    );
  }

  #asWritten({ from, to, text }: Edit): Edit {
    const start = this.#offset(from);
    const fresh = text.replaceAll("\n", this.#lineEndAt(start));
    if (start <= this.#written.length) return { from: start, to: this.#offset(to), text: fresh };
    // Behind a last line without end: the reader adds one.
    const end = this.#written.length;
    return { from: end, to: end, text: `${this.#lineEndAt(end)}${fresh.trimEnd()}` };
  }

  #offset(read: number): number {
    let low = 0;
    let high = this.#crlf.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#crlf[middle] ?? 0) < read) low = middle + 1;
      else high = middle;
    }
    return read + low + this.#mark;
  }

  /** As the line itself ends, else as the line before. */
  #lineEndAt(offset: number): string {
    const text = this.#written;
    const next = text.indexOf("\n", offset);
    const end = next < 0 ? text.lastIndexOf("\n", offset - 1) : next;
    return end > 0 && text[end - 1] === "\r" ? "\r\n" : "\n";
  }
}

/** A document is an exact piece of the text that holds no separator, so the next place that it is found at is its own. */
function placed(read: string, documents: Iterable<DocumentText>): readonly PlacedDocument[] {
  const found: PlacedDocument[] = [];
  const text = read.endsWith("\n") ? read : `${read}\n`;
  let from = 0;
  for (const document of documents) {
    const offset = text.indexOf(document.text, from);
    from = offset + document.text.length;
    found.push({ ...document, offset });
  }
  return found;
}
