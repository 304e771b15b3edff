import type { Json } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { Transport } from "../../../model/route/transport.ts";
import { compileRe2, type Re2 } from "../../../re2/re2.ts";
import type { Step } from "../../../step/step.ts";
import { Lost } from "../lost.ts";
import type { TraefikObjects } from "../objects.ts";

export interface Building {
  /** Of the kind. */
  readonly spec: Json | undefined;
  readonly middleware: CustomResource;
  /** `Middleware default/auth` */
  readonly by: string;
  readonly objects: TraefikObjects;
  /** The router, which counts for itself. */
  readonly scope: string;
}

interface Made {
  readonly steps?: readonly Step[];
  readonly transport?: Partial<Transport>;
}

/** One kind of middleware. */
export type Build = (building: Building) => Made | Lost;

/** An expression in Go's syntax. */
export function expression(source: string): Re2 | Lost {
  const compiled = compileRe2(source);
  return compiled.kind === "compiled"
    ? compiled.pattern
    : new Lost(compiled.why, "Correct the regular expression.");
}

export function expressions(sources: readonly string[]): readonly Re2[] | Lost {
  const made: Re2[] = [];
  for (const source of sources) {
    const pattern = expression(source);
    if (pattern instanceof Lost) return pattern;
    made.push(pattern);
  }
  return made;
}
