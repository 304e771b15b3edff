import { CODES, type Code } from "../errors.ts";
import { isClusterScoped } from "../model/custom-kinds.ts";
import type { ObjectRef, Problem, ProblemLevel } from "../model/problem.ts";
import type { Metadata, Origin } from "../model/resource.ts";
import { child, itemsAt, lineOfField, numberAt, stringAt, stringsAt, type YamlNode } from "../yaml/node.ts";
import { metadataField } from "./origin.ts";

/** An object, and where it is written. */
export interface LocatedNode {
  readonly node: YamlNode;
  readonly origin: Origin;
  readonly namespace: string;
}

/** `kubectl apply`'s namespace unless the context or `-n` names another. */
export const DEFAULT_NAMESPACE = "default";

export interface Report {
  readonly problems: Problem[];
  readonly object: ObjectRef;
  readonly at: LocatedNode;
  readonly admission: AdmissionStage;
}

/**
 * `ahead`: a manifest, before the API server's judgement. `passed`: a cluster's object, admitted perhaps by a
 * version with other rules.
 */
type AdmissionStage = "ahead" | "passed";

export type Effect = "object" | "part" | "none";

/** An object's name for messages, even if its metadata is malformed. */
export function objectRef(
  { node, namespace }: Pick<LocatedNode, "node" | "namespace">,
  kind: string,
): ObjectRef {
  const metadata = node.kind === "map" ? node.entries.get("metadata")?.value : undefined;
  return {
    kind,
    namespace: isClusterScoped(kind) ? "" : stringAt(metadata, "namespace") || namespace,
    name: stringAt(metadata, "name") ?? "",
  };
}

/** `field`: path as the API server writes it, `""` for the whole object. */
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
    file: at.origin.file,
    ...lineIn(at, found.field),
  });
}

/** The line of a field, by the tree that is at hand. */
function lineIn({ node, origin }: LocatedNode, field: string): Pick<Problem, "line"> {
  if (origin.line === 0) return {};
  return { line: origin.line - node.line + lineOfField(node, metadataField(field)) };
}

function consequence(effect: Effect, kind: string, admission: AdmissionStage): string {
  if (admission === "passed") {
    if (effect === "none") return "";
    return effect === "object" ? ` Nothing of this ${kind} is used.` : " Only this part is left out here.";
  }
  if (effect === "object") return ` kubectl apply would refuse this ${kind}, so nothing of it is used.`;
  if (effect === "none") return "";
  return ` Only this part is left out here; kubectl apply would refuse the whole ${kind}.`;
}

/** `metadata` that decodes. */
export function metadataOf({ node, namespace }: LocatedNode, kind: string): Metadata {
  const metadata = node.kind === "map" ? node.entries.get("metadata")?.value : undefined;
  const created = stringAt(metadata, "creationTimestamp");
  const generation = numberAt(metadata, "generation");
  return {
    name: stringAt(metadata, "name") ?? "",
    namespace: isClusterScoped(kind) ? "" : stringAt(metadata, "namespace") || namespace,
    labels: stringsOf(metadata, "labels"),
    annotations: stringsOf(metadata, "annotations"),
    ...(created === undefined ? {} : { creationTimestamp: created }),
    ...(generation === undefined ? {} : { generation }),
  };
}

/** Shared by the many objects that have none. */
const NONE: ReadonlyMap<string, string> = new Map();

function stringsOf(metadata: YamlNode | undefined, key: string): ReadonlyMap<string, string> {
  return child(metadata, key) === undefined ? NONE : stringsAt(metadata, key);
}

export function indexed(
  node: YamlNode | undefined,
  key: string,
  path: string,
): readonly (readonly [YamlNode, string])[] {
  return itemsAt(node, key).map((item, at) => [item, itemField(path, key, at)] as const);
}

/** Limits of fields that are kept, and of places that they are kept for. */
const FIRST_ITEMS = 16;
const MOST_PLACES = 1_000;

/** By path and key, fields of the first items. Nearly all objects have them, and a text for each takes 200 bytes. */
const KNOWN_FIELDS = new Map<string, Map<string, string[]>>();

function itemField(path: string, key: string, at: number): string {
  const field = () => `${path}.${key}[${at}]`;
  if (at >= FIRST_ITEMS) return field();
  let keys = KNOWN_FIELDS.get(path);
  if (keys === undefined) {
    if (KNOWN_FIELDS.size >= MOST_PLACES) return field();
    keys = new Map();
    KNOWN_FIELDS.set(path, keys);
  }
  const fields = keys.get(key) ?? [];
  keys.set(key, fields);
  fields[at] ??= field();
  return fields[at];
}
