import { readObject } from "../manifest/object.ts";
import { WrittenOrigin } from "../manifest/origin.ts";
import { DEFAULT_NAMESPACE } from "../manifest/report.ts";
import { SourceDocument, Trees } from "../manifest/source-document.ts";
import type { ObjectRef, Problem } from "../model/problem.ts";
import { countLines } from "../yaml/documents.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { convertText, type IsLeft } from "./convert.ts";
import { applyEdits, type Edit } from "./edit.ts";
import { type Draft, draftsFor } from "./repair/drafts.ts";
import { type FoundObject, knownObjectsIn } from "./repair/objects.ts";
import { isSameTree } from "./tree.ts";
import { placeInLists, withValueAt } from "./tree-changes.ts";
import { NotEdited, WrittenDocument } from "./written.ts";
import { type PlacedDocument, WrittenFile } from "./written-file.ts";

/** One thing that was repaired. */
export interface Repair {
  /** Of the problem that it ends. */
  readonly code: string;
  readonly object: ObjectRef;
  readonly field: string | undefined;
  readonly what: string;
  /** 1-based, in the text after. */
  readonly line: number;
}

export interface Repaired {
  readonly text: string;
  readonly repairs: readonly Repair[];
  /** Documents of old versions that cannot be converted. */
  readonly problems: readonly Problem[];
}

/** Asked of each text on the way: lines move. */
type LeftIn = (text: string) => Promise<IsLeft>;

const everything: LeftIn = async () => () => false;

/** One repair may uncover the next: the API server reports an unknown field before a missing one. */
const MOST_ROUNDS = 8;

interface PlacedRepair extends Omit<Repair, "line"> {
  /** In the text as it is read. */
  readonly offset: number;
}

/**
 * Repairs what is mechanical in a file of manifests: what has one meaning only, and what the API server refuses, so that
 * nothing that works changes. Everything else stays byte for byte. `leftIn`: the problems of a text that stay.
 */
export async function repairText(text: string, file: string, leftIn: LeftIn = everything): Promise<Repaired> {
  const converted = convertText(text, file, await leftIn(text));
  let whole = converted.text;
  let repairs = shifted(
    converted.changes.map(({ object, offset, what }) => ({
      ...{ code: "old-api-version", object, field: undefined, what: what.join("; "), offset },
    })),
    converted.edits,
  );
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const written = new WrittenFile(whole);
    const isLeft = await leftIn(whole);
    const edits: Edit[] = [];
    const found: PlacedRepair[] = [];
    for (const document of written.documents) {
      const repaired = repairDocument(document, file, isLeft);
      for (const edit of repaired.edits) {
        edits.push({ ...edit, from: edit.from + document.offset, to: edit.to + document.offset });
      }
      for (const one of repaired.repairs) found.push({ ...one, offset: one.offset + document.offset });
    }
    if (edits.length === 0) break;
    whole = written.edited(edits);
    repairs = shifted([...repairs, ...found], edits);
  }
  const read = whole.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  return {
    text: whole,
    repairs: repairs.map(({ offset, ...repair }) => ({ ...repair, line: countLines(read, 0, offset) + 1 })),
    problems: converted.problems.filter(({ code }) => code === "not-converted"),
  };
}

/** The same repairs, with their places after edits. */
function shifted(repairs: readonly PlacedRepair[], edits: readonly Edit[]): readonly PlacedRepair[] {
  return repairs.map((repair) => {
    const before = edits.filter(({ from }) => from < repair.offset);
    const moved = before.reduce((sum, { from, to, text }) => sum + text.length - (to - from), 0);
    return { ...repair, offset: repair.offset + moved };
  });
}

interface RepairedDocument {
  readonly edits: readonly Edit[];
  readonly repairs: readonly PlacedRepair[];
}

const NOTHING: RepairedDocument = { edits: [], repairs: [] };

function repairDocument(document: PlacedDocument, file: string, isLeft: IsLeft): RepairedDocument {
  const tree = readYaml(document.text);
  if ("message" in tree) return NOTHING;
  const source = new SourceDocument(file, document, undefined, new Trees());
  const objects = knownObjectsIn(tree).flatMap((found) => {
    const origin = new WrittenOrigin(source, found.node.line, found.items);
    const { problems } = readObject(
      { node: found.node, origin, namespace: DEFAULT_NAMESPACE },
      found.inherited,
    );
    const wanted = problems.filter((problem) => !isLeft(problem));
    return wanted.length === 0 ? [] : [{ found, problems: wanted }];
  });
  if (objects.length === 0) return NOTHING;
  const written = new WrittenDocument(document.text);
  const drafts = objects.flatMap(({ found, problems }) =>
    problems.flatMap((problem) =>
      draftsOf(written, found, problem).map((draft) => ({ ...draft, items: found.items, problem })),
    ),
  );
  if (drafts.length === 0) return NOTHING;
  const edits = eachOnce(drafts.flatMap((draft) => draft.edits));
  const expected = drafts.reduce(
    (whole, { items, change }) => withValueAt(whole, placeInLists(items), change),
    tree,
  );
  const after = readYaml(applyEdits(document.text, edits));
  // What an anchor shares with other places is not changed by a repair of one.
  if ("message" in after || !isSameTree(after, expected)) return NOTHING;
  return {
    edits,
    repairs: drafts.map(({ problem, field, what, edits: own }) => ({
      ...{ code: problem.code, object: problem.object ?? NO_OBJECT, field, what, offset: own[0]?.from ?? 0 },
    })),
  };
}

const NO_OBJECT: ObjectRef = { kind: "", namespace: "", name: "" };

function draftsOf(document: WrittenDocument, found: FoundObject, problem: Problem): readonly Draft[] {
  try {
    return draftsFor(document, found, problem);
  } catch (error) {
    if (!(error instanceof NotEdited)) throw error;
    return [];
  }
}

/** Aliases of one anchor ask for the same edit. */
function eachOnce(edits: readonly Edit[]): readonly Edit[] {
  return [...new Map(edits.map((edit) => [`${edit.from} ${edit.to} ${edit.text}`, edit])).values()];
}
