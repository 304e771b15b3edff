import type { Code } from "../../errors.ts";
import type { Problem, ProblemLevel } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";
import { PREFIX } from "./prefix.ts";
import type { Stop } from "./stops.ts";

/** Problems of the annotations of one Ingress, found while they are read. */
export class AnnotationReports {
  readonly problems: Problem[] = [];
  /** Values that the controller takes and nginx refuses. */
  readonly stops: Stop[] = [];
  /** Some value makes the controller leave the whole Ingress out. */
  refused = false;
  protected readonly ingress: Ingress;

  constructor(ingress: Ingress) {
    this.ingress = ingress;
  }

  /** An annotation that the controller honours and ingress-dev does not. */
  notHonoured(name: string, effect: string): void {
    this.report(
      "annotation-not-honoured",
      "warning",
      PREFIX + name,
      effect,
      "Keep it in mind when you read answers.",
    );
  }

  /** A value that the controller takes, and that does something else than it seems to say. */
  surprising(name: string, what: string, fix: string): void {
    this.report("annotation-surprising", "warning", PREFIX + name, what, fix);
  }

  /** Not one of the controller's: nothing reads it. */
  unknown(name: string, hint: string | undefined): void {
    const what = "ingress-nginx has no such annotation, and passes it over";
    const fix = hint === undefined ? "Remove it, or correct its name." : "Correct the name, or remove it.";
    this.report(
      "annotation-unknown",
      "warning",
      PREFIX + name,
      hint === undefined ? what : `${what} (${hint})`,
      fix,
    );
  }

  /** The controller leaves the whole Ingress out, and its webhook refuses it in these words. */
  refuse(annotation: string, what: string, fix: string, webhook: string): void {
    this.refused = true;
    const effect = `${what}: the controller does not serve this Ingress`;
    this.report("annotation-refused", "error", annotation, effect, fix, webhook);
  }

  /** An annotation of another controller. */
  notRead(name: string): void {
    const fix = `ingress-nginx reads annotations that begin with ${PREFIX}.`;
    this.report("annotation-of-another", "notice", name, "ingress-nginx does not read it", fix);
  }

  /** A value that nginx refuses its configuration for, in the `words` of nginx. `what` is a clause. */
  stop(annotation: string, words: string, what: string, fix: string): void {
    this.stops.push({ annotation, words, what, fix });
  }

  /** Something that is wrong with an annotation, by its whole name. */
  report(
    code: Code,
    level: ProblemLevel,
    annotation: string,
    what: string,
    fix: string,
    webhook?: string,
  ): void {
    const field = `metadata.annotations[${annotation}]`;
    const message = `Ingress ${ingressName(this.ingress)}: ${annotation}: ${what}`;
    this.problems.push(problemOf(this.ingress, { code, level, field, message, fix, webhook }));
  }
}
