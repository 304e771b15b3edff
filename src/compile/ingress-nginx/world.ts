import type { ConfigMap, Secret, Service } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { CompileOptions, ControllerFlags } from "../options.ts";
import type { ControllerConfig } from "./config-map.ts";

/** Objects that annotations may name. Keys are `NAMESPACE/NAME`. */
export interface World {
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly services: ReadonlyMap<string, Service>;
  readonly config: ControllerConfig;
  readonly flags: ControllerFlags;
  /** Local settings, unknown to the cluster. */
  readonly here: Pick<CompileOptions, "standIns" | "clientAddress">;
}

export function worldOf(
  { secrets, configMaps, services }: Snapshot,
  config: ControllerConfig,
  { flags = {}, ...here }: Pick<CompileOptions, "flags" | "standIns" | "clientAddress"> = {},
): World {
  return {
    secrets: byKey(secrets),
    configMaps: byKey(configMaps),
    services: byKey(services),
    config,
    flags,
    here,
  };
}

function byKey<T extends Secret | ConfigMap | Service>(objects: readonly T[]): ReadonlyMap<string, T> {
  return new Map(objects.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]));
}
