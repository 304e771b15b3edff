import type { ControllerFacts } from "../../compile/controller.ts";
import type { ControllerName } from "../../compile/controllers.ts";
import type { Aspect } from "../../diff/aspects.ts";
import type { Difference } from "../../diff/difference.ts";
import type { Ingress } from "../../model/resource.ts";
import type { RouteTable } from "../../model/route.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { FieldEdit } from "./edited.ts";
import type { MadeObject } from "./made.ts";
import type { IngressSource } from "./sources.ts";

/** What Ingresses are converted to. */
export interface ConvertTarget {
  readonly facts: ControllerFacts & { readonly name: ControllerName };
  readonly convert: (sources: readonly IngressSource[], world: TargetWorld) => Conversion;
  /** What everybody meets who comes from a controller, whatever the Ingresses say. */
  readonly general: (from: ControllerName) => readonly GeneralChange[];
}

export interface TargetWorld {
  readonly snapshot: Snapshot;
  /** What the Ingresses come to before: one table for each of their controllers. */
  readonly tables: readonly RouteTable[];
}

export interface Conversion {
  /** What stands in the place of each Ingress; one that is not there stays. */
  readonly made: ReadonlyMap<Ingress, InPlace>;
  /** Known differences that an Ingress has behind it. */
  readonly changes: readonly KnownChange[];
  /** Objects that somebody has to make, as they would be: requests are compared as if they were there. default: none */
  readonly presumed?: readonly MadeObject[] | undefined;
  /** Ingresses that cannot be converted, and why: clauses after the field's name. */
  readonly left: readonly { readonly ingress: Ingress; readonly field: string; readonly why: string }[];
}

/** Objects, or the Ingress itself with other fields. */
export type InPlace = readonly MadeObject[] | EditedIngress;

interface EditedIngress {
  readonly edits: readonly FieldEdit[];
  /** Objects that stand before it. */
  readonly before: readonly MadeObject[];
}

/** Something of an Ingress that comes to something else, and is said. */
export interface KnownChange {
  readonly ingress: Ingress;
  /** `metadata.annotations[…]`, `spec.rules[0].http.paths[1].pathType` */
  readonly field: string;
  /** A clause, after the field's name: `nothing takes its place, and …`. */
  readonly message: string;
  /** What one can do. */
  readonly fix: string;
  readonly explains: Explains;
  /** "shown": it is said only where a request differs by it. default: always */
  readonly when?: "shown" | undefined;
  /** The URL of a request that shows it. default: the first that differs by it */
  readonly witness?: string | undefined;
}

/** What of a difference is due to a change; `undefined`: nothing. */
export type Explains = (difference: ComparedRequest) => ExplainedParts | undefined;

export interface ComparedRequest extends Difference {
  /** The host that has the name of the request as an alias. default: the name is none */
  readonly aliasOf?: string | undefined;
}

export interface ExplainedParts {
  /** "answer": everything, of a request that is answered otherwise or goes elsewhere. default: none */
  readonly aspects?: readonly Aspect[] | "answer" | undefined;
  /** Headers of answers, and of requests to the backend, in lower case. default: none */
  readonly responseHeaders?: readonly string[] | undefined;
  readonly requestHeaders?: readonly string[] | undefined;
}

/** Who is let in, or what tells of it, also where the answer is the same. */
export const OF_GUARDS: readonly Aspect[] = [
  ...(["kind", "status", "location", "guards", "settings"] as const),
  ...(["response headers", "request headers"] as const),
];

export interface GeneralChange {
  /** A name for programs: `hsts`. */
  readonly id: string;
  /** A clause, as after a number of requests. */
  readonly message: string;
  readonly explains: Explains;
}
