import { CODES } from "../errors.ts";
import type { ObjectRef, Problem } from "../model/problem.ts";
import type { Resource } from "../model/resource.ts";
import { child, itemsAt, stringAt, type YamlNode } from "../yaml/node.ts";
import { readCustom } from "./custom.ts";
import type { Struct } from "./decode/shape.ts";
import { decodeStrictly } from "./decode/strict.ts";
import { goType } from "./decode/types.ts";
import { isUnrendered } from "./helm.ts";
import { classify, type KnownKind } from "./kinds.ts";
import { unqualifiedFinalizers } from "./metadata/owners.ts";
import type { WrittenOrigin } from "./origin.ts";
import { add, type LocatedNode, objectRef, type Report } from "./report.ts";
import { reportFault } from "./report-fault.ts";

export interface ObjectOutcome {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  readonly passedOver: readonly string[];
  readonly refused: readonly ObjectRef[];
  /** Contains Helm actions; nothing else is reported. */
  readonly unrendered: boolean;
  /** The problem to report if an object stood here before. default: none, the document is skipped */
  readonly unclear?: (() => Problem) | undefined;
}

const NOTHING: ObjectOutcome = {
  resources: [],
  problems: [],
  passedOver: [],
  refused: [],
  unrendered: false,
};

export const NOT_KUBERNETES = "not a Kubernetes object";

interface WrittenNode extends LocatedNode {
  readonly origin: WrittenOrigin;
}

/** Reads one object, or the objects of a List. `inherited` fills in what an item does not name. */
export function readObject(
  at: WrittenNode,
  inherited?: { readonly kind: string; readonly apiVersion: string },
): ObjectOutcome {
  const kind = stringAt(at.node, "kind") ?? inherited?.kind ?? "";
  const apiVersion = stringAt(at.node, "apiVersion") ?? inherited?.apiVersion ?? "";
  if (kind === "" || apiVersion === "") return readUnnamed(at, kind, apiVersion);
  const classified = classify(apiVersion, kind);
  if (classified.kind === "other") return { ...NOTHING, passedOver: [kind] };
  if (classified.kind === "list") {
    const below = classified.itemKind === undefined ? undefined : { kind: classified.itemKind, apiVersion };
    return together(
      itemsAt(at.node, "items").map((node, index) =>
        readObject({ ...at, node, origin: at.origin.ofItem(index, node.line) }, below),
      ),
    );
  }
  const report: Report = { problems: [], object: objectRef(at, kind), at, admission: "ahead" };
  if (isUnrendered(at.node, kind)) return { ...NOTHING, unrendered: true, refused: [report.object] };
  if (classified.kind === "unregistered") {
    const scheme = "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30";
    const message = `no kind "${kind}" is registered for version "${apiVersion}" in scheme "${scheme}"`;
    add(report, { code: "unknown-kind", level: "error", field: "kind", message, effect: "object" });
    return { ...NOTHING, problems: report.problems, refused: [report.object] };
  }
  if (classified.kind === "unserved") {
    const message = `no matches for kind "${kind}" in version "${apiVersion}"`;
    const { field, fix } = classified;
    add(report, { code: "unknown-kind", level: "error", field, message, fix, effect: "object" });
    return { ...NOTHING, problems: report.problems, refused: [report.object] };
  }
  if (hasRepeatedKey(at.node)) reportRepeatedKeys(report, at.node, "");
  const resource =
    classified.kind === "known"
      ? readKnown(report, classified.known, apiVersion)
      : readCustom(report, classified, apiVersion);
  if (resource === "unread") return { ...NOTHING, passedOver: [kind], problems: report.problems };
  if (resource === undefined) return { ...NOTHING, problems: report.problems, refused: [report.object] };
  return { ...NOTHING, resources: [resource], problems: report.problems };
}

/** kubectl decodes metadata by itself, and first. */
const METADATA_ONLY: Struct = {
  ...{ kind: "struct", name: "metadataOnlyObject", go: "v1.metadataOnlyObject", open: "open" },
  fields: new Map([["metadata", goType("v1.ObjectMeta")]]),
};

function readKnown(report: Report, known: KnownKind, apiVersion: string): Resource | undefined {
  const { unknown, wrong } = decodeStrictly(report.at.node, known.shape(apiVersion));
  if (wrong !== undefined) {
    const first = decodeStrictly(report.at.node, METADATA_ONLY).wrong ?? wrong;
    add(report, { code: "wrong-type", level: "error", ...first, effect: "object" });
    return undefined;
  }
  const [first] = unknown;
  if (first !== undefined) {
    const message = `strict decoding error: ${unknown.map((field) => `unknown field "${field}"`).join(", ")}`;
    add(report, { code: "unknown-field", level: "error", field: first, message, effect: "object" });
    return undefined;
  }
  const built = known.build(report, apiVersion);
  const { node } = report.at;
  const faults = [...unqualifiedFinalizers(child(node, "metadata")), ...(known.faults?.(node) ?? [])];
  for (const fault of faults) reportFault(report, fault);
  return faults.length === 0 ? built : undefined;
}

