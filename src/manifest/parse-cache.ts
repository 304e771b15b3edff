import type { Problem } from "../model/problem.ts";
import type { DocumentText, KnownText } from "../yaml/documents.ts";
import type { ObjectOutcome } from "./object.ts";
import { type SourceDocument, Trees } from "./source-document.ts";

/** A document that was read, with what came of it. */
export interface ReadText {
  readonly source: SourceDocument;
  readonly outcome: ObjectOutcome;
  /** Where the document stood when `outcome` was made. */
  readonly madeAt: Pick<DocumentText, "line" | "index">;
  /** Makes the outcome for another place. default: its problems only move. */
  readonly again?: ((document: DocumentText) => ObjectOutcome) | undefined;
}

/**
 * The documents of one file by text; unchanged ones are not read again, wherever they stand now. Of documents with
 * equal text each is one of its own: the second stays the second.
 */
export interface ParseCache {
  documents: DocumentsByText;
  /** The same, in their order. */
  order: readonly ReadText[];
  readonly trees: Trees;
}

type DocumentsByText = ReadonlyMap<string, readonly ReadText[]>;

/** `trees`: shared by the files of a program */
export function createParseCache(trees: Trees = new Trees()): ParseCache {
  return { documents: new Map(), order: [], trees };
}

/** How many documents may be left out, and those behind them are still found by their place. */
const LOOK_AHEAD = 1_000;

/** One pass over a file's documents. The cache changes at its end, all at once. */
export class Pass {
  readonly #cache: ParseCache;
  readonly #documents = new Map<string, ReadText[]>();
  readonly #order: ReadText[] = [];
  /** In the order of the last pass, the document behind the last one that is still there. */
  #expected = 0;
  /** What was known of the document in hand. */
  #found: ReadText | undefined;
  /** How many new documents came since. */
  #newcomers = 0;
  readonly #moved: { readonly read: ReadText; readonly line: number; readonly index: number }[] = [];

  constructor(cache: ParseCache) {
    this.#cache = cache;
  }

  /** The document of the last pass that probably stands at a place: the next one, or behind one that is gone or changed. */
  readonly knownAt = (text: string, from: number): KnownText | undefined => {
    const { order } = this.#cache;
    for (const further of [0, 1, this.#newcomers]) {
      const source = order[this.#expected + further]?.source;
      // A piece is compared by the word, which `startsWith` does by the character.
      if (source !== undefined && text.slice(from, from + source.text.length) === source.text) return source;
    }
    return undefined;
  };

  /** What is known of a document from the last pass. */
  known({ text }: DocumentText): ReadText | undefined {
    const already = this.#documents.get(text)?.length ?? 0;
    this.#found = this.#cache.documents.get(text)?.[already];
    return this.#found;
  }

  add(read: ReadText, { line, index }: DocumentText): void {
    const { source } = read;
    const same = this.#documents.get(source.text);
    if (same === undefined) this.#documents.set(source.text, [read]);
    else same.push(read);
    this.#order.push(read);
    if (read === this.#found) this.#follow(read);
    else this.#newcomers += 1;
    if (source.line !== line || source.index !== index) this.#moved.push({ read, line, index });
  }

  end(): void {
    for (const { read, line, index } of this.#moved) read.source.moveTo(line, index);
    this.#cache.documents = this.#documents;
    this.#cache.order = this.#order;
  }

  #follow(read: ReadText): void {
    const { order } = this.#cache;
    const end = Math.min(this.#expected + LOOK_AHEAD, order.length);
    for (let at = this.#expected; at < end; at++)
      if (order[at] === read) {
        [this.#expected, this.#newcomers] = [at + 1, 0];
        return;
      }
  }
}

/** The outcome of a document where it stands now. */
export function outcomeAt({ outcome, madeAt, again }: ReadText, document: DocumentText): ObjectOutcome {
  const lines = document.line - madeAt.line;
  if (again !== undefined) return lines === 0 && document.index === madeAt.index ? outcome : again(document);
  if (lines === 0 || outcome.problems.length === 0) return outcome;
  return { ...outcome, problems: outcome.problems.map((problem) => moved(problem, lines)) };
}

function moved(problem: Problem, lines: number): Problem {
  return problem.line === undefined ? problem : { ...problem, line: problem.line + lines };
}
