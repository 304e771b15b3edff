import type { ConfigMap, Secret } from "../../model/resource.ts";
import type { StandIns } from "../../model/stand-ins.ts";
import type { CompileWorld } from "../controller.ts";
import { PresentServices } from "./present-services.ts";

/** What annotations may name. */
export interface Context {
  readonly services: PresentServices;
  readonly secret: (namespace: string, name: string) => Secret | undefined;
  /** A Secret that is not there: it does not exist, or the cluster may have it. */
  readonly absentSecrets: "missing" | "elsewhere";
  readonly configMap: (namespace: string, name: string) => ConfigMap | undefined;
  /** default: an absent Secret is absent, as in the controller */
  readonly standIns: StandIns | undefined;
}

export function contextOf({ snapshot, options }: CompileWorld): Context {
  const secrets = byName(snapshot.secrets);
  const configMaps = byName(snapshot.configMaps);
  return {
    services: new PresentServices(snapshot, options),
    secret: (namespace, name) => secrets.get(`${namespace}/${name}`),
    absentSecrets: options.completeness === "whole" ? "missing" : "elsewhere",
    configMap: (namespace, name) => configMaps.get(`${namespace}/${name}`),
    standIns: options.standIns,
  };
}

function byName<T extends { readonly metadata: { readonly namespace: string; readonly name: string } }>(
  all: readonly T[],
): ReadonlyMap<string, T> {
  return new Map(all.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]));
}
