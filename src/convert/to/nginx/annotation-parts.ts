import type { NginxReading } from "../../../compile/ingress-nginx/reading.ts";
import type { Ingress } from "../../../model/resource.ts";
import { kept, type Made } from "../made.ts";
import type { ExplainedParts, Explains, KnownChange } from "../target.ts";
import { annotationField, lostAnnotation, ofIngress } from "./lost.ts";

const DECIDE = "Decide whether it matters.";

/** The annotations of an Ingress, and what becomes of them. Each target adds what it makes of them; features fill it. */
export class AnnotationParts {
  readonly ingress: Ingress;
  readonly nginx: NginxReading;
  readonly changes: KnownChange[] = [];
  /** Annotations that are looked after, without prefix. */
  readonly converted = new Set<string>();

  constructor(ingress: Ingress, nginx: NginxReading) {
    this.ingress = ingress;
    this.nginx = nginx;
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
    this.changes.push({ ingress: this.ingress, field, message, fix, explains });
  }

  /** Nothing takes its place. `why`: replaces the usual words */
  lose(name: string, why?: string): void {
    this.done(name);
    if (this.has(name)) this.changes.push(lostAnnotation(this.ingress, name, why));
  }
}
