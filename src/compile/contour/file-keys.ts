import type { Problem } from "../../model/problem.ts";
import type { ConfigMap } from "../../model/resource.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { type FileKeys, keyProblemsIn } from "../shared/file-keys.ts";

/** The keys of Contour's file (pkg/config/parameters.go). */
const KEYS: FileKeys = {
  "accesslog-format": "idle",
  "accesslog-format-string": "idle",
  "accesslog-level": "idle",
  cluster: {
    "circuit-breakers": {
      "max-connections": "read",
      "max-pending-requests": "read",
      "max-requests": "read",
      "max-retries": "unread",
      "per-host-max-connections": "unread",
    },
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
    "connect-timeout": "read",
    "connection-idle-timeout": "unread",
    "connection-shutdown-grace-period": "idle",
    "delayed-close-timeout": "idle",
    "max-connection-duration": "unread",
    "request-timeout": "unread",
    "stream-idle-timeout": "read",
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
  return keyProblemsIn(file, KEYS, { map, file: "contour.yaml", reader: "Contour" });
}
