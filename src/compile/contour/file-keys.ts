import { closest } from "../../closest.ts";
import type { Problem } from "../../model/problem.ts";
import type { ConfigMap } from "../../model/resource.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { ingressName, problemOf } from "../problem.ts";

/** How a key of `contour.yaml` counts; a map has keys of its own. "idle": it changes no answer */
type KeyUse = "read" | "idle" | "unread" | { readonly [key: string]: KeyUse };

/** The keys of Contour's file (pkg/config/parameters.go). */
const KEYS: { readonly [key: string]: KeyUse } = {
  "accesslog-format": "idle",
  "accesslog-format-string": "idle",
  "accesslog-level": "idle",
  cluster: {
    "circuit-breakers": "unread",
    "dns-lookup-family": "idle",
    "max-requests-per-connection": "idle",
    "per-connection-buffer-limit-bytes": "idle",
    "upstream-tls": "unread",
  },
  compression: { algorithm: "read" },
  debug: "idle",
  "default-http-versions": "unread",
  disableAllowChunkedLength: "unread",
  disableMergeSlashes: "read",
  disablePermitInsecure: "read",
  enableExternalNameService: "read",
  enableStatPrefix: "idle",
  "envoy-service-name": "idle",
  "envoy-service-namespace": "idle",
  featureFlags: "idle",
  gateway: "unread",
  globalExtAuth: "read",
  health: "idle",
  incluster: "idle",
  "ingress-status-address": "idle",
  "json-fields": "idle",
  kubeconfig: "idle",
  "kubernetes-client-burst": "idle",
  "kubernetes-client-qps": "idle",
  leaderelection: "idle",
  listener: "unread",
  metrics: "idle",
  network: { "admin-port": "idle", "num-trusted-hops": "read", "strip-trailing-host-dot": "read" },
  omEnforcedHealth: "idle",
  policy: {
    applyToIngress: "read",
    "request-headers": { remove: "read", set: "read" },
    "response-headers": { remove: "read", set: "read" },
  },
  rateLimitService: "unread",
  server: "idle",
  serverHeaderTransformation: "read",
  timeouts: {
    "connect-timeout": "unread",
    "connection-idle-timeout": "unread",
    "connection-shutdown-grace-period": "idle",
    "delayed-close-timeout": "idle",
    "max-connection-duration": "unread",
    "request-timeout": "unread",
    "stream-idle-timeout": "unread",
  },
  tls: {
    "cipher-suites": "unread",
    "envoy-client-certificate": "unread",
    "fallback-certificate": "read",
    "maximum-protocol-version": "unread",
    "minimum-protocol-version": "unread",
  },
  tracing: "idle",
  "xds-server-type": "idle",
};

/** Keys that Contour does not know, and those that change its answers and not ours. */
export function keyProblems(file: YamlNode, map: ConfigMap): readonly Problem[] {
  return problemsIn(file, KEYS, "", map);
}

function problemsIn(
  node: YamlNode,
  known: { readonly [key: string]: KeyUse },
  before: string,
  map: ConfigMap,
): readonly Problem[] {
  if (node.kind !== "map") return [];
  const uses = new Map(Object.entries(known));
  return [...node.entries].flatMap(([key, { value }]): readonly Problem[] => {
    const path = before + key;
    const use = uses.get(key);
    if (use === undefined) return [unknownKey(path, closest(key, uses.keys()), map)];
    if (typeof use === "object") return problemsIn(value, use, `${path}.`, map);
    return use === "unread" && !isNothing(value) ? [unreadKey(path, map)] : [];
  });
}

function isNothing(node: YamlNode): boolean {
  if (node.kind === "scalar") return node.value === null || node.value === false || node.value === "";
  return node.kind === "list" ? node.items.length === 0 : node.entries.size === 0;
}

function unknownKey(path: string, near: string | undefined, map: ConfigMap): Problem {
  const meant = near === undefined ? "" : ` (${near}?)`;
  return keyProblem(
    "option-unknown",
    `Contour knows no ${path} in contour.yaml${meant}, and does not start with it`,
    "Correct the name, or remove it.",
    map,
  );
}

function unreadKey(path: string, map: ConfigMap): Problem {
  const message = `${path} of contour.yaml is not honoured here: requests are answered as without it`;
  return keyProblem("option-ignored", message, "Expect the cluster to act on it; ingress-dev does not.", map);
}

function keyProblem(
  code: "option-unknown" | "option-ignored",
  what: string,
  fix: string,
  map: ConfigMap,
): Problem {
  const message = `ConfigMap ${ingressName(map)}: ${what}.`;
  return problemOf(map, { code, level: "warning", field: "data[contour.yaml]", message, fix });
}
