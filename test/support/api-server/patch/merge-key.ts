/** The merge of a list: by a key of its elements, or as a set of texts. `undefined`: replaced. */
export type MergeKey = string | "set" | undefined;

const KEYS: Readonly<Record<string, MergeKey>> = {
  conditions: "type",
  containers: "name",
  env: "name",
  ephemeralContainers: "name",
  finalizers: "set",
  hostAliases: "ip",
  imagePullSecrets: "name",
  initContainers: "name",
  ownerReferences: "uid",
  secrets: "name",
  topologySpreadConstraints: "topologyKey",
  volumeDevices: "devicePath",
  volumeMounts: "mountPath",
  volumes: "name",
};

/** The `patchMergeKey` of a list field, from the Go types of k8s.io/api. */
export function mergeKey(kind: string, field: string): MergeKey {
  if (field !== "ports") return KEYS[field];
  if (kind === "Service") return "port";
  return kind === "EndpointSlice" ? undefined : "containerPort";
}
