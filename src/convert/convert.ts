import { counted } from "../counted.ts";
import { CODES } from "../errors.ts";
import { kindReadPast } from "../manifest/document.ts";
import type { ParsedText } from "../manifest/parse.ts";
import type { ObjectRef, Problem } from "../model/problem.ts";
import { countLines } from "../yaml/documents.ts";
import { lineOfField } from "../yaml/node.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { applyEdits, type Edit } from "./edit.ts";
import { type Counts, DocumentEdits } from "./ingress-edits.ts";
import { convertedTree } from "./meaning.ts";
import { CURRENT, type OldObject, oldObjectsIn } from "./old-objects.ts";
import { parseHere } from "./parse-here.ts";
import { isSameTree } from "./tree.ts";
import { NotEdited, WrittenDocument } from "./written.ts";
import { type PlacedDocument, WrittenFile } from "./written-file.ts";

/** One object that was changed. */
export interface ObjectChange {
  readonly object: ObjectRef;
  /** 1-based, in the text before. */
  readonly line: number;
  /** In the text as it is read, before. */
  readonly offset: number;
  readonly what: readonly string[];
}

export interface Converted {
  readonly text: string;
  readonly changes: readonly ObjectChange[];
  /** Of the text as it is read: without byte order mark and CR. */
  readonly edits: readonly Edit[];
  /** Objects and problems of the text before. */
  readonly parsed: ParsedText;
  /** Errors: a document that cannot be read, or not be converted. The text is then not to be used. Notices: templates. */
  readonly problems: readonly Problem[];
}

/** True for a problem that is not to be repaired. */
export type IsLeft = (problem: Pick<Problem, "code" | "file" | "line">) => boolean;

/** Longer documents of old versions are not converted: to find the places of values takes seconds a megabyte. unit: chars */
const LONGEST = 8 * 1024 * 1024;

/**
 * Writes the Ingresses and IngressClasses of old versions in a file as `networking.k8s.io/v1`. Everything else stays byte
 * for byte. What was written is read again, and must mean what the API server makes of the old version.
 */
export function convertText(text: string, file: string, isLeft: IsLeft = () => false): Converted {
  const parsed = parseHere(text, file);
  const unread = parsed.problems.filter(({ code }) => UNREADABLE.has(code));
  const problems: Problem[] = unread.map(asConverted);
  const written = new WrittenFile(text);
  const edits: Edit[] = [];
  const changes: ObjectChange[] = [];
  for (const document of written.documents) {
    const outcome = convertDocument(document, file, isLeft);
    if ("problem" in outcome) problems.push(outcome.problem);
    else {
      for (const edit of outcome.edits) {
        edits.push({ ...edit, from: edit.from + document.offset, to: edit.to + document.offset });
      }
      for (const change of outcome.changes) changes.push(change);
    }
  }
  return { text: written.edited(edits), edits, changes, parsed, problems };
}

const UNREADABLE: ReadonlySet<string> = new Set(["bad-yaml", "internal", "helm-template"]);

function asConverted(problem: Problem): Problem {
  if (problem.code === "helm-template") {
    const fix = "It is left as it is. To convert what it renders: helm template . | ingress-dev convert -";
    return { ...problem, level: "notice", fix };
  }
  return problem.code === "bad-yaml" ? { ...problem, fix: CODES["bad-yaml"] } : problem;
}

type DocumentOutcome =
  | { readonly edits: readonly Edit[]; readonly changes: readonly ObjectChange[] }
  | { readonly problem: Problem };

const UNCHANGED: DocumentOutcome = { edits: [], changes: [] };

function convertDocument(document: PlacedDocument, file: string, isLeft: IsLeft): DocumentOutcome {
  const { text } = document;
  if (kindReadPast(text) !== undefined) return UNCHANGED;
  const tree = readYaml(text);
  if ("message" in tree) return UNCHANGED;
  const objects = oldObjectsIn(tree).filter(({ node }) => {
    return !isLeft({ code: "old-api-version", file, line: document.line + lineOfField(node, "apiVersion") });
  });
  const [first] = objects;
  if (first === undefined) return UNCHANGED;
  const refused = (why: string, line: number) =>
    ({ problem: notConverted(why, first.ref, file, document.line + line) }) as const;
  if (text.length > LONGEST) return refused(`the document has more than ${LONGEST} characters`, 0);
  try {
    const making = new DocumentEdits(new WrittenDocument(text));
    const changes = objects.map((object) => changeOf(object, making.object(object), document));
    const after = readYaml(applyEdits(text, making.edits));
    if ("message" in after || !isSameTree(after, convertedTree(tree, objects))) {
      return refused("an anchor or a merge key (<<) shares lines that the new version writes apart", 0);
    }
    return { edits: making.edits, changes: changes.filter(({ what }) => what.length > 0) };
  } catch (error) {
    if (!(error instanceof NotEdited)) throw error;
    return refused(error.message, countLines(text, 0, error.offset));
  }
}

function notConverted(why: string, object: ObjectRef, file: string, line: number): Problem {
  return {
    code: "not-converted",
    level: "error",
    object,
    message: `cannot be converted in place: ${why}`,
    fix: CODES["not-converted"],
    file,
    line,
  };
}

function changeOf(
  { apiVersion, node, ref }: OldObject,
  counts: Counts,
  document: PlacedDocument,
): ObjectChange {
  const what = [
    ...(counts.apiVersion > 0 ? [`apiVersion ${apiVersion} → ${CURRENT}`] : []),
    ...(counts.defaultBackend > 0 ? ["spec.backend → spec.defaultBackend"] : []),
    ...(counts.backends > 0 ? [`${counted(counts.backends, "backend")} → service`] : []),
    ...(counts.pathTypes > 0
      ? [`${counted(counts.pathTypes, "pathType")}: ImplementationSpecific added`]
      : []),
  ];
  const line = lineOfField(node, "apiVersion");
  return {
    object: ref,
    line: document.line + line,
    offset: document.offset + startOf(document.text, line),
    what,
  };
}

/** The offset of a 0-based line. */
function startOf(text: string, line: number): number {
  let offset = 0;
  for (let at = 0; at < line; at++) offset = text.indexOf("\n", offset) + 1;
  return offset;
}
