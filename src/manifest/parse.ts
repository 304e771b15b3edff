import { append } from "../append.ts";
import { CODES } from "../errors.ts";
import type { ObjectRef, Problem } from "../model/problem.ts";
import type { Resource } from "../model/resource.ts";
import { type DocumentText, splitDocuments } from "../yaml/documents.ts";
import { type General, readPlainly } from "../yaml/yaml.ts";
import { kindReadPast, readDocument, type Tree, unparsedDocument, unreadDocument } from "./document.ts";
import { templateAction } from "./helm.ts";
import type { ObjectOutcome } from "./object.ts";

export interface ParsedText {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  readonly passedOver: ReadonlyMap<string, number>;
  /** Documents (or List items) left out as a whole, with their likely object and the faulty line. */
  readonly refused: readonly {
    readonly document: number;
    readonly line: number;
    readonly object: ObjectRef;
    readonly text: string;
  }[];
  /** Skipped documents, each with the problem to report if an object stood in its place before. */
  readonly unclear: readonly {
    readonly line: number;
    readonly text: string;
    readonly problem: () => Problem;
  }[];
}

/** Results of earlier parses of one file by document text; unchanged documents are not parsed again. */
export interface ParseCache {
  documents: ReadonlyMap<string, CachedDocument>;
}

interface CachedDocument {
  readonly tree: Tree | undefined;
  readonly place: string;
  readonly outcome: ObjectOutcome;
}

export function createParseCache(): ParseCache {
  return { documents: new Map() };
}

/** The general reader's tree, or its exception. */
export type GeneralTree = { readonly tree: Tree } | { readonly error: unknown };

/**
 * A parse in steps: one per document, and one per document for the general reader, which is answered with its
 * tree.
 */
export type ParseSteps = Generator<General | undefined, ParsedText, Tree | undefined>;

/** Reads general YAML in this thread. */
export async function readHere({ general }: General): Promise<GeneralTree> {
  try {
    const { readGeneralYaml } = await import("../yaml/general-yaml.ts");
    return { tree: readGeneralYaml(general) };
  } catch (error) {
    return { error };
  }
}

/** Goes on to the next step with the tree that the last one asked for. */
export function answered(steps: ParseSteps, answer: GeneralTree): ReturnType<ParseSteps["next"]> {
  return "tree" in answer ? steps.next(answer.tree) : steps.throw(answer.error);
}

/**
 * Parses the text of a file, step by step. Never throws: faults are in `problems`, and a bad document affects only
 * itself. `namespace` is for objects that name none. Updates the cache, with which only changed documents are parsed.
 */
export function* parseSteps(
  text: string,
  file: string,
  namespace: string,
  cache: ParseCache | undefined,
): ParseSteps {
  const documents = new Map<string, CachedDocument>();
  const resources: Resource[] = [];
  const problems: Problem[] = [];
  const passedOver = new Map<string, number>();
  const refused: ParsedText["refused"][number][] = [];
  const unclear: ParsedText["unclear"][number][] = [];
  let template: Problem | undefined;
  for (const document of splitDocuments(text)) {
    const cached = yield* readCached(document, file, namespace, cache?.documents.get(document.text));
    if (cache !== undefined) documents.set(document.text, cached);
    const { outcome } = cached;
    append(resources, outcome.resources);
    append(problems, outcome.problems);
    for (const kind of outcome.passedOver) passedOver.set(kind, (passedOver.get(kind) ?? 0) + 1);
    for (const object of outcome.refused) {
      const line = outcome.problems.find((problem) => problem.level === "error")?.line ?? document.line;
      refused.push({ document: document.index, line, object, text: document.text });
    }
    if (outcome.unclear !== undefined)
      unclear.push({ line: document.line, text: document.text, problem: outcome.unclear });
    if (outcome.unrendered) template ??= templateProblem(document, file);
    yield undefined;
  }
  if (template !== undefined) problems.push(template);
  if (cache !== undefined) cache.documents = documents;
  return { resources, problems, passedOver, refused, unclear };
}

function* readCached(
  document: DocumentText,
  file: string,
  namespace: string,
  cached: CachedDocument | undefined,
): Generator<General | undefined, CachedDocument, Tree | undefined> {
  const place = `${file}:${document.line}:${document.index}`;
  if (cached?.place === place) return cached;
  const kind = cached === undefined ? kindReadPast(document.text) : undefined;
  if (kind !== undefined) return { tree: undefined, place, outcome: unparsedDocument(kind, document, file) };
  if (cached !== undefined && cached.tree === undefined) return cached;
  try {
    const read = cached?.tree ?? readPlainly(document.text);
    const tree = "general" in read ? yield read : read;
    if (tree === undefined) throw new Error("a general document was not answered");
    return { tree, place, outcome: readDocument(document, tree, file, namespace) };
  } catch (error) {
    return { tree: undefined, place, outcome: unreadDocument(error, document, file, namespace) };
  }
}

/** Once per file: a chart has many templates with the same fix. */
function templateProblem(document: DocumentText, file: string): Problem {
  const found = templateAction(document.text);
  return {
    code: "helm-template",
    level: "error",
    message: `a Helm template, not a manifest: ${found?.action ?? "{{ … }}"} is not rendered`,
    fix: CODES["helm-template"],
    file,
    line: document.line + (found?.line ?? 0),
  };
}
