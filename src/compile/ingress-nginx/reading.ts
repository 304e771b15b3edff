import type { Ingress } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { atOnce } from "../../steps.ts";
import { createMemory } from "../memory.ts";
import type { CompileOptions } from "../options.ts";
import { query } from "../query.ts";
import { worldOf } from "../world.ts";
import { Annotations } from "./annotations.ts";
import { CONFIG } from "./config.ts";
import type { IngressSettings } from "./settings.ts";
import { SETTLING } from "./settling.ts";
import { worldUnder } from "./world.ts";

/** An Ingress as the controller reads it. */
export interface NginxReading {
  readonly annotations: Annotations;
  readonly settings: IngressSettings;
}

const ANNOTATIONS = query<Ingress, Annotations>("annotations of an Ingress", (ingress, ask) => {
  return new Annotations(ingress, worldUnder(ask.for(CONFIG).config, ask));
});

/** Reads Ingresses one by one. `undefined`: the controller leaves out the Ingress. */
export function nginxReader(
  snapshot: Snapshot,
  options: CompileOptions,
): (ingress: Ingress) => NginxReading | undefined {
  const revision = createMemory().revise(worldOf(snapshot, options));
  return (ingress) => {
    const { owner } = atOnce(revision.inSteps(SETTLING, ingress));
    return owner && { annotations: revision.for(ANNOTATIONS, ingress), settings: owner.settings };
  };
}
