import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import { longQuery } from "../query.ts";
import { FLAGS } from "../world.ts";
import { deepInspection } from "./admission/deep-inspection.ts";
import { strictPathTypes } from "./admission/path-types.ts";
import { readSettings } from "./annotations/features.ts";
import { Annotations } from "./annotations.ts";
import { CONFIG } from "./config.ts";
import { catchAllDisabled } from "./flags.ts";
import type { IngressSettings } from "./settings.ts";
import { namedPort, type UpstreamPort } from "./upstreams/port.ts";
import { worldUnder } from "./world.ts";

/** An Ingress with its parsed annotations. */
export interface SettledIngress {
  readonly ingress: Ingress;
  readonly settings: IngressSettings;
  /** The Service port of `spec.defaultBackend`, and those of paths in their order. */
  readonly defaultPort: UpstreamPort | undefined;
  readonly ports: readonly UpstreamPort[];
}

/** What an Ingress comes to by itself. */
interface Settling {
  /** `undefined`: the controller leaves out the whole Ingress. */
  readonly owner: SettledIngress | undefined;
  readonly problems: readonly Problem[];
}

/** How many paths are looked at in a step. */
const AT_ONCE = 100;

export const SETTLING = longQuery<Ingress, Settling>("Ingress", function* (ingress, ask) {
  const refused = catchAllDisabled(ingress, ask.for(FLAGS)) ?? deepInspection(ingress);
  if (refused !== undefined) return { owner: undefined, problems: [refused] };
  const { config } = ask.for(CONFIG);
  const annotations = new Annotations(ingress, worldUnder(config, ask));
  const settings = readSettings(annotations);
  const { report } = annotations;
  const strict = config.compileTime.strictPathTypes === "on" ? strictPathTypes(ingress) : [];
  const problems = [...report.problems, ...strict];
  if (report.isRefused) return { owner: undefined, problems };
  const paths = ingress.spec.rules.flatMap((rule) => rule.paths ?? []);
  const ports: UpstreamPort[] = [];
  for (const [at, { backend }] of paths.entries()) {
    const port = namedPort(ingress, backend, ask);
    if (port !== undefined) ports.push(port);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  const defaultPort = namedPort(ingress, ingress.spec.defaultBackend, ask);
  return { owner: { ingress, settings, defaultPort, ports }, problems };
});
