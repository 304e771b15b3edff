import { takeBracket } from "./bracket.ts";
import { takeEscapedRune, takeEscapedSet } from "./escapes.ts";
import { takeGroupOpening } from "./group-opening.ts";
import { orbit } from "./orbit.ts";
import { Re2Reader, type SyntaxFlags } from "./reader.ts";
import { takeRepeat } from "./repeat.ts";
import { ANY_RUNE, anyCase, NO_LINE_END } from "./rune-set.ts";
import { Re2SyntaxError } from "./syntax-error.ts";
import { type Edge, type SyntaxForm, type SyntaxNode, syntaxNode } from "./syntax-node.ts";

export interface Syntax {
  readonly kind: "syntax";
  readonly node: SyntaxNode;
  /** The name of each group; `""` without one. Names may repeat. */
  readonly names: readonly string[];
}

/** `why` in Go's words. */
export interface SyntaxRefusal {
  readonly kind: "refused";
  readonly why: string;
}

/** A group that is open; the whole expression is one without number. */
interface Open {
  readonly index: number | undefined;
  readonly branches: SyntaxNode[];
  items: SyntaxNode[];
  /** Those of the text around it. */
  readonly flags: SyntaxFlags;
}

/** 128 MB of Go's instructions (regexp/syntax/parse.go, maxSize). */
const MOST_SIZE = Math.floor((128 * 1024 * 1024) / 40);
const MOST_HEIGHT = 1000;

const EDGE_LETTERS: ReadonlyMap<string, Edge> = new Map([
  ["A", "text start"],
  ["z", "text end"],
  ["b", "word boundary"],
  ["B", "no word boundary"],
]);

/**
 * Reads an expression as Go's regexp does: RE2 without `\C`, with Perl's classes and Unicode's properties. Errors are found in
 * Go's order. Source: parse() in regexp/syntax/parse.go.
 */
export function readSyntax(source: string, letters: "any case" | "exact case"): Syntax | SyntaxRefusal {
  const reader = new Re2Reader(source, { i: letters === "any case", m: false, s: false, U: false });
  try {
    return new SyntaxParser(reader).parse();
  } catch (error) {
    if (error instanceof Re2SyntaxError) return { kind: "refused", why: error.message };
    throw error;
  }
}

class SyntaxParser {
  readonly #reader: Re2Reader;
  readonly #names: string[] = [];
  /** Groups around the innermost one. No recursion: brackets may be nested by the thousand. */
  readonly #around: Open[] = [];
  #open: Open;

  constructor(reader: Re2Reader) {
    this.#reader = reader;
    this.#open = { index: undefined, branches: [], items: [], flags: reader.flags };
  }

  parse(): Syntax {
    const reader = this.#reader;
    /** Where the repeat right before this place begins. */
    let repeated: number | undefined;
    while (!reader.ended) {
      const start = reader.at;
      const repeat = takeRepeat(reader, this.#open.items, repeated);
      repeated = repeat === undefined ? undefined : start;
      if (repeat === undefined) this.#takeItem();
      else this.#replaceLast(repeat);
    }
    if (this.#around.length > 0) reader.refuse("missing closing )", reader.source);
    return { kind: "syntax", node: this.#closed(this.#open), names: this.#names };
  }

  #takeItem(): void {
    const reader = this.#reader;
    switch (reader.peek()) {
      case "(":
        this.#openGroup();
        return;
      case ")":
        this.#closeGroup();
        return;
      case "|":
        reader.at++;
        this.#endBranch(this.#open);
        return;
      case "^":
        this.#addEdge(1, reader.flags.m ? "line start" : "text start");
        return;
      case "$":
        this.#addEdge(1, reader.flags.m ? "line end" : "text end");
        return;
      case ".":
        reader.at++;
        this.#add({ kind: "set", set: reader.flags.s ? ANY_RUNE : NO_LINE_END });
        return;
      case "[":
        this.#add({ kind: "set", set: takeBracket(reader) });
        return;
      case "\\":
        this.#takeEscape();
        return;
      default:
        this.#addRune(reader.takeRune());
    }
  }

  #takeEscape(): void {
    const reader = this.#reader;
    const letter = reader.peek(1);
    const edge = EDGE_LETTERS.get(letter);
    if (edge !== undefined) this.#addEdge(2, edge);
    else if (letter === "Q") this.#addQuoted();
    else if (letter === "C") reader.refuse("invalid escape sequence", "\\C");
    else {
      const set = takeEscapedSet(reader);
      if (set === undefined) this.#addRune(takeEscapedRune(reader));
      else this.#add({ kind: "set", set });
    }
  }

  /** `\Q…\E`; to the end without `\E`. */
  #addQuoted(): void {
    const reader = this.#reader;
    reader.at += 2;
    const end = reader.source.indexOf("\\E", reader.at);
    const stop = end < 0 ? reader.source.length : end;
    while (reader.at < stop) this.#addRune(reader.takeRune());
    reader.takeIf("\\E");
  }

  #openGroup(): void {
    const reader = this.#reader;
    const { flags } = reader;
    const opening = takeGroupOpening(reader);
    if (opening.kind === "flags") return;
    if (opening.kind === "capture") this.#names.push(opening.name);
    const index = opening.kind === "capture" ? this.#names.length : undefined;
    this.#around.push(this.#open);
    this.#open = { index, branches: [], items: [], flags };
  }

  #closeGroup(): void {
    const reader = this.#reader;
    const around = this.#around.pop() ?? reader.refuse("unexpected )", reader.source);
    reader.at++;
    const { index, flags } = this.#open;
    const item = this.#closed(this.#open);
    this.#open = around;
    reader.flags = flags;
    if (index === undefined) this.#addNode(item);
    else this.#add({ kind: "capture", index, item });
  }

  #closed(open: Open): SyntaxNode {
    this.#endBranch(open);
    const [only] = open.branches;
    if (only !== undefined && open.branches.length === 1) return only;
    return this.#held({ kind: "choice", branches: open.branches });
  }

  #endBranch(open: Open): void {
    const { items } = open;
    const [only] = items;
    open.branches.push(
      only !== undefined && items.length === 1 ? only : this.#held({ kind: "sequence", items }),
    );
    open.items = [];
  }

  #addEdge(length: number, edge: Edge): void {
    this.#reader.at += length;
    this.#add({ kind: "edge", edge });
  }

  #addRune(rune: number): void {
    const isCased = this.#reader.flags.i && orbit(rune).length > 1;
    this.#add(isCased ? { kind: "set", set: anyCase(rune) } : { kind: "rune", rune });
  }

  #add(form: SyntaxForm): void {
    this.#addNode(this.#held(form));
  }

  #addNode(node: SyntaxNode): void {
    this.#open.items.push(node);
  }

  #replaceLast(form: SyntaxForm): void {
    this.#open.items[this.#open.items.length - 1] = this.#held(form);
  }

  /** A node within Go's limits. */
  #held(form: SyntaxForm): SyntaxNode {
    const node = syntaxNode(form);
    const { source } = this.#reader;
    if (node.size > MOST_SIZE) this.#reader.refuse("expression too large", source);
    if (node.height > MOST_HEIGHT) this.#reader.refuse("expression nests too deeply", source);
    return node;
  }
}
