import type { Ingress } from "../../model/resource.ts";
import { countLines } from "../../yaml/documents.ts";
import { itemsAt, stringAt } from "../../yaml/node.ts";
import { readYaml } from "../../yaml/read-yaml.ts";
import type { Edit } from "../edit.ts";
import { NotEdited } from "../written.ts";
import { type PlacedDocument, WrittenFile } from "../written-file.ts";
import { commentsByLine, type WrittenComment } from "./comments.ts";
import { editedText } from "./edited.ts";
import type { MadeObject } from "./made.ts";
import type { InPlace } from "./target.ts";
import { type CommentOf, yamlOf } from "./write-yaml.ts";

/** An Ingress that stays, and why. */
export interface Unreplaced {
  readonly ingress: Ingress;
  readonly why: string;
}

/** The comments of the document of an Ingress that nothing stands for; none when it is asked again. */
export type CommentsOfGone = (ingress: Ingress) => readonly string[];

export function commentsOfGone(
  files: readonly { readonly file: string; readonly text: string }[],
  made: ReadonlyMap<Ingress, InPlace>,
): CommentsOfGone {
  const used = new Set<Ingress>();
  return (ingress) => {
    const replacement = made.get(ingress);
    const isGone = Array.isArray(replacement) && replacement.length === 0;
    const { file, document } = ingress.origin;
    const text = files.find((each) => each.file === file)?.text;
    if (!isGone || text === undefined || used.has(ingress)) return [];
    used.add(ingress);
    const own = new WrittenFile(text).documents.find(({ index }) => index === document);
    const comments = [...commentsByLine(own?.text ?? "")].sort(([a], [b]) => a - b);
    return comments.flatMap(([, { before, behind }]) => [
      ...before,
      ...(behind === undefined ? [] : [behind]),
    ]);
  };
}

interface Replacements {
  readonly made: ReadonlyMap<Ingress, InPlace>;
  readonly goneComments: CommentsOfGone;
}

/** The text of a file with other objects in the place of its Ingresses. Every other document keeps its bytes. */
export function replacedText(
  text: string,
  file: string,
  made: ReadonlyMap<Ingress, InPlace>,
  goneComments: CommentsOfGone,
): { readonly text: string; readonly unreplaced: readonly Unreplaced[] } {
  const written = new WrittenFile(text);
  const byDocument = new Map<number, Ingress[]>();
  for (const ingress of made.keys())
    if (ingress.origin.file === file)
      byDocument.set(ingress.origin.document, [...(byDocument.get(ingress.origin.document) ?? []), ingress]);
  const edits: Edit[] = [];
  const unreplaced: Unreplaced[] = [];
  for (const document of written.documents) {
    const own = byDocument.get(document.index) ?? [];
    if (own.length === 0) continue;
    const why = notWhole(document.text, own.length);
    const found = why === undefined ? editFor(document, own, { made, goneComments }, text) : { why };
    if ("why" in found) for (const ingress of own) unreplaced.push({ ingress, why: found.why });
    else edits.push(found);
  }
  return { text: written.edited(edits), unreplaced };
}

/** Why a document cannot be replaced as a whole. */
function notWhole(text: string, count: number): string | undefined {
  const tree = readYaml(text);
  if ("message" in tree) return "its document cannot be read alone";
  if (!(stringAt(tree, "kind") ?? "").endsWith("List")) return undefined;
  return itemsAt(tree, "items").length === count
    ? undefined
    : "it stands in a List with other objects: write it as a document of its own";
}

function editFor(
  document: PlacedDocument,
  ingresses: readonly Ingress[],
  replacements: Replacements,
  whole: string,
): Edit | { readonly why: string } {
  const [only, ...others] = ingresses.map((ingress) => replacements.made.get(ingress) ?? []);
  if (only === undefined || !("edits" in only)) return editOf(document, ingresses, replacements, whole);
  if (others.length > 0) return { why: "it stands in a List: write it as a document of its own" };
  const { text, offset } = document;
  try {
    const fresh = editedText(text, only.edits);
    const { from } = contentOf(fresh);
    const before = only.before.map((object) => `${yamlOf(object, () => undefined)}---\n`);
    const next = `${fresh.slice(0, from)}${before.join("")}${fresh.slice(from)}`;
    return { from: offset, to: offset + text.length, text: next };
  } catch (error) {
    if (error instanceof NotEdited) return { why: error.message };
    throw error;
  }
}

function editOf(
  document: PlacedDocument,
  ingresses: readonly Ingress[],
  replacements: Replacements,
  whole: string,
): Edit {
  const { text, offset } = document;
  const fresh = ingresses.flatMap((ingress) => writtenAs(ingress, replacements, document));
  const { from, to } = contentOf(text);
  if (fresh.length > 0) return { from: offset + from, to: offset + to, text: fresh.join("---\n") };
  // Nothing takes its place, so its separator goes as well.
  const before = whole.slice(0, offset).lastIndexOf("---\n");
  const start = before >= 0 && before + "---\n".length === offset ? before : offset;
  return { from: start, to: offset + text.length, text: "" };
}

function writtenAs(
  ingress: Ingress,
  { made, goneComments }: Replacements,
  document: PlacedDocument,
): readonly string[] {
  const replacement = made.get(ingress) ?? [];
  if ("edits" in replacement) return [];
  const own = commentsOf(ingress, document);
  const commentOf: CommentOf = (field) =>
    typeof field === "string" ? own(field) : { before: goneComments(field) };
  return replacement.map((object: MadeObject) => yamlOf(object, commentOf));
}

/** Each comment once. */
function commentsOf(ingress: Ingress, { text, line }: PlacedDocument) {
  const comments = commentsByLine(text);
  const first = countLines(text, 0, contentOf(text).from);
  const used = new Set<number>();
  return (field: string): WrittenComment | undefined => {
    const at = ingress.origin.lineOf(field) - line;
    if (used.has(at)) return undefined;
    used.add(at);
    const found = comments.get(at);
    // What stands before the document's content stays where it is.
    return found && at === first ? { before: [], behind: found.behind } : found;
  };
}

/** From the first line with content to the end of the last. */
function contentOf(text: string): { readonly from: number; readonly to: number } {
  let from: number | undefined;
  let to = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at) + 1 || text.length;
    if (/^\s*[^\s#]/.test(text.slice(at, end))) {
      from ??= at;
      to = end;
    }
    at = end;
  }
  return { from: from ?? 0, to };
}
