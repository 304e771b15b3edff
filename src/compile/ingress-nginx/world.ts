import type { StandIns } from "../../model/stand-ins.ts";
import type { ControllerFlags } from "../options.ts";
import type { Ask } from "../query.ts";
import { AUTHORITY, type ByName, FLAGS, LOCAL_SETTINGS, type NamedObjects, namedObjects } from "../world.ts";
import type { ControllerConfig } from "./config-map.ts";

/** What annotations are read with. Objects are looked up in the name of the query that reads. */
export interface World extends NamedObjects {
  readonly config: ControllerConfig;
  readonly flags: ControllerFlags;
  /** Local settings, unknown to the cluster. */
  readonly here: {
    /** Replacements for absent Secrets and ConfigMaps. */
    readonly standIns: "made up" | "none";
    readonly user: StandIns["user"];
    /** Made-up authorities by Secret. */
    readonly authorities: ByName<string>;
    /** default: 127.0.0.1 */
    readonly clientAddress: string | undefined;
  };
}

export function worldUnder(config: ControllerConfig, ask: Ask): World {
  const { standIns, user, clientAddress } = ask.for(LOCAL_SETTINGS);
  const authorities = { get: (secret: string) => ask.for(AUTHORITY, secret) };
  const here = { standIns, user, authorities, clientAddress };
  // Field by field, and not by `...`: it is made for each Ingress.
  const { secrets, configMaps, services } = namedObjects(ask);
  return { secrets, configMaps, services, config, flags: ask.for(FLAGS), here };
}
