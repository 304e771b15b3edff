import type { NginxReading } from "../../../compile/ingress-nginx/reading.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import { kept, type Made, type MadeFields, type MadeObject } from "../made.ts";
import { annotationField, lostAnnotation, ofIngress } from "../nginx/lost.ts";
import type { ExplainedParts, Explains, KnownChange } from "../target.ts";

export const ENVOY_VERSION = "gateway.envoyproxy.io/v1alpha1";

/** What the annotations of an Ingress come to, beside its paths. Features fill it. */
export class IngressParts {
  readonly ingress: Ingress;
  readonly nginx: NginxReading;
  readonly snapshot: Snapshot;
  /** Of every rule, in order. */
  readonly filters: MadeFields[] = [];
  /** Fields of every rule beside matches, filters and backends. */
  readonly ruleFields: Record<string, Made> = {};
  /** `spec` of its SecurityPolicy and BackendTrafficPolicy, without targets. */
  readonly security: Record<string, Made> = {};
  readonly traffic: Record<string, Made> = {};
  /** Answers in place of the backends. */
  redirect: MadeFields | undefined;
  /** Before its routes. */
  readonly objects: MadeObject[] = [];
  /** Those that somebody has to make. */
  readonly presumed: MadeObject[] = [];
  readonly changes: KnownChange[] = [];
  /** Annotations that are looked after, without prefix. */
  readonly converted = new Set<string>();

  constructor(ingress: Ingress, nginx: NginxReading, snapshot: Snapshot) {
    this.ingress = ingress;
    this.nginx = nginx;
    this.snapshot = snapshot;
  }

  get namespace(): string {
    return this.ingress.metadata.namespace;
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

  /** A filter of every rule. `annotation`: whose comments it keeps */
  filter(annotation: string, filter: MadeFields): void {
    this.filters.push(this.of(annotation, filter) as unknown as MadeFields);
  }

  done(...names: readonly string[]): void {
    for (const name of names) this.converted.add(name);
  }

  /** A known difference of an annotation that is converted. `message`: a clause. default parts: none that `diff` sees */
  say(name: string, message: string, parts: ExplainedParts | Explains = {}, fix = DECIDE): void {
    if (this.has(name)) this.note(annotationField(name), message, parts, fix);
  }

  /** The same of any field. */
  note(field: string, message: string, parts: ExplainedParts | Explains, fix: string): void {
    const explains = typeof parts === "function" ? parts : ofIngress(this.ingress, parts);
    const { ingress } = this;
    this.changes.push({ ingress, field, message, fix, explains });
  }

  /** Nothing takes its place. `why`: replaces the usual words */
  lose(name: string, why?: string): void {
    this.done(name);
    if (this.has(name)) this.changes.push(lostAnnotation(this.ingress, name, why));
  }
}

const DECIDE = "Decide whether it matters.";

/** A literal header value: Envoy reads `%` as the beginning of an operator. */
export function envoyValue(text: string): string {
  return text.replaceAll("%", "%%");
}
