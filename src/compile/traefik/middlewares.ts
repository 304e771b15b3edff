import type { CustomResource } from "../../model/resource.ts";
import type { Transport } from "../../model/route/transport.ts";
import type { Step } from "../../step/step.ts";
import { Lost } from "./lost.ts";
import { BUILDERS, GUARDS } from "./middlewares/builders.ts";
import { chainReferences } from "./middlewares/chain.ts";
import type { TraefikObjects } from "./objects.ts";

/** What some middlewares do, in order. */
export interface Chain {
  readonly steps: readonly Step[];
  /** What they change about the way to the service. */
  readonly transport: Partial<Transport>;
  /** Names of those that keep requests out. */
  readonly guards: readonly string[];
}

const NOTHING: Chain = { steps: [], transport: {}, guards: [] };

/** Deeper chains are refused here; Traefik has no limit. */
const DEEPEST = 50;

/**
 * Builds the middlewares that some references name: `NAMESPACE-NAME@kubernetescrd`. A reference without a provider is looked for
 * in the router's own.
 */
export function chainOf(
  references: readonly string[],
  provider: string,
  objects: TraefikObjects,
  scope: string,
  path: readonly CustomResource[] = [],
): Chain | Lost {
  let chain = NOTHING;
  for (const reference of references) {
    const at = reference.lastIndexOf("@");
    const name = at < 0 ? reference : reference.slice(0, at);
    const of = at < 0 ? provider : reference.slice(at + 1);
    const found = of === "kubernetescrd" ? objects.joined("Middleware", name) : undefined;
    if (found === undefined)
      return new Lost(missing(reference, at < 0, of), missingFix(at < 0, of), "middleware");
    const next = built(found, { objects, scope, path });
    if (next instanceof Lost) return next;
    chain = {
      steps: [...chain.steps, ...next.steps],
      transport: { ...chain.transport, ...next.transport },
      guards: [...chain.guards, ...next.guards],
    };
  }
  return chain;
}

function missing(reference: string, isBare: boolean, provider: string): string {
  if (isBare && provider !== "kubernetescrd")
    return `there is no middleware ${reference}@${provider}: Middleware objects are named NAMESPACE-NAME@kubernetescrd`;
  return `there is no Middleware ${reference}`;
}

function missingFix(isBare: boolean, provider: string): string {
  return isBare && provider !== "kubernetescrd"
    ? "Write NAMESPACE-NAME@kubernetescrd."
    : "Add the Middleware, or correct the reference.";
}

function middlewareName({ metadata }: CustomResource): string {
  return `Middleware ${metadata.namespace}/${metadata.name}`;
}

interface Within {
  readonly objects: TraefikObjects;
  readonly scope: string;
  /** The chains around it. */
  readonly path: readonly CustomResource[];
}

/** One Middleware; it has exactly one kind. */
function built(middleware: CustomResource, { objects, scope, path }: Within): Chain | Lost {
  const by = middlewareName(middleware);
  const lost = (why: string, fix: string) => new Lost(`${by} cannot be built: ${why}`, fix, "middleware");
  if (path.includes(middleware) || path.length >= DEEPEST)
    return lost("its chain comes back to itself", "Take one of them out of the chain.");
  const kinds = Object.keys(middleware.spec).filter((kind) => kind === "chain" || BUILDERS.has(kind));
  const [kind] = kinds;
  if (kind === undefined) return lost("it has no kind that Traefik knows", "Give it exactly one kind.");
  if (kinds.length > 1)
    return lost(`it has several kinds (${kinds.join(", ")})`, "Give each kind a Middleware of its own.");
  const spec = middleware.spec[kind];
  if (kind === "chain") {
    const references = chainReferences(spec, middleware, objects);
    return references instanceof Lost
      ? references
      : chainOf(references, "kubernetescrd", objects, scope, [...path, middleware]);
  }
  const made =
    BUILDERS.get(kind)?.({ spec, middleware, by, objects, scope }) ?? lost("Traefik cannot build it", "");
  if (made instanceof Lost) return lost(made.why, made.fix);
  return {
    steps: made.steps ?? [],
    transport: made.transport ?? {},
    guards: GUARDS.has(kind) ? [by] : [],
  };
}
