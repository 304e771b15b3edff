import { append } from "../append.ts";
import { CODES } from "../errors.ts";
import type { ObjectRef, Problem } from "../model/problem.ts";
import type { Resource } from "../model/resource.ts";
import { type DocumentText, ownCopy, splitDocuments } from "../yaml/documents.ts";
import { packLines } from "../yaml/packed-lines.ts";
import { type General, plainSteps } from "../yaml/yaml.ts";
import { judgeOf, loadJudge } from "./custom/judges.ts";
import { judgedGroups } from "./custom/kinds.ts";
import {
  faultyDocument,
  kindReadPast,
  readDocument,
  type Tree,
  unparsedDocument,
  unreadDocument,
} from "./document.ts";
import { templateAction } from "./helm.ts";
import { createParseCache, outcomeAt, type ParseCache, Pass, type ReadText } from "./parse-cache.ts";
import { SourceDocument, type Trees } from "./source-document.ts";

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

/** A part of the program that the next step needs. */
interface Needed {
  load(): Promise<void>;
}

/** The general reader's tree, or its exception. */
export type GeneralTree = { readonly tree: Tree } | { readonly error: unknown };

/**
 * A parse in steps: one per document, one per document for the general reader, which is answered with its tree, and one
 * for what is loaded for custom resources.
 */
export type ParseSteps = Generator<General | Needed | undefined, ParsedText, Tree | undefined>;

/** Reads general YAML in this thread. */
export async function readHere({ general, excerpt }: General): Promise<GeneralTree> {
  try {
    const { readGeneralYaml } = await import("../yaml/general-yaml.ts");
    return { tree: readGeneralYaml(general, excerpt) };
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
  cache: ParseCache = createParseCache(),
): ParseSteps {
  const pass = new Pass(cache);
  const resources: Resource[] = [];
  const problems: Problem[] = [];
  const passedOver = new Map<string, number>();
  const refused: ParsedText["refused"][number][] = [];
  const unclear: ParsedText["unclear"][number][] = [];
  let template: Problem | undefined;
  for (const document of splitDocuments(text, pass.knownAt)) {
    const read = pass.known(document) ?? (yield* readNew(document, { file, namespace, trees: cache.trees }));
    pass.add(read, document);
    const outcome = outcomeAt(read, document);
    const { source } = read;
    append(resources, outcome.resources);
    append(problems, outcome.problems);
    for (const kind of outcome.passedOver) passedOver.set(kind, (passedOver.get(kind) ?? 0) + 1);
    for (const object of outcome.refused) {
      const line = outcome.problems.find((problem) => problem.level === "error")?.line ?? document.line;
      refused.push({ document: document.index, line, object, text: source.text });
    }
    if (outcome.unclear !== undefined)
      unclear.push({ line: document.line, text: source.text, problem: outcome.unclear });
    if (outcome.unrendered) template ??= templateProblem(document, file);
    yield undefined;
  }
  if (template !== undefined) problems.push(template);
  pass.end();
  return { resources, problems, passedOver, refused, unclear };
}

interface Reading {
  readonly file: string;
  readonly namespace: string;
  readonly trees: Trees;
}

function* readNew(
  { text, line, index }: DocumentText,
  { file, namespace, trees }: Reading,
): Generator<General | Needed | undefined, ReadText, Tree | undefined> {
  const document: DocumentText = { text: ownCopy(text), line, index };
  const madeAt = { line, index };
  const sourceOf = (packedLines?: string) => new SourceDocument(file, document, packedLines, trees);
  const kind = kindReadPast(document.text);
  if (kind !== undefined) {
    const source = sourceOf();
    return { source, madeAt, outcome: unparsedDocument(kind, source) };
  }
  const again = (make: ReadText["again"] & {}): ReadText => {
    return { source: sourceOf(), madeAt, outcome: make(document), again: make };
  };
  try {
    const steps = plainSteps(document.text);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) yield undefined;
    const plain = step.value;
    const tree = "general" in plain ? yield plain : plain;
    if (tree === undefined) throw new Error("a general document was not answered");
    if ("message" in tree) return again((at) => faultyDocument(at, tree, file, namespace));
    for (const group of judgedGroups(tree)) {
      if (judgeOf(group) === undefined) yield { load: () => loadJudge(group) };
    }
    const source = sourceOf("general" in plain ? packLines(tree) : undefined);
    return { source, madeAt, outcome: readDocument(source, tree, namespace) };
  } catch (error) {
    return again((at) => unreadDocument(error, at, file, namespace));
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
