import type { ConfigMap, Secret, Service } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { StandIns } from "../model/stand-ins.ts";
import { oncePer } from "../once-per.ts";
import { type Supply, supplied } from "./memory.ts";
import type { CompileOptions, ControllerFlags } from "./options.ts";
import { type Ask, given, sameList, sameRecord } from "./query.ts";

/** Objects by `NAMESPACE/NAME`. */
export const SECRET_NAMED = given<string, Secret | undefined>("Secret");
export const CONFIG_MAP_NAMED = given<string, ConfigMap | undefined>("ConfigMap");
export const SERVICE_NAMED = given<string, Service | undefined>("Service");
/** All, in their order. */
export const CONFIG_MAPS = given<undefined, readonly ConfigMap[]>("ConfigMaps", sameList);

export const FLAGS = given<undefined, ControllerFlags>("flags", sameRecord);
/** `CompileOptions.configMap` */
export const OPTIONS_CONFIG_MAP = given<undefined, string | undefined>("name of the options' ConfigMap");
/** `CompileOptions.helmConfigMap` */
export const HELM_CONFIG_MAP = given<undefined, ConfigMap | undefined>("ConfigMap of the chart");
export const LOCAL_SETTINGS = given<undefined, LocalSettings>("local settings", sameRecord);
/** The made-up authority in place of a Secret. */
export const AUTHORITY = given<string, string | undefined>("made-up authority");

/** Local settings, unknown to the cluster. */
interface LocalSettings {
  readonly standIns: "made up" | "none";
  readonly user: StandIns["user"];
  readonly clientAddress: string | undefined;
}

/** The things that a snapshot and options give to every controller. */
export function worldOf(
  { secrets, configMaps, services }: Snapshot,
  { flags = {}, configMap, helmConfigMap, standIns, clientAddress }: CompileOptions,
): readonly Supply[] {
  const local: LocalSettings = {
    standIns: standIns === undefined ? "none" : "made up",
    user: standIns?.user,
    clientAddress,
  };
  return [
    supplied(SECRET_NAMED, lookupIn(secrets), { from: secrets }),
    supplied(CONFIG_MAP_NAMED, lookupIn(configMaps), { from: configMaps }),
    supplied(SERVICE_NAMED, lookupIn(services), { from: services }),
    supplied(CONFIG_MAPS, () => configMaps),
    supplied(FLAGS, () => flags),
    supplied(OPTIONS_CONFIG_MAP, () => configMap),
    supplied(HELM_CONFIG_MAP, () => helmConfigMap),
    supplied(LOCAL_SETTINGS, () => local),
    supplied(AUTHORITY, (secret) => standIns?.authorities?.get(secret)),
  ];
}

type Named = Secret | ConfigMap | Service;

/** By list: a snapshot keeps the lists of the one before it where they are the same. */
const indexOf = oncePer(
  (objects: readonly Named[]): ReadonlyMap<string, Named> =>
    new Map(objects.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each])),
);

function lookupIn<T extends Named>(objects: readonly T[]): (key: string) => T | undefined {
  const index = indexOf(objects) as ReadonlyMap<string, T>;
  return (key) => index.get(key);
}

/** Objects to look up by `NAMESPACE/NAME`, one at a time, so that it is known which were looked for. */
export interface ByName<T> {
  get(key: string): T | undefined;
}

/** Objects that annotations and options may name. */
export interface NamedObjects {
  readonly secrets: ByName<Secret>;
  readonly configMaps: ByName<ConfigMap>;
  readonly services: ByName<Service>;
}

/** Looks objects up in the name of a query. */
export function namedObjects(ask: Ask): NamedObjects {
  return {
    secrets: { get: (key) => ask.for(SECRET_NAMED, key) },
    configMaps: { get: (key) => ask.for(CONFIG_MAP_NAMED, key) },
    services: { get: (key) => ask.for(SERVICE_NAMED, key) },
  };
}
