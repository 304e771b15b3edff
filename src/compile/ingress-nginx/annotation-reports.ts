import type { Code } from "../../errors.ts";
import type { Problem, ProblemLevel } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";
import { PREFIX } from "./prefix.ts";
import type { Stop } from "./stops.ts";

export class AnnotationReports {
  readonly problems: Problem[] = [];
  /** Values that the controller accepts and nginx refuses. */
  readonly stops: Stop[] = [];
  /** The controller leaves out the whole Ingress. */
  refused = false;
  protected readonly ingress: Ingress;

  constructor(ingress: Ingress) {
    this.ingress = ingress;
  }

  /** Reports an annotation that only the controller honours. */
  notHonoured(name: string, effect: string): void {
    this.report(
      "annotation-not-honoured",
      "warning",
      PREFIX + name,
      effect,
      "Keep it in mind when you read answers.",
    );
  }

  /** Reports an accepted value that does something else than it seems to say. */
  surprising(name: string, what: string, fix: string): void {
    this.report("annotation-surprising", "warning", PREFIX + name, what, fix);
  }

  /** Reports an annotation that the controller does not have. */
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

  /** Leaves out the whole Ingress, as the controller does. `webhook`: the webhook's words. */
  refuse(annotation: string, what: string, fix: string, webhook: string): void {
    this.refused = true;
    const effect = `${what}: the controller does not serve this Ingress`;
    this.report("annotation-refused", "error", annotation, effect, fix, { webhook, lost: "ingress" });
  }

  notRead(name: string): void {
    const fix = `ingress-nginx reads annotations that begin with ${PREFIX}.`;
    this.report("annotation-of-another", "notice", name, "ingress-nginx does not read it", fix);
  }

  /** Reports a value for which nginx refuses its configuration. `words`: nginx's; `what`: a clause. */
  stop(annotation: string, words: string, what: string, fix: string): void {
    this.stops.push({ annotation, words, what, fix });
  }

  /** `name`: with prefix. */
  report(
    code: Code,
    level: ProblemLevel,
    annotation: string,
    what: string,
    fix: string,
    more: Pick<Problem, "webhook" | "lost"> = {},
  ): void {
    const field = `metadata.annotations[${annotation}]`;
    const message = `Ingress ${ingressName(this.ingress)}: ${annotation}: ${what}`;
    this.problems.push(problemOf(this.ingress, { code, level, field, message, fix, ...more }));
  }
}
