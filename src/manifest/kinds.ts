import type { Resource } from "../model/resource.ts";
import { CONFIG_MAP, ENDPOINT_SLICE, NAMESPACE, SECRET, SERVICE, WORKLOAD } from "./core/core-shape.ts";
import {
  buildConfigMap,
  buildEndpointSlice,
  buildIngressClass,
  buildNamespace,
  buildSecret,
  buildService,
  buildWorkload,
} from "./core.ts";
import { type CustomClassified, classifyCustom, groupOf } from "./custom/kinds.ts";
import { INGRESS, INGRESS_CLASS, OLD_INGRESS } from "./ingress/ingress-shape.ts";
import { buildIngress } from "./ingress.ts";
import type { Report } from "./report.ts";
import type { Struct } from "./shape.ts";

export interface KnownKind {
  readonly kind: string;
  readonly apiVersions: readonly string[];
  readonly shape: (apiVersion: string) => Struct;
  readonly build: (report: Report, apiVersion: string) => Resource | undefined;
}

const DEPLOYMENT = WORKLOAD("Deployment");
const STATEFUL_SET = WORKLOAD("StatefulSet");
const DAEMON_SET = WORKLOAD("DaemonSet");
const APPS = ["apps/v1", "apps/v1beta2", "apps/v1beta1"];

const KNOWN: readonly KnownKind[] = [
  {
    kind: "Ingress",
    apiVersions: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"],
    shape: (apiVersion) => (apiVersion === "networking.k8s.io/v1" ? INGRESS : OLD_INGRESS),
    build: buildIngress,
  },
  {
    kind: "IngressClass",
    apiVersions: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1"],
    shape: () => INGRESS_CLASS,
    build: buildIngressClass,
  },
  { kind: "Namespace", apiVersions: ["v1"], shape: () => NAMESPACE, build: buildNamespace },
  { kind: "Service", apiVersions: ["v1"], shape: () => SERVICE, build: buildService },
  {
    kind: "EndpointSlice",
    apiVersions: ["discovery.k8s.io/v1"],
    shape: () => ENDPOINT_SLICE,
    build: buildEndpointSlice,
  },
  { kind: "Secret", apiVersions: ["v1"], shape: () => SECRET, build: buildSecret },
  { kind: "ConfigMap", apiVersions: ["v1"], shape: () => CONFIG_MAP, build: buildConfigMap },
  {
    kind: "Deployment",
    apiVersions: [...APPS, "extensions/v1beta1"],
    shape: () => DEPLOYMENT,
    build: (report, apiVersion) => buildWorkload(report, apiVersion, "Deployment"),
  },
  {
    kind: "StatefulSet",
    apiVersions: APPS,
    shape: () => STATEFUL_SET,
    build: (report, apiVersion) => buildWorkload(report, apiVersion, "StatefulSet"),
  },
  {
    kind: "DaemonSet",
    apiVersions: ["apps/v1", "apps/v1beta2", "extensions/v1beta1"],
    shape: () => DAEMON_SET,
    build: (report, apiVersion) => buildWorkload(report, apiVersion, "DaemonSet"),
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