function hasRepeatedKey(node: YamlNode): boolean {
  if (node.kind === "list") return node.items.some(hasRepeatedKey);
  if (node.kind === "scalar") return false;
  if (node.repeated.length > 0) return true;
  for (const { value } of node.entries.values()) if (hasRepeatedKey(value)) return true;
  return false;
}

/** kubectl converts YAML to JSON and silently keeps the last value of a repeated key. */
function reportRepeatedKeys(report: Report, node: YamlNode, path: string): void {
  if (node.kind === "list") {
    for (const [at, item] of node.items.entries()) reportRepeatedKeys(report, item, `${path}[${at}]`);
  }
  if (node.kind !== "map") return;
  for (const [key, entry] of node.entries) {
    reportRepeatedKeys(report, entry.value, path === "" ? key : `${path}.${key}`);
  }
  for (const { key } of node.repeated) {
    const field = path === "" ? key : `${path}.${key}`;
    const message = `key "${key}" already set in map; the last value is used, as kubectl apply does without saying so`;
    add(report, { code: "duplicate-key", level: "warning", field, message, effect: "none" });
  }
}

/**
 * A value without `kind` or `apiVersion`: a mistake if it otherwise looks like a Kubernetes object, else
 * skipped.
 */
function readUnnamed(at: WrittenNode, kind: string, apiVersion: string): ObjectOutcome {
  if (at.node.kind === "list" && at.node.items.some(isNamed)) return listOfObjects(at);
  const shaped = child(at.node, "metadata") !== undefined || child(at.node, "spec") !== undefined;
  const looksLikeOne = shaped && (kind !== "" || apiVersion !== "" || child(at.node, "spec") !== undefined);
  const object = objectRef(at, kind);
  const problem = missingKind(at, object);
  if (looksLikeOne) return { ...NOTHING, problems: [problem], refused: [object] };
  const { origin } = at;
  return { ...NOTHING, passedOver: [NOT_KUBERNETES], unclear: () => ({ ...problem, line: origin.line }) };
}

function isNamed(item: YamlNode): boolean {
  return stringAt(item, "apiVersion") !== undefined && stringAt(item, "kind") !== undefined;
}

/** kubectl takes objects one by one, or below `items` of a List. */
function listOfObjects({ origin }: WrittenNode): ObjectOutcome {
  const problem: Problem = {
    code: "missing-kind",
    level: "error",
    message: "error validating data: invalid object to validate: a list of objects is none itself",
    fix: "Write each object as a document of its own, or all of them below items of a List.",
    file: origin.file,
    line: origin.line,
  };
  return { ...NOTHING, problems: [problem], passedOver: [NOT_KUBERNETES] };
}

/** Characters of the object that a message shows. */
const MOST_SHOWN = 200;

function missingKind({ node, origin }: WrittenNode, object: ObjectRef): Problem {
  const missing = object.kind === "" ? "Kind" : "apiVersion";
  return {
    code: "missing-kind",
    level: "error",
    ...(object.name === "" && object.kind === "" ? {} : { object }),
    message: `Object '${missing}' is missing in '${json(node, MOST_SHOWN).slice(0, MOST_SHOWN)}'`,
    fix: CODES["missing-kind"],
    file: origin.file,
    line: origin.line,
  };
}

/** As JSON, at least the first `most` characters. */
function json(node: YamlNode, most: number): string {
  if (node.kind === "scalar") {
    return typeof node.value === "bigint" ? String(node.value) : JSON.stringify(node.value);
  }
  let text = node.kind === "list" ? "[" : "{";
  const add = (key: string, value: YamlNode) => {
    if (text.length < most) text += `${text.length > 1 ? "," : ""}${key}${json(value, most - text.length)}`;
  };
  if (node.kind === "list") for (const item of node.items) add("", item);
  else {
    const entries = [...node.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, { value }] of entries) add(`${JSON.stringify(key)}:`, value);
  }
  return text + (node.kind === "list" ? "]" : "}");
}

function together(outcomes: readonly ObjectOutcome[]): ObjectOutcome {
  return {
    resources: outcomes.flatMap((outcome) => outcome.resources),
    problems: outcomes.flatMap((outcome) => outcome.problems),
    passedOver: outcomes.flatMap((outcome) => outcome.passedOver),
    refused: outcomes.flatMap((outcome) => outcome.refused),
    unrendered: outcomes.some((outcome) => outcome.unrendered),
    unclear: outcomes.find((outcome) => outcome.unclear !== undefined)?.unclear,
  };
}
