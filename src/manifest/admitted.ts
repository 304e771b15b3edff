import { CUSTOM_KINDS, type CustomKind } from "../model/custom-kinds.ts";
import type { Problem } from "../model/problem.ts";
import type { Resource } from "../model/resource.ts";
import type { YamlNode } from "../yaml/node.ts";
import { buildPod } from "./core/pod.ts";
import {
  buildConfigMap,
  buildEndpointSlice,
  buildIngressClass,
  buildNamespace,
  buildSecret,
  buildService,
  buildWorkload,
} from "./core.ts";
import { buildCustom } from "./custom.ts";
import { buildIngress } from "./ingress.ts";
import { DEFAULT_NAMESPACE, objectRef, type Report } from "./report.ts";

const BUILD = {
  Ingress: buildIngress,
  IngressClass: buildIngressClass,
  Service: buildService,
  EndpointSlice: buildEndpointSlice,
  Secret: buildSecret,
  ConfigMap: buildConfigMap,
  Pod: buildPod,
  Namespace: buildNamespace,
  Deployment: (report, apiVersion) => buildWorkload(report, apiVersion, "Deployment"),
  DaemonSet: (report, apiVersion) => buildWorkload(report, apiVersion, "DaemonSet"),
} satisfies Record<string, (report: Report, apiVersion: string) => Resource | undefined>;

export type AdmittedKind = keyof typeof BUILD | CustomKind;

const CUSTOM: ReadonlySet<string> = new Set([...CUSTOM_KINDS.values()].flat());

function isCustom(kind: AdmittedKind): kind is CustomKind {
  return CUSTOM.has(kind);
}

export interface Admitted {
  /** `undefined`: cannot be served. */
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

/** The fields of a pod that are read; others change with every probe. */
function prunedPod({ metadata, spec, status }: Json): unknown {
  const { name, namespace, uid, labels, creationTimestamp, deletionTimestamp } = fieldsOf(metadata);
  const { containers, initContainers } = fieldsOf(spec);
  const { phase, conditions } = fieldsOf(status);
  const ports = (list: unknown) =>
    itemsOf(list)
      .map(fieldsOf)
      .map((container) => ({ ports: container.ports, restartPolicy: container.restartPolicy }));
  const ready = itemsOf(conditions)
    .map(fieldsOf)
    .filter(({ type }) => type === "Ready")
    .map((condition) => ({ type: condition.type, status: condition.status }));
  return {
    metadata: { name, namespace, uid, labels, creationTimestamp, deletionTimestamp },
    spec: { containers: ports(containers), initContainers: ports(initContainers) },
    status: { phase, conditions: ready },
  };
}

/** The fields of a controller's workload that are read. */
function prunedWorkload({ metadata, spec }: Json): unknown {
  const { name, namespace, labels, creationTimestamp } = fieldsOf(metadata);
  const { replicas, template } = fieldsOf(spec);
  const containers = containersOf({ spec: { template } }).map(({ image, command, args, ports }) => ({
    ...{ image, command, args, ports },
  }));
  return {
    metadata: { name, namespace, labels, creationTimestamp },
    spec: {
      replicas,
      template: { metadata: { labels: fieldsOf(fieldsOf(template).metadata).labels }, spec: { containers } },
    },
  };
}

/** The containers of a workload's pods. */
function containersOf({ spec }: Json): readonly Json[] {
  return itemsOf(fieldsOf(fieldsOf(fieldsOf(spec).template).spec).containers).map(fieldsOf);
}

/** The images of an API server's workload. */
export function imagesOf(object: unknown): readonly string[] {
  return containersOf(fieldsOf(object)).flatMap(({ image }) => (typeof image === "string" ? [image] : []));
}

/**
 * The fields of an object that are read: equal results make equal resources. Leaves out status, versions and
 * managed fields, so that updates of those alone change nothing.
 */
export function prunedObject(kind: AdmittedKind, object: unknown): unknown {
  const fields = fieldsOf(object);
  if (kind === "Pod") return prunedPod(fields);
  if (kind === "Deployment" || kind === "DaemonSet") return prunedWorkload(fields);
  const { status: _status, binaryData: _binary, metadata, ...rest } = fields;
  const {
    resourceVersion: _version,
    generation: _generation,
    managedFields: _managed,
    ...kept
  } = fieldsOf(metadata);
  return { ...rest, metadata: kept };
}

function nodeOf(value: unknown): YamlNode {
  if (Array.isArray(value)) return { kind: "list", line: 0, items: value.map(nodeOf) };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    const known = new Map(entries.map(([key, item]) => [key, { line: 0, value: nodeOf(item) }]));
    return { kind: "map", line: 0, entries: known, repeated: [] };
  }
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return { kind: "scalar", line: 0, value: isScalar ? value : null };
}

/**
 * Converts an API server's object, as `prunedObject` left it. Never throws.
 *
 * The object is admitted already, perhaps by other rules, so decoding is not strict. Only what cannot be
 * served is left out and reported.
 */
export function readAdmitted(
  kind: AdmittedKind,
  apiVersion: string,
  pruned: unknown,
  context: string,
): Admitted {
  const origin = { file: context, document: 0, line: 0, lineOf: () => 0 };
  const at = { node: nodeOf(pruned), origin, namespace: DEFAULT_NAMESPACE };
  const report: Report = { problems: [], object: objectRef(at, kind), at, admission: "passed" };
  const resource = isCustom(kind) ? buildCustom(report, kind, apiVersion) : BUILD[kind](report, apiVersion);
  return { resource, problems: report.problems };
}
