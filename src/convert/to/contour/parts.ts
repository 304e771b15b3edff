import type { Made, MadeFields } from "../made.ts";
import { AnnotationParts } from "../nginx/annotation-parts.ts";
import { annotationField, isAtHostOf, isOf } from "../nginx/lost.ts";

/** Fields of an HTTPProxy, beside the paths of its Ingress. */
export class ProxyParts extends AnnotationParts {
  /** Fields of every route. */
  readonly route: Record<string, Made> = {};
  /** Fields of every service. */
  readonly service: Record<string, Made> = {};
  /** A Service of every route that gets copies of requests. */
  mirror: Made | undefined;
  /** Of the virtual host. */
  cors: MadeFields | undefined;
  /** In place of the services: a redirect, or an answer. */
  answer: MadeFields | undefined;

  /** Nobody is let in: a guard is not left out. */
  close(names: readonly string[], why: string): void {
    this.done(...names);
    this.answer = { directResponsePolicy: { statusCode: 403 } };
    const written = names.filter((name) => this.has(name)).map(annotationField);
    for (const field of written.length === 0 ? ["metadata.name"] : written)
      this.changes.push({
        ingress: this.ingress,
        field,
        message: `${why}: every request is answered 403 until something takes its place`,
        fix: "Write an authorization of the virtual host, with an ExtensionService.",
        explains: (difference) => {
          const isAsked = isOf(this.ingress, difference) || isAtHostOf(this.ingress, difference);
          return isAsked && difference.second.behaviour.kind !== "forward"
            ? { aspects: "answer" }
            : undefined;
        },
      });
  }
}
