import type { CustomKind } from "../../model/custom-kinds.ts";
import { jsonFields, jsonItems, jsonString } from "../../model/json.ts";
import type { ConfigMap, CustomResource, Secret, Service } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { groupBy } from "../../service/group-by.ts";
import { indexInSteps, type ServiceIndex } from "../../service/index.ts";
import { type Steps, sortedInSteps } from "../../steps.ts";
import { ingressName } from "../problem.ts";
import { tlsPoliciesByTarget } from "./backends/backend-tls.ts";
import { GATEWAY_GROUP } from "./facts.ts";

/** A snapshot as Envoy Gateway looks things up in it. */
export interface GatewayObjects {
  /** Oldest first; of equal age by namespace and name. */
  readonly all: (kind: CustomKind) => readonly CustomResource[];
  readonly custom: (kind: CustomKind, namespace: string, name: string) => CustomResource | undefined;
  readonly secret: (key: string) => Secret | undefined;
  readonly configMap: (key: string) => ConfigMap | undefined;
  readonly services: ServiceIndex;
  /** BackendTLSPolicies for a Service's port by name, or for the whole (`""`); the oldest first. */
  readonly tlsPolicies: (namespace: string, service: string, section: string) => readonly CustomResource[];
  /** A Secret that the files lack gets a certificate issued here. */
  readonly mayIssue: boolean;
  /** A Service that the files lack may be in the cluster: their namespace has none at all. */
  readonly mayHold: (namespace: string) => boolean;
  readonly labels: (namespace: string) => ReadonlyMap<string, string>;
  /** True if a ReferenceGrant lets the one object name the other, or both share a namespace. */
  readonly grants: (from: Reference, to: Reference & { readonly name: string }) => boolean;
}

/** An object's kind and namespace. */
interface Reference {
  readonly kind: string;
  readonly namespace: string;
  /** default: `gateway.networking.k8s.io` */
  readonly group?: string | undefined;
}

const NO_LABELS: ReadonlyMap<string, string> = new Map();

export function* objectsOf(snapshot: Snapshot, completeness: "partial" | "whole"): Steps<GatewayObjects> {
  const byKind = groupBy(yield* sortedInSteps(snapshot.custom, byAge), ({ kind }) => [kind]);
  yield;
  const named = new Map(snapshot.custom.map((each) => [`${each.kind} ${ingressName(each)}`, each]));
  const secrets = new Map(snapshot.secrets.map((each) => [ingressName(each), each]));
  const configMaps = new Map(snapshot.configMaps.map((each) => [ingressName(each), each]));
  const namespaces = new Map(snapshot.namespaces.map(({ metadata }) => [metadata.name, metadata.labels]));
  const known = new Set(snapshot.services.map(({ metadata }: Service) => metadata.namespace));
  const services = yield* indexInSteps(snapshot);
  const grantsIn = groupBy(byKind.get("ReferenceGrant") ?? [], ({ metadata }) => [metadata.namespace]);
  const tlsPolicies = tlsPoliciesByTarget(byKind.get("BackendTLSPolicy") ?? []);
  return {
    tlsPolicies: (namespace, service, section) => tlsPolicies.get(`${namespace}/${service} ${section}`) ?? [],
    all: (kind) => byKind.get(kind) ?? [],
    custom: (kind, namespace, name) => named.get(`${kind} ${namespace}/${name}`),
    secret: (key) => secrets.get(key),
    configMap: (key) => configMaps.get(key),
    services,
    mayIssue: completeness === "partial",
    mayHold: (namespace) => completeness === "partial" && !known.has(namespace),
    labels: (namespace) => namespaces.get(namespace) ?? NO_LABELS,
    grants: (from, to) =>
      from.namespace === to.namespace ||
      (grantsIn.get(to.namespace) ?? []).some((grant) => isGranted(grant, from, to)),
  };
}

function isGranted({ spec }: CustomResource, from: Reference, to: Reference & { readonly name: string }) {
  const { group = GATEWAY_GROUP } = from;
  return (
    jsonItems(spec.from).some((item) => {
      const fields = jsonFields(item);
      return fields.kind === from.kind && fields.namespace === from.namespace && fields.group === group;
    }) &&
    jsonItems(spec.to).some((item) => {
      const fields = jsonFields(item);
      return (
        fields.kind === to.kind &&
        (fields.group ?? "") === (to.group ?? "") &&
        (jsonString(fields.name) ?? to.name) === to.name
      );
    })
  );
}

/** GatewayObjects of files have no age, as if they were applied at once: their names decide, as in the cluster. */
function byAge(a: CustomResource, b: CustomResource): number {
  const [older, newer] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (older !== newer) {
    if (older === undefined || newer === undefined) return older === undefined ? 1 : -1;
    return Date.parse(older) - Date.parse(newer) || compare(ingressName(a), ingressName(b));
  }
  return compare(ingressName(a), ingressName(b));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
