import type { NginxReading } from "../../../compile/ingress-nginx/reading.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import { kept, type Made, type MadeFields, type MadeObject } from "../made.ts";
import { annotationField, lostAnnotation, ofIngress } from "../nginx/lost.ts";
import type { ExplainedParts, Explains, KnownChange } from "../target.ts";

const TRAEFIK_VERSION = "traefik.io/v1alpha1";

/** What the annotations of an Ingress come to, beside its paths. Features fill it. */
export class TraefikParts {
  readonly ingress: Ingress;
  readonly nginx: NginxReading;
  readonly snapshot: Snapshot;
  readonly objects: MadeObject[] = [];
  /** Middlewares of every route, in the order in which nginx acts. */
  readonly chain: MadeFields[] = [];
  /** A redirect in place of the Service. */
  redirect: MadeFields | undefined;
  /** Fields of every Service of a route. */
  readonly service: Record<string, Made> = {};
  readonly changes: KnownChange[] = [];
  /** Annotations that are looked after, without prefix. */
  readonly converted = new Set<string>();

  constructor(ingress: Ingress, nginx: NginxReading, snapshot: Snapshot) {
    this.ingress = ingress;
    this.nginx = nginx;
    this.snapshot = snapshot;
  }

  has(name: string): boolean {
    return this.nginx.annotations.has(name);
  }

  /** Its valid value. */
  text(name: string): string | undefined {
    return this.nginx.annotations.text(name);
  }

  /** A value that stands for an annotation, and keeps its comments. */
  of(name: string, value: Made): Made {
    return this.has(name) ? kept(value, annotationField(name)) : value;
  }

  /** A Middleware of the Ingress, `shop-headers`; its reference. */
  middleware(suffix: string, spec: MadeFields): MadeFields {
    const name = `${this.ingress.metadata.name}-${suffix}`;
    this.objects.push(traefikObject("Middleware", this.ingress, name, spec));
    return { name };
  }

  done(...names: readonly string[]): void {
    for (const name of names) this.converted.add(name);
  }

  /** A known difference of an annotation that is converted. `message`: a clause */
  say(name: string, message: string, parts: ExplainedParts | Explains = {}): void {
    if (!this.has(name)) return;
    const explains = typeof parts === "function" ? parts : ofIngress(this.ingress, parts);
    const { ingress } = this;
    const fix = "Decide whether it matters.";
    this.changes.push({ ingress, field: annotationField(name), message, fix, explains });
  }

  /** Nothing takes its place. `why`: replaces the usual words */
  lose(name: string, why?: string): void {
    this.done(name);
    if (this.has(name)) this.changes.push(lostAnnotation(this.ingress, name, why));
  }
}

export function traefikObject(kind: string, { metadata }: Ingress, name: Made, spec: MadeFields): MadeObject {
  return {
    apiVersion: TRAEFIK_VERSION,
    kind,
    metadata: {
      name,
      namespace: metadata.namespace === "default" ? undefined : metadata.namespace,
      labels: metadata.labels.size === 0 ? undefined : Object.fromEntries(metadata.labels),
    },
    spec,
  };
}
