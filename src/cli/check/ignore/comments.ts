import type { DocumentText } from "../../../yaml/documents.ts";
import type { SourceFile } from "../source-file.ts";

/** The lines whose problems a comment ignores. */
type Scope =
  | { readonly kind: "line"; readonly line: number }
  | { readonly kind: "document"; readonly document: DocumentText }
  | { readonly kind: "file" }
  /** There is nothing below it. */
  | { readonly kind: "nothing" };

/** `# ingress-dev-ignore: CODE[, CODE] [reason]` */
export interface IgnoreComment {
  /** 1-based. */
  readonly line: number;
  /** As written. Empty for a comment that is not of this form. */
  readonly codes: readonly string[];
  /** `""` for none. */
  readonly reason: string;
  readonly scope: Scope;
}

const WORD = "ingress-dev-ignore";
const FORM = /^#+\s*ingress-dev-ignore(?![\w-])(.*)$/;
const CODES = /^:\s*([\w-]+(?:\s*,\s*[\w-]+)*)(?:[\s,:.—-]+(.*))?$/;

/** The comments of a file that ignore problems. Text that looks so in a string or a literal block is none. */
export async function ignoreComments(source: SourceFile): Promise<readonly IgnoreComment[]> {
  if (!source.text.includes(WORD)) return [];
  const { Lexer } = await import("yaml");
  const found: IgnoreComment[] = [];
  let line = 1;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(source.lines.join("\n"))) {
    const said = isScalar ? null : FORM.exec(lexeme);
    if (said !== null) found.push({ line, ...parsed(said[1] ?? ""), scope: scopeOf(source, line) });
    // The lexer puts this sign before each scalar, which may look like a comment.
    isScalar = lexeme === "\x1f";
    line += lexeme.split("\n").length - 1;
  }
  return found;
}

function parsed(text: string): Pick<IgnoreComment, "codes" | "reason"> {
  const form = CODES.exec(text.trimEnd());
  if (form === null) return { codes: [], reason: "" };
  return { codes: (form[1] ?? "").split(/\s*,\s*/), reason: (form[2] ?? "").trim() };
}

/** Behind something: that line. Before the first key of a document: the document. Else the line below. */
function scopeOf(source: SourceFile, line: number): Scope {
  const text = source.lines[line - 1] ?? "";
  const before = text.slice(0, text.indexOf("#"));
  const document = source.documentAt(line);
  if (/^---\s/.test(text) && before.trim() === "---") {
    const next = source.documents.find((one) => one.line > line);
    return next === undefined ? { kind: "nothing" } : { kind: "document", document: next };
  }
  if (before.trim() !== "") return { kind: "line", line };
  if (document === undefined) return source.documents.length === 0 ? { kind: "nothing" } : { kind: "file" };
  const end = document.line + document.text.split("\n").length - 1;
  if (line >= end) return { kind: "nothing" };
  if (line < firstContent(document)) return { kind: "document", document };
  return lineBelow(source, line, end);
}

/** The 1-based line of a document's first key. */
function firstContent({ text, line }: DocumentText): number {
  return line + text.split("\n").findIndex((row) => /^\s*[^\s#%]/.test(row));
}

/** Further comments may stand between. */
function lineBelow({ lines }: SourceFile, line: number, end: number): Scope {
  for (let below = line + 1; below < end; below++) {
    const text = (lines[below - 1] ?? "").trim();
    if (text === "") break;
    if (!text.startsWith("#")) return { kind: "line", line: below };
  }
  return { kind: "nothing" };
}
