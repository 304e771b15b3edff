import { CODES } from "../errors.ts";
import { internalProblem } from "../internal.ts";
import type { ObjectRef, Problem } from "../model/problem.ts";
import type { DocumentText } from "../yaml/documents.ts";
import type { YamlNode } from "../yaml/node.ts";
import type { SyntaxFault } from "../yaml/syntax-fault.ts";
import { templateAction } from "./helm.ts";
import { classify } from "./kinds.ts";
import { NOT_KUBERNETES, type ObjectOutcome, readObject } from "./object.ts";
import { WrittenOrigin } from "./origin.ts";
import type { SourceDocument } from "./source-document.ts";

export type Tree = YamlNode | SyntaxFault;

const NOTHING: ObjectOutcome = {
  resources: [],
  problems: [],
  passedOver: [],
  refused: [],
  unrendered: false,
};
/** From this size on a text search is cheaper than parsing (`package-lock.json`, data sets). unit: chars */
const LARGE = 64 * 1024;
const TOP_KIND = /kind:[ ]+["']?([A-Za-z0-9]+)["']?[ ]*(?:#.*)?$/my;
const TOP_VERSION = /apiVersion:[ ]+["']?([A-Za-z0-9./-]+)["']?[ ]*(?:#.*)?$/my;

/**
 * The kind of a document that is skipped, found without parsing. A large CustomResourceDefinition costs
 * nothing, and its mistakes are not reported.
 */
export function kindReadPast(text: string): string | undefined {
  if (text.length > LARGE && !text.includes("apiVersion") && !text.includes("kind")) return NOT_KUBERNETES;
  const [kind, again] = atMargin(text, "kind:", TOP_KIND);
  const [version] = atMargin(text, "apiVersion:", TOP_VERSION);
  if (kind === undefined || again !== undefined || version === undefined) return undefined;
  return classify(version, kind).kind === "other" ? kind : undefined;
}

/** The values of a key at the margin. A search for its name is faster than one for line starts. */
function atMargin(text: string, key: string, pattern: RegExp): readonly string[] {
  const found: string[] = [];
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    if (at > 0 && !LINE_ENDS.includes(text.charAt(at - 1))) continue;
    pattern.lastIndex = at;
    const value = pattern.exec(text)?.[1];
    if (value !== undefined) found.push(value);
  }
  return found;
}

const LINE_ENDS = "\n\r\u2028\u2029";

export function readDocument(source: SourceDocument, tree: YamlNode, namespace: string): ObjectOutcome {
  return readObject({ node: tree, origin: new WrittenOrigin(source, tree.line), namespace });
}

/** Names the document's place in words. */
export function faultyDocument(
  document: DocumentText,
  fault: SyntaxFault,
  file: string,
  namespace: string,
): ObjectOutcome {
  const mentions = MENTIONS.test(document.text);
  const object = guessObject(document.text, namespace);
  if (templateAction(document.text) !== undefined && (mentions || OPENS_ACTION.test(document.text))) {
    return { ...NOTHING, unrendered: true, refused: [object] };
  }
  const problem: Problem = {
    code: "bad-yaml",
    level: "error",
    ...(object.kind === "" ? {} : { object }),
    message: `error converting YAML to JSON: ${fault.message}`,
    fix: `${CODES["bad-yaml"]} It is document ${document.index} of the file; the others are not affected.`,
    file,
    // The parser notices a missing end after the text's last line.
    line: document.line + Math.min(fault.line, document.text.trimEnd().split("\n").length - 1),
  };
  if (!mentions) return { ...NOTHING, passedOver: [NOT_KUBERNETES], unclear: () => problem };
  return { ...NOTHING, problems: [problem], refused: [object] };
}

export function unparsedDocument(kind: string, document: SourceDocument): ObjectOutcome {
  const outcome = { ...NOTHING, passedOver: [kind] };
  if (kind !== NOT_KUBERNETES) return outcome;
  const unclear = () =>
    ({
      code: "missing-kind",
      level: "error",
      message: `Object 'Kind' is missing in '${document.text.slice(0, 200)}'`,
      fix: CODES["missing-kind"],
      file: document.file,
      line: document.line,
    }) as const;
  return { ...outcome, unclear };
}

/** A failure of ours costs only this document. */
export function unreadDocument(
  thrown: unknown,
  document: DocumentText,
  file: string,
  namespace: string,
): ObjectOutcome {
  const what = `document ${document.index} of ${file} could not be read`;
  const object = guessObject(document.text, namespace);
  const at = { ...(object.kind === "" ? {} : { object }), file, line: document.line };
  return { ...NOTHING, problems: [internalProblem(thrown, what, at)], refused: [object] };
}

/**
 * A text that means to be a Kubernetes object, in YAML or JSON. From its first line on a blank is no line end: going over
 * all blank lines from each of them takes minutes.
 */
const MENTIONS =
  /^(?:[^\S\r\n\u2028\u2029]|["'{[-])*(?:kind|apiVersion)["']?\s*:|[\s"'{,]apiVersion["']?\s*:/m;
const OPENS_ACTION = /^[^\S\r\n\u2028\u2029]*\{\{/m;

const FLOW_KIND = /[{,\s]["']?kind["']?\s*:\s*["']?([A-Za-z0-9]+)/;
const FLOW_METADATA = /["']?metadata["']?\s*:\s*\{([^{}]*)/;

/** A guess for a document with a syntax error: its top-level kind and its metadata's name. */
function guessObject(text: string, preset: string): ObjectRef {
  const inBraces = /^\s*\{/.test(text);
  const kind = (inBraces ? FLOW_KIND : /^kind:[ ]+["']?([A-Za-z0-9]+)/m).exec(text)?.[1] ?? "";
  const metadata = inBraces ? (FLOW_METADATA.exec(text)?.[1] ?? "") : belowKey(text, "metadata");
  const name = /\bname["']?:[ ]*["']?([a-z0-9.-]+)/.exec(metadata)?.[1] ?? "";
  const namespace = /\bnamespace["']?:[ ]*["']?([a-z0-9-]+)/.exec(metadata)?.[1] ?? preset;
  return { kind, namespace: kind === "IngressClass" ? "" : namespace, name };
}

/** Up to the next line that starts with neither blank nor comment. */
function belowKey(text: string, key: string): string {
  const start = text.search(new RegExp(`^${key}:`, "m"));
  if (start < 0) return "";
  const next = /\n[^ \t#\n]/g;
  next.lastIndex = start;
  return text.slice(start + key.length + 1, next.exec(text)?.index ?? text.length);
}
