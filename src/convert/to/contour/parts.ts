import type { NginxReading } from "../../../compile/ingress-nginx/reading.ts";
import type { Ingress } from "../../../model/resource.ts";
import { kept, type Made, type MadeFields } from "../made.ts";
import { annotationField, hostAskedOf, isOf, ofIngress } from "../nginx/lost.ts";
import type { ExplainedParts, Explains, KnownChange } from "../target.ts";

/** What the annotations of an Ingress come to in an HTTPProxy. */
export class ProxyParts {
  readonly ingress: Ingress;
  readonly nginx: NginxReading;
  /** Fields of every route. */
  readonly route: Record<string, Made> = {};
  /** Fields of every service. */
  readonly service: Record<string, Made> = {};
  /** Of the virtual host. */
  cors: MadeFields | undefined;
  /** In place of the services: a redirect, or an answer. */
  answer: MadeFields | undefined;
  readonly changes: KnownChange[] = [];
  /** Without prefix. */
  readonly converted = new Set<string>();

  constructor(ingress: Ingress, nginx: NginxReading) {
    this.ingress = ingress;
    this.nginx = nginx;
  }

  has(name: string): boolean {
    return this.nginx.annotations.has(name);
  }

  text(name: string): string | undefined {
    return this.nginx.annotations.text(name);
  }

  /** A value that keeps the comments of an annotation. */
  of(name: string, value: Made): Made {
    return this.has(name) ? kept(value, annotationField(name)) : value;
  }

  done(...names: readonly string[]): void {
    for (const name of names) this.converted.add(name);
  }

  say(
    name: string,
    message: string,
    parts: ExplainedParts | Explains,
    fix = "Decide whether it matters.",
  ): void {
    if (!this.has(name)) return;
    const explains = typeof parts === "function" ? parts : ofIngress(this.ingress, parts);
    this.changes.push({ ingress: this.ingress, field: annotationField(name), message, fix, explains });
  }

  /** Nobody is let in: a guard is not left out. */
  close(names: readonly string[], why: string): void {
    this.done(...names);
    this.answer = { directResponsePolicy: { statusCode: 403 } };
    const hosts = this.ingress.spec.rules.map(({ host }) => host);
    const written = names.filter((name) => this.has(name)).map(annotationField);
    for (const field of written.length === 0 ? ["metadata.name"] : written)
      this.changes.push({
        ingress: this.ingress,
        field,
        message: `${why}: every request is answered 403 until something takes its place`,
        fix: "Write an authorization of the virtual host, with an ExtensionService.",
        explains: (difference) =>
          isOf(this.ingress, difference) || hosts.includes(hostAskedOf(difference))
            ? { aspects: "all" }
            : undefined,
      });
  }
}
