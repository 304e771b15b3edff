import { CODES, type Code } from "../errors.ts";
import type { ObjectRef, Problem, ProblemLevel } from "../model/problem.ts";
import type { Metadata, Origin } from "../model/resource.ts";
import { items as itemsOf, lineOf, type Node, text, texts } from "../yaml/node.ts";

/** An object in its file. */
export interface Written {
  readonly node: Node;
  readonly file: string;
  readonly document: number;
  /** 1-based line of the file on which the document starts; 0 for an object of a cluster. */
  readonly firstLine: number;
  /** Where an object is that names no namespace. */
  readonly namespace: string;
}

/** Where `kubectl apply` puts an object that names no namespace, unless the context or `-n` names another. */
export const DEFAULT_NAMESPACE = "default";

/** Collects the problems of one object. */
export interface Report {
  readonly problems: Problem[];
  readonly object: ObjectRef;
  readonly at: Written;
  readonly admission: Admission;
}

/**
 * `ahead`: a manifest, which the API server is still to judge. `passed`: an object of a cluster, which some API server
 * has taken, perhaps one of another version with other rules.
 */
export type Admission = "ahead" | "passed";

/** What becomes of an object that has a problem; says so in `fix`. */
export type Effect = "object" | "part" | "none";

/** A name for an object in messages, also where its metadata is not what it should be. */
export function objectRef({ node, namespace }: Pick<Written, "node" | "namespace">, kind: string): ObjectRef {
  const metadata = node.kind === "map" ? node.entries.get("metadata")?.value : undefined;
  const clusterScoped = kind === "IngressClass";
  return {
    kind,
    namespace: clusterScoped ? "" : text(metadata, "namespace") || namespace,
    name: text(metadata, "name") ?? "",
  };
}

/** Adds a problem. `field` is the path as the API server writes it, `""` for the object as a whole. */
export function add(
  report: Report,
  found: {
    readonly code: Code;
    readonly level: ProblemLevel;
    readonly field: string;
    readonly message: string;
    readonly effect: Effect;
    readonly fix?: string;
  },
): void {
  const { at, object } = report;
  const said = found.fix ?? CODES[found.code];
  report.problems.push({
    code: found.code,
    level: found.level,
    object,
    ...(found.field === "" ? {} : { field: found.field }),
    message: found.message,
    fix: `${said}${consequence(found.effect, object.kind, report.admission)}`,
    file: at.file,
    ...(at.firstLine === 0 ? {} : { line: at.firstLine + lineOf(at.node, metadataField(found.field)) }),
  });
}

/** The API server writes `annotations.…` without its `metadata.` in one message. */
function metadataField(field: string): string {
  return field.startsWith("annotations.") ? `metadata.${field}` : field;
}

function consequence(effect: Effect, kind: string, admission: Admission): string {
  if (admission === "passed") {
    if (effect === "none") return "";
    return effect === "object" ? ` Nothing of this ${kind} is used.` : " Only this part is left out here.";
  }
  if (effect === "object") return ` kubectl apply would refuse this ${kind}, so nothing of it is used.`;
  if (effect === "none") return "";
  return ` Only this part is left out here; kubectl apply would refuse the whole ${kind}.`;
}

/** Where an object was written, for the snapshot. */
export function originOf(at: Written): Origin {
  return {
    file: at.file,
    document: at.document,
    line: at.firstLine + at.node.line,
    lineOf: (field) => at.firstLine + lineOf(at.node, metadataField(field)),
  };
}

/** `metadata`, already known to be decodable. */
export function metadataOf({ node, namespace }: Written, kind: string): Metadata {
  const metadata = node.kind === "map" ? node.entries.get("metadata")?.value : undefined;
  const created = text(metadata, "creationTimestamp");
  return {
    name: text(metadata, "name") ?? "",
    namespace: kind === "IngressClass" ? "" : text(metadata, "namespace") || namespace,
    labels: texts(metadata, "labels"),
    annotations: texts(metadata, "annotations"),
    ...(created === undefined ? {} : { creationTimestamp: created }),
  };
}

/** Nodes of a list with their paths, `spec.rules[0]` and so on. */
export function indexed(
  node: Node | undefined,
  key: string,
  path: string,
): readonly (readonly [Node, string])[] {
  return itemsOf(node, key).map((item, at) => [item, `${path}.${key}[${at}]`] as const);
}
