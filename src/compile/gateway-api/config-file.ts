import type { Problem } from "../../model/problem.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { atOnce } from "../../steps.ts";
import { plainSteps } from "../../yaml/yaml.ts";
import { type FileKeys, keyProblemsIn } from "../shared/file-keys.ts";
import { GATEWAY_API } from "./facts.ts";

const FILE = "envoy-gateway.yaml";

/** The keys of Envoy Gateway's file (api/v1alpha1/envoygateway_types.go). */
const KEYS: FileKeys = {
  admin: "idle",
  apiVersion: "idle",
  envoyProxy: "unread",
  extensionApis: {
    disableLua: "idle",
    enableBackend: "unread",
    enableEnvoyPatchPolicy: "unread",
  },
  extensionManager: "unread",
  gateway: { controllerName: "idle" },
  gatewayAPIs: "unread",
  kind: "idle",
  logging: "idle",
  provider: {
    custom: "unread",
    host: "unread",
    kubernetes: {
      cacheSyncPeriod: "idle",
      client: "idle",
      deploy: "idle",
      envoyDeployment: "idle",
      envoyService: "idle",
      leaderElection: "idle",
      overwriteControlPlaneCerts: "idle",
      proxyTopologyInjector: "idle",
      rateLimitDeployment: "idle",
      rateLimitHpa: "idle",
      rateLimitPDB: "idle",
      shutdownManager: "idle",
      topologyInjector: "idle",
      watch: "unread",
    },
    type: "idle",
  },
  rateLimit: "unread",
  runtimeFlags: "unread",
  telemetry: "idle",
  xdsServer: "idle",
};

/** Keys of the installation's file that nobody follows here. `named`: the ConfigMap that is read */
export function configFileProblems({ configMaps }: Snapshot, named: string | undefined): readonly Problem[] {
  const { namespace, name } = GATEWAY_API.configMap;
  const wanted = named ?? `${namespace}/${name}`;
  const map = configMaps.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === wanted);
  const text = map?.data.get(FILE);
  const file = text === undefined ? undefined : atOnce(plainSteps(text));
  if (map === undefined || file === undefined || "general" in file || "message" in file) return [];
  return keyProblemsIn(file, KEYS, { map, file: FILE, reader: "Envoy Gateway" });
}
