import type { Resource } from "../model/resource.ts";
import type { YamlNode } from "../yaml/node.ts";
import { configMapFaults, secretFaults } from "./core/checks/data.ts";
import { endpointSliceFaults } from "./core/checks/endpoint-slice.ts";
import { ingressClassFaults } from "./core/checks/ingress-class.ts";
import { serviceFaults } from "./core/checks/service.ts";
import { workloadFaults } from "./core/checks/workload.ts";
import {
  buildConfigMap,
  buildEndpointSlice,
  buildIngressClass,
  buildNamespace,
  buildSecret,
  buildService,
  buildWorkload,
} from "./core.ts";
import type { Fault } from "./custom/fault.ts";
import { type CustomClassified, classifyCustom, groupOf } from "./custom/kinds.ts";
import type { Struct } from "./decode/shape.ts";
import { goType } from "./decode/types.ts";
import { buildIngress } from "./ingress.ts";
import type { Report } from "./report.ts";

export interface KnownKind {
  readonly kind: string;
  readonly apiVersions: readonly string[];
  readonly shape: (apiVersion: string) => Struct;
  readonly build: (report: Report, apiVersion: string) => Resource | undefined;
  /** Further refusals of the API server. default: none */
  readonly faults?: (node: YamlNode) => readonly Fault[];
}

const APPS = ["apps/v1", "apps/v1beta2", "apps/v1beta1"];

const KNOWN: readonly KnownKind[] = [
  {
    kind: "Ingress",
    apiVersions: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"],
    shape: (apiVersion) => goType(apiVersion === "networking.k8s.io/v1" ? "v1.Ingress" : "v1beta1.Ingress"),
    build: buildIngress,
  },
  {
    kind: "IngressClass",
    apiVersions: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1"],
    shape: () => goType("v1.IngressClass"),
    build: buildIngressClass,
    faults: ingressClassFaults,
  },
  { kind: "Namespace", apiVersions: ["v1"], shape: () => goType("v1.Namespace"), build: buildNamespace },
  {
    kind: "Service",
    apiVersions: ["v1"],
    shape: () => goType("v1.Service"),
    build: buildService,
    faults: serviceFaults,
  },
  {
    kind: "EndpointSlice",
    apiVersions: ["discovery.k8s.io/v1"],
    shape: () => goType("v1.EndpointSlice"),
    build: buildEndpointSlice,
    faults: endpointSliceFaults,
  },
  {
    kind: "Secret",
    apiVersions: ["v1"],
    shape: () => goType("v1.Secret"),
    build: buildSecret,
    faults: secretFaults,
  },
  {
    kind: "ConfigMap",
    apiVersions: ["v1"],
    shape: () => goType("v1.ConfigMap"),
    build: buildConfigMap,
    faults: configMapFaults,
  },
  {
    kind: "Deployment",
    apiVersions: [...APPS, "extensions/v1beta1"],
    shape: () => goType("v1.Deployment"),
    build: (report, apiVersion) => buildWorkload(report, apiVersion, "Deployment"),
    faults: (node) => workloadFaults(node, "Deployment"),
  },
  {
    kind: "StatefulSet",
    apiVersions: APPS,
    shape: () => goType("v1.StatefulSet"),
    build: (report, apiVersion) => buildWorkload(report, apiVersion, "StatefulSet"),
    faults: (node) => workloadFaults(node, "StatefulSet"),
  },
  {
    kind: "DaemonSet",
    apiVersions: ["apps/v1", "apps/v1beta2", "extensions/v1beta1"],
    shape: () => goType("v1.DaemonSet"),
    build: (report, apiVersion) => buildWorkload(report, apiVersion, "DaemonSet"),
    faults: (node) => workloadFaults(node, "DaemonSet"),
  },
];

/** Kubernetes' own groups with the kinds above. A wrong version or spelling there is a mistake. */
const OWN_GROUPS = new Set(["", "networking.k8s.io", "extensions", "discovery.k8s.io", "apps"]);
/** Further kinds of `networking.k8s.io` and `extensions`. */
const OTHER_NETWORKING = /^(?:NetworkPolicy|IPAddress|ServiceCIDR|ClusterCIDR)(?:List)?$/;

/** The meaning of an `apiVersion` and `kind`. */
export type Classified =
  | { readonly kind: "known"; readonly known: KnownKind }
  /** `items` holds objects. `itemKind`: their kind if they do not name it (`IngressList`). */
  | { readonly kind: "list"; readonly itemKind: string | undefined }
  /** Unknown to the API server: `kind: ingress`. */
  | { readonly kind: "unregistered" }
  | Extract<CustomClassified, { kind: "judged" | "unjudged" | "unserved" }>
  | { readonly kind: "other" };

export function classify(apiVersion: string, kind: string): Classified {
  const known = KNOWN.find((entry) => entry.kind === kind && entry.apiVersions.includes(apiVersion));
  if (known !== undefined) return { kind: "known", known };
  const custom = classifyCustom(apiVersion, kind);
  if (custom !== undefined) return custom;
  const group = groupOf(apiVersion);
  if (kind === "List" && group === "") return { kind: "list", itemKind: undefined };
  const item = KNOWN.find((entry) => kind === `${entry.kind}List` && entry.apiVersions.includes(apiVersion));
  if (item !== undefined) return { kind: "list", itemKind: item.kind };
  if (!OWN_GROUPS.has(group)) return { kind: "other" };
  const named = KNOWN.some((entry) => entry.kind.toLowerCase() === kind.toLowerCase());
  const foreign = group === "networking.k8s.io" && !OTHER_NETWORKING.test(kind);
  return named || foreign ? { kind: "unregistered" } : { kind: "other" };
}

/** The kind of that version that a misspelt one differs from in its case alone. */
export function kindMeant(apiVersion: string, kind: string): string | undefined {
  const meant = KNOWN.find((entry) => entry.kind.toLowerCase() === kind.toLowerCase());
  return meant?.apiVersions.includes(apiVersion) && meant.kind !== kind ? meant.kind : undefined;
}
