import { servedIngresses } from "../../compile/class.ts";
import type { Compiled, CompileOptions } from "../../compile/compile.ts";
import { type ControllerName, controllerNamed } from "../../compile/controllers.ts";
import { INGRESS_NGINX } from "../../compile/ingress-nginx/facts.ts";
import { type NginxReading, nginxReader } from "../../compile/ingress-nginx/reading.ts";
import { createMemory } from "../../compile/memory.ts";
import { inOrderOfAge } from "../../compile/order.ts";
import { worldOf } from "../../compile/world.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { atOnce } from "../../steps.ts";

/** An Ingress with the controller whose it is. */
export interface IngressSource {
  readonly ingress: Ingress;
  readonly controller: ControllerName;
  /** default: its controller has other annotations */
  readonly nginx?: NginxReading | undefined;
}

interface FoundSources {
  /** Oldest first. */
  readonly sources: readonly IngressSource[];
  /** Those that the controller leaves out, with its reason: they are left as they are. */
  readonly faulty: readonly { readonly ingress: Ingress; readonly why: string }[];
}

/** The Ingresses that a controller serves. */
export function sourcesOf(snapshot: Snapshot, options: CompileOptions, compiled: Compiled): FoundSources {
  const revision = createMemory().revise(worldOf(snapshot, options));
  const { served } = atOnce(servedIngresses(snapshot, options, revision));
  const isNginx = controllerNamed(options.controller).name === INGRESS_NGINX.name;
  const read = isNginx ? nginxReader(snapshot, options) : undefined;
  const lost = new Map<string, Problem>();
  for (const problem of [...compiled.lost, ...compiled.stops])
    if ((problem.lost === "ingress" || problem.stops !== undefined) && problem.object?.kind === "Ingress")
      lost.set(`${problem.object.namespace}/${problem.object.name}`, problem);
  const sources: IngressSource[] = [];
  const faulty: FoundSources["faulty"][number][] = [];
  for (const ingress of atOnce(inOrderOfAge(served))) {
    const { namespace, name } = ingress.metadata;
    const why = lost.get(`${namespace}/${name}`)?.message;
    const nginx = why === undefined ? read?.(ingress) : undefined;
    const denied = nginx?.settings.location.denied;
    if (why !== undefined) faulty.push({ ingress, why });
    else if (denied !== undefined)
      faulty.push({ ingress, why: `its requests are all answered 503: ${denied.text}` });
    else sources.push({ ingress, controller: options.controller, nginx });
  }
  return { sources, faulty };
}

/** Hosts whose paths are all expressions, whichever Ingress made them so: by a rewrite, or by `use-regex`. */
export function expressionHosts(sources: readonly IngressSource[]): ReadonlySet<string> {
  const found = sources.filter(
    ({ nginx }) => nginx?.settings.useRegex === true || nginx?.settings.rewriteTarget !== undefined,
  );
  return new Set(found.flatMap(({ ingress }) => ingress.spec.rules.map(({ host }) => host)));
}
