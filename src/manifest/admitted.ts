import type { Problem } from "../model/problem.ts";
import type { Resource } from "../model/resource.ts";
import type { Node } from "../yaml/node.ts";
import { buildConfigMap, buildEndpointSlice, buildIngressClass, buildSecret, buildService } from "./core.ts";
import { buildIngress } from "./ingress.ts";
import { buildPod } from "./pod.ts";
import { DEFAULT_NAMESPACE, objectRef, type Report } from "./report.ts";

/** The kinds that are read from a cluster, and what each becomes. */
const BUILD = {
  Ingress: buildIngress,
  IngressClass: buildIngressClass,
  Service: buildService,
  EndpointSlice: buildEndpointSlice,
  Secret: buildSecret,
  ConfigMap: buildConfigMap,
  Pod: buildPod,
} satisfies Record<string, (report: Report, apiVersion: string) => Resource | undefined>;

/** A kind that is read from a cluster. */
export type AdmittedKind = keyof typeof BUILD;

/** What an object of a cluster came to. */
export interface Admitted {
  /** `undefined` where it cannot be served at all. */
  readonly resource: Resource | undefined;
  readonly problems: readonly Problem[];
}

type Json = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The fields of a pod that are read; the rest of it changes with every probe. */
function prunedPod({ metadata, spec, status }: Json): unknown {
  const { name, namespace, uid, labels, creationTimestamp, deletionTimestamp } = fieldsOf(metadata);
  const { containers, initContainers } = fieldsOf(spec);
  const { phase, conditions } = fieldsOf(status);
  const ports = (list: unknown) =>
    itemsOf(list)
      .map(fieldsOf)
      .map((one) => ({ ports: one.ports, restartPolicy: one.restartPolicy }));
  const ready = itemsOf(conditions)
    .map(fieldsOf)
    .filter(({ type }) => type === "Ready")
    .map((one) => ({ type: one.type, status: one.status }));
  return {
    metadata: { name, namespace, uid, labels, creationTimestamp, deletionTimestamp },
    spec: { containers: ports(containers), initContainers: ports(initContainers) },
    status: { phase, conditions: ready },
  };
}

/**
 * What is read of an object: equal results, equal resources. Status, versions and managed fields are not in it, so that
 * an object that only says so anew has not changed.
 */
export function prunedObject(kind: AdmittedKind, object: unknown): unknown {
  const fields = fieldsOf(object);
  if (kind === "Pod") return prunedPod(fields);
  const { status: _status, binaryData: _binary, metadata, ...rest } = fields;
  const {
    resourceVersion: _version,
    generation: _generation,
    managedFields: _managed,
    ...kept
  } = fieldsOf(metadata);
  return { ...rest, metadata: kept };
}

/** A JSON value as a document's node would be, without lines. */
function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return { kind: "list", line: 0, items: value.map(nodeOf) };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    const known = new Map(entries.map(([key, one]) => [key, { line: 0, value: nodeOf(one) }]));
    return { kind: "map", line: 0, entries: known, repeated: [] };
  }
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return { kind: "scalar", line: 0, value: isScalar ? value : null };
}

/**
 * Reads an object that an API server gave (as `prunedObject` left it) into what a manifest of the same content becomes.
 * Never throws. It is admitted already: what the rules of one version forbid, another one may have taken, so nothing is
 * decoded strictly, and only what cannot be served is left out and said.
 */
export function readAdmitted(
  kind: AdmittedKind,
  apiVersion: string,
  pruned: unknown,
  context: string,
): Admitted {
  const at = { node: nodeOf(pruned), file: context, document: 0, firstLine: 0, namespace: DEFAULT_NAMESPACE };
  const report: Report = { problems: [], object: objectRef(at, kind), at, admission: "passed" };
  return { resource: BUILD[kind](report, apiVersion), problems: report.problems };
}
