/** The kinds that controllers bring, by their API group. */
const KINDS = {
  "traefik.io": [
    "IngressRoute",
    "IngressRouteTCP",
    "IngressRouteUDP",
    "Middleware",
    "MiddlewareTCP",
    "ServersTransport",
    "ServersTransportTCP",
    "TLSOption",
    "TLSStore",
    "TraefikService",
  ],
  "projectcontour.io": [
    "ContourConfiguration",
    "ContourDeployment",
    "ExtensionService",
    "HTTPProxy",
    "TLSCertificateDelegation",
  ],
  "gateway.networking.k8s.io": [
    "BackendTLSPolicy",
    "GRPCRoute",
    "Gateway",
    "GatewayClass",
    "HTTPRoute",
    "ListenerSet",
    "ReferenceGrant",
    "TCPRoute",
    "TLSRoute",
    "UDPRoute",
  ],
  "gateway.envoyproxy.io": [
    "Backend",
    "BackendTrafficPolicy",
    "ClientTrafficPolicy",
    "EnvoyExtensionPolicy",
    "EnvoyPatchPolicy",
    "EnvoyProxy",
    "HTTPRouteFilter",
    "SecurityPolicy",
  ],
  // Of k3s and RKE2: values of the charts that they install.
  "helm.cattle.io": ["HelmChart", "HelmChartConfig"],
} as const;

export type CustomKind = (typeof KINDS)[keyof typeof KINDS][number];

/** Each API group with its kinds. */
export const CUSTOM_KINDS: ReadonlyMap<string, readonly CustomKind[]> = new Map(Object.entries(KINDS));

/** Kinds that say by themselves where requests go. */
export const ROUTE_KINDS: ReadonlySet<string> = new Set<CustomKind>([
  "HTTPProxy",
  "IngressRoute",
  "IngressRouteTCP",
  "IngressRouteUDP",
  "HTTPRoute",
  "GRPCRoute",
  "TLSRoute",
  "TCPRoute",
  "UDPRoute",
]);

const CLUSTER_SCOPED: ReadonlySet<string> = new Set(["IngressClass", "GatewayClass", "Namespace", "XMesh"]);

/** True for kinds without a namespace. */
export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind);
}
