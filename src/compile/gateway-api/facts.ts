import type { ControllerFacts } from "../controller.ts";

/** The `controllerName` of its GatewayClasses. */
export const CONTROLLER_NAME = "gateway.envoyproxy.io/gatewayclass-controller";

/** The group of Gateway API's own kinds. */
export const GATEWAY_GROUP = "gateway.networking.k8s.io";

/** Gateway API as Envoy Gateway answers. It reads no Ingresses. */
export const GATEWAY_API = {
  name: "gateway-api",
  summary: "Envoy Gateway 1.9 with Gateway API 1.6",
  classes: {
    controller: CONTROLLER_NAME,
    installed: "eg",
    classless: { ignoredBy: "every Envoy Gateway", servedOn: "no Envoy Gateway" },
  },
  ingresses: "none",
  absent: { certificate: "no answer: the listener is not served", passwords: "500", service: "500" },
  kinds: [
    "BackendTLSPolicy",
    "BackendTrafficPolicy",
    "ClientTrafficPolicy",
    "GRPCRoute",
    "Gateway",
    "GatewayClass",
    "HTTPRoute",
    "HTTPRouteFilter",
    "ListenerSet",
    "ReferenceGrant",
    "SecurityPolicy",
    "TCPRoute",
    "TLSRoute",
    "UDPRoute",
    ...(["EnvoyProxy", "EnvoyExtensionPolicy", "EnvoyPatchPolicy"] as const),
  ],
  commandLine: { images: ["envoyproxy/gateway", "envoyproxy/gateway-dev"], read: [], idle: ["config-path="] },
  configMap: { namespace: "envoy-gateway-system", name: "envoy-gateway-config" },
} as const satisfies ControllerFacts;
