import type { ConfigMap, Secret, Service } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";

/** What annotations may name beside the Ingress they stand on. Keys are `NAMESPACE/NAME`. */
export interface World {
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly services: ReadonlyMap<string, Service>;
  /** `global-allowed-response-headers` of the controller's ConfigMap: none where it does not say. */
  readonly allowedResponseHeaders: readonly string[];
}

/** What the controller's own ConfigMap is called by its Helm chart, and by minikube. */
const CONTROLLER_CONFIG_MAP = "ingress-nginx-controller";

/** The objects of a snapshot by name. */
export function worldOf({ secrets, configMaps, services }: Snapshot): World {
  const controller = configMaps.find(({ metadata }) => metadata.name === CONTROLLER_CONFIG_MAP);
  const allowed = controller?.data.get("global-allowed-response-headers") ?? "";
  return {
    secrets: byKey(secrets),
    configMaps: byKey(configMaps),
    services: byKey(services),
    allowedResponseHeaders: allowed.split(",").map((name) => name.trim()),
  };
}

function byKey<T extends Secret | ConfigMap | Service>(objects: readonly T[]): ReadonlyMap<string, T> {
  return new Map(objects.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]));
}
