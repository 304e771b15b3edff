import type { AdmittedKind } from "../../manifest/admitted.ts";
import type { ProblemLevel } from "../../model/problem.ts";

export interface ClusterKind {
  readonly kind: AdmittedKind;
  /** As RBAC and URLs name it: `ingresses`. */
  readonly plural: string;
  /** Group and version, the newest first: an old cluster has only a later one. */
  readonly versions: readonly string[];
  readonly scope: "namespaced" | "cluster";
  /** The consequence when it may not be read, and how bad that is. */
  readonly without: string;
  readonly missing: ProblemLevel;
  /** Refusals of kinds with the same word are said in one line. default: each in one of its own */
  readonly toldWith?: string | undefined;
  /** "usual": many clusters do not have it, and nothing is said. */
  readonly absence?: "usual" | undefined;
}

/** Without Ingresses there is nothing to serve. */
export const INGRESSES: ClusterKind = {
  kind: "Ingress",
  plural: "ingresses",
  versions: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"],
  scope: "namespaced",
  without: "no Ingress of the cluster is served",
  missing: "error",
};

/** Read by name, and only where an Ingress names one. */
export const SECRETS: ClusterKind = {
  kind: "Secret",
  plural: "secrets",
  versions: ["v1"],
  scope: "namespaced",
  without:
    "https is served with a certificate of ingress-dev's own, and basic authentication refuses everybody",
  missing: "warning",
};

const DEFAULTS = "the controller's own options are taken to be the defaults";

/** The controller's own ConfigMap, when not all namespaces are read. */
export const CONTROLLER_CONFIG: ClusterKind = {
  kind: "ConfigMap",
  plural: "configmaps",
  versions: ["v1"],
  scope: "namespaced",
  without: DEFAULTS,
  missing: "notice",
  toldWith: "controller-options",
};

/** What runs controllers, wherever: its command line has their flags. */
export const CONTROLLER_WORKLOADS: readonly ClusterKind[] = [
  ["Deployment", "deployments"] as const,
  ["DaemonSet", "daemonsets"] as const,
].map(([kind, plural]) => ({
  ...{ kind, plural, versions: ["apps/v1"], scope: "cluster", without: DEFAULTS },
  ...{ missing: "notice", toldWith: "controller-options", absence: "usual" },
}));

/** Labels decide which routes a Gateway takes. */
export const NAMESPACES: ClusterKind = {
  kind: "Namespace",
  plural: "namespaces",
  versions: ["v1"],
  scope: "cluster",
  without: "routes of other namespaces that a Gateway chooses by labels are not served",
  missing: "warning",
};

/** Kinds that are listed and watched as a whole. */
export const LISTED_KINDS: readonly ClusterKind[] = [
  INGRESSES,
  {
    kind: "IngressClass",
    plural: "ingressclasses",
    versions: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1"],
    scope: "cluster",
    without: "classes are told by their names alone (--ingress-class)",
    missing: "warning",
  },
  {
    kind: "Service",
    plural: "services",
    versions: ["v1"],
    scope: "namespaced",
    without: "no Service is known, so every path answers 503",
    missing: "warning",
  },
  {
    kind: "EndpointSlice",
    plural: "endpointslices",
    versions: ["discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"],
    scope: "namespaced",
    without: "it is not known which pods are ready, so every path answers 503",
    missing: "warning",
  },
  {
    kind: "Pod",
    plural: "pods",
    versions: ["v1"],
    scope: "namespaced",
    without: "pods are known from EndpointSlices alone",
    missing: "warning",
  },
  {
    kind: "ConfigMap",
    plural: "configmaps",
    versions: ["v1"],
    scope: "namespaced",
    without: "annotations that name a ConfigMap find none",
    missing: "warning",
  },
];

/**
 * The path of a kind's objects: `/apis/networking.k8s.io/v1/namespaces/shop/ingresses`. Without a namespace: of all.
 */
export function pathOf(version: string, plural: string, namespace: string | undefined): string {
  const group = version.includes("/") ? `/apis/${version}` : `/api/${version}`;
  const place = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${group}${place}/${plural}`;
}
