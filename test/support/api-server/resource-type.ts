/** One kind as a server offers it. */
export interface ResourceType {
  /** `""` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
}

/** A part of an object with a path of its own. */
export interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

const ALL_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

interface Extras {
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
  readonly cluster?: true;
  readonly verbs?: readonly string[];
  readonly sub?: readonly Subresource[];
}

function kindOf(
  group: string,
  kind: string,
  plural: string,
  extras: Extras = {},
  version = "v1",
): ResourceType {
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: extras.short ?? [],
    categories: extras.categories ?? [],
    namespaced: extras.cluster !== true,
    verbs: extras.verbs ?? ALL_VERBS,
    subresources: extras.sub ?? [],
  };
}

function statusOf(group: string, kind: string, version = "v1"): Subresource {
  return { name: "status", group, version, kind, verbs: ["get", "patch", "update"] };
}

function scaleOf(): Subresource {
  return {
    name: "scale",
    group: "autoscaling",
    version: "v1",
    kind: "Scale",
    verbs: ["get", "patch", "update"],
  };
}

const POD_PARTS: readonly Subresource[] = [
  { name: "portforward", group: "", version: "v1", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
  statusOf("", "Pod"),
];

const REVIEW: Extras = { cluster: true, verbs: ["create"] };

/** The core group. */
const CORE: readonly ResourceType[] = [
  kindOf("", "ConfigMap", "configmaps", { short: ["cm"] }),
  kindOf("", "Endpoints", "endpoints", { short: ["ep"] }),
  kindOf("", "Event", "events", { short: ["ev"] }),
  kindOf("", "LimitRange", "limitranges", { short: ["limits"] }),
  kindOf("", "Namespace", "namespaces", { short: ["ns"], cluster: true, sub: [statusOf("", "Namespace")] }),
  kindOf("", "Node", "nodes", { short: ["no"], cluster: true, sub: [statusOf("", "Node")] }),
  kindOf("", "Pod", "pods", { short: ["po"], categories: ["all"], sub: POD_PARTS }),
  kindOf("", "ResourceQuota", "resourcequotas", { short: ["quota"] }),
  kindOf("", "Secret", "secrets"),
  kindOf("", "ServiceAccount", "serviceaccounts", { short: ["sa"] }),
  kindOf("", "Service", "services", { short: ["svc"], categories: ["all"], sub: [statusOf("", "Service")] }),
];

const NETWORKING = "networking.k8s.io";
const DISCOVERY = "discovery.k8s.io";

function ingressTypes(version: string): readonly ResourceType[] {
  return [
    kindOf(NETWORKING, "IngressClass", "ingressclasses", { cluster: true }, version),
    kindOf(
      NETWORKING,
      "Ingress",
      "ingresses",
      { short: ["ing"], sub: [statusOf(NETWORKING, "Ingress", version)] },
      version,
    ),
  ];
}

/** `httpproxies` of `projectcontour.io/v1`. */
export interface CustomDefinition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope?: "Cluster" | undefined;
}

/** A kind as a CustomResourceDefinition, or a further kind of Kubernetes, brings it. */
export function customType({ apiVersion, kind, plural, scope }: CustomDefinition): ResourceType {
  const [group = "", version] = apiVersion.split("/");
  return kindOf(group, kind, plural, scope === "Cluster" ? { cluster: true } : {}, version);
}

/** The kinds of a server; groups in `onlyV1beta1` are served in their old version alone, as before Kubernetes 1.19. */
export function resourceTypes(onlyV1beta1: readonly string[] = []): readonly ResourceType[] {
  const versionOf = (group: string) => (onlyV1beta1.includes(group) ? "v1beta1" : "v1");
  const workload = (kind: string) => ({ categories: ["all"], sub: [scaleOf(), statusOf("apps", kind)] });
  return [
    ...CORE,
    kindOf("apps", "Deployment", "deployments", { short: ["deploy"], ...workload("Deployment") }),
    kindOf("apps", "ReplicaSet", "replicasets", { short: ["rs"], ...workload("ReplicaSet") }),
    kindOf("apps", "StatefulSet", "statefulsets", { short: ["sts"], ...workload("StatefulSet") }),
    kindOf("authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews", REVIEW),
    kindOf("authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews", REVIEW),
    kindOf("authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews", REVIEW),
    kindOf("coordination.k8s.io", "Lease", "leases"),
    kindOf(DISCOVERY, "EndpointSlice", "endpointslices", {}, versionOf(DISCOVERY)),
    ...ingressTypes(versionOf(NETWORKING)),
  ];
}

/** `networking.k8s.io/v1`, or `v1` for the core group. */
export function groupVersion(type: { readonly group: string; readonly version: string }): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** `ingresses.networking.k8s.io`, as error messages name a resource. */
export function qualified(type: ResourceType): string {
  return type.group === "" ? type.plural : `${type.plural}.${type.group}`;
}
