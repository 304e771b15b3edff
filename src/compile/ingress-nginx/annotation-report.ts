import type { Code } from "../../errors.ts";
import type { Problem, ProblemLevel } from "../../model/problem.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { Ingress } from "../../model/resource.ts";
import { PREFIX } from "../nginx-annotations/prefix.ts";
import { ingressName, problemOf } from "../problem.ts";
import { placeOf } from "../route.ts";
import type { Stop } from "./stop-words.ts";
import { shortened } from "./values/annotation-text.ts";
import { type OnBadValue, OUTCOMES } from "./values/on-bad-value.ts";

/** An object that an annotation names and that is absent. `what` and `here` are clauses. */
interface Absent {
  /** `NAMESPACE/NAME`. */
  readonly object: string;
  readonly what: string;
  readonly here: string;
  readonly fix: string;
}

/** Two DNS names (https://kubernetes.io/docs/concepts/overview/working-with-objects/names). */
const OBJECT = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;

/** Collects what is wrong with the annotations of one Ingress, and what the controller does about it. */
export class AnnotationReport {
  readonly #ingress: Ingress;
  /** Absent objects may be stood in for: files may lack what the cluster has. */
  readonly #standIns: "made up" | "none";
  readonly #problems: Problem[] = [];
  #stops: readonly Stop[] = [];
  #isRefused = false;
  #denied: Reason | undefined;
  #group: { readonly names: readonly string[]; isIgnored: boolean } = { names: [], isIgnored: false };

  constructor(ingress: Ingress, standIns: "made up" | "none") {
    this.#ingress = ingress;
    this.#standIns = standIns;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Values that the controller accepts and nginx refuses. */
  get stops(): readonly Stop[] {
    return this.#stops;
  }

  /** The controller leaves out the whole Ingress. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Why every path of the Ingress is answered with 503; the first reason counts. default: they are not */
  get denied(): Reason | undefined {
    return this.#denied;
  }

  /** The parser of the group has given up, and reads nothing more. */
  get isGroupIgnored(): boolean {
    return this.#group.isIgnored;
  }

  /** The work of one parser on its annotations; `undefined` if it gave up on all of them. */
  ofGroup<T>(names: readonly string[], parse: () => T): T | undefined {
    this.#group = { names, isIgnored: false };
    const before = this.#stops;
    const parsed = parse();
    if (!this.#group.isIgnored) return parsed;
    this.#stops = before;
    return undefined;
  }

  /** Reports an annotation that only the controller honours. */
  notHonoured(name: string, effect: string): void {
    const fix = "Keep it in mind when you read answers.";
    this.add("annotation-not-honoured", "warning", PREFIX + name, effect, fix);
  }

  /** Reports an accepted value that does something else than it seems to say. */
  surprising(name: string, what: string, fix: string): void {
    this.add("annotation-surprising", "warning", PREFIX + name, what, fix);
  }

  /** Reports an annotation that the controller does not have. */
  unknown(name: string, hint: string | undefined): void {
    const what = "ingress-nginx has no such annotation, and passes it over";
    if (hint === undefined)
      this.add("annotation-unknown", "warning", PREFIX + name, what, "Remove it, or correct its name.");
    else {
      const fix = "Correct the name, or remove it.";
      this.add("annotation-unknown", "warning", PREFIX + name, `${what} (${hint})`, fix);
    }
  }

  /** Reports an annotation of another controller, by its whole name. */
  notRead(name: string): void {
    const fix = `ingress-nginx reads annotations that begin with ${PREFIX}.`;
    this.add("annotation-of-another", "notice", name, "ingress-nginx does not read it", fix);
  }

  /** Leaves out the whole Ingress, as the controller does. `annotation`: with prefix; `webhook`: the webhook's words. */
  refuse(annotation: string, what: string, fix: string, webhook: string): void {
    this.#isRefused = true;
    const effect = `${what}: the controller does not serve this Ingress`;
    this.add("annotation-refused", "error", annotation, effect, fix, { webhook, lost: "ingress" });
  }

  /** Reports a value for which nginx refuses its configuration. `words`: nginx's; `what`: a clause. */
  stop(annotation: string, words: string, what: string, fix: string): void {
    this.#stops = [...this.#stops, { annotation, words, what, fix }];
  }

  /** Reports a value that is not accepted, by its validator or by what is made of it. */
  reject(name: string, value: string, expected: string, otherwise: OnBadValue): void {
    this.bad(name, `"${shortened(value)}" is not ${expected}`, `Write ${expected}.`, otherwise);
  }

  /** Reports anything else that is wrong, such as an unusable Secret. `what`: a clause. */
  bad(name: string, what: string, fix: string, otherwise: OnBadValue): void {
    const annotation = PREFIX + name;
    const [code, level, outcome] = OUTCOMES[otherwise];
    const message = `${what}: ${outcome}${otherwise === "ignore-group" ? this.#ignoreGroup(name) : ""}`;
    if (otherwise === "deny-location") {
      const isWritten = this.#ingress.metadata.annotations.has(annotation);
      const place = isWritten ? placeOf(this.#ingress, `metadata.annotations[${annotation}]`) : undefined;
      this.#denied ??= reason("annotation-denied", `${annotation}: ${what}`, place);
    }
    if (otherwise !== "refuse-ingress") {
      this.add(code, level, annotation, message, fix);
      return;
    }
    this.#isRefused = true;
    const webhook = `annotation ${annotation} contains invalid value`;
    this.add(code, level, annotation, message, fix, { webhook, lost: "ingress" });
  }

  /**
   * Reports a Secret or ConfigMap that the annotation names and the snapshot lacks. Where nothing stands in for it, the
   * controller does as with a bad value.
   */
  lacks(
    name: string,
    { object, what, here, fix }: Absent,
    otherwise: "deny-location" | "forbid-hosts",
  ): "stood-in-for" | "missing" {
    if (this.#standIns === "none" || !OBJECT.test(object)) {
      this.bad(name, what, fix, otherwise);
      return "missing";
    }
    const [, , effect] = OUTCOMES[otherwise];
    const message = `${what} (where the cluster lacks it too, ${effect}); here ${here}`;
    this.add("reference-absent", "warning", PREFIX + name, message, fix);
    return "stood-in-for";
  }

  /** Reports a problem. `annotation`: with prefix; `what`: a clause. */
  add(
    code: Code,
    level: ProblemLevel,
    annotation: string,
    what: string,
    fix: string,
    more: Pick<Problem, "webhook" | "lost"> = {},
  ): void {
    const field = `metadata.annotations[${annotation}]`;
    const message = `Ingress ${ingressName(this.#ingress)}: ${annotation}: ${what}`;
    this.#problems.push(problemOf(this.#ingress, { code, level, field, message, fix, ...more }));
  }

  /** Which others of the group are ignored with an annotation, as they are written. */
  #ignoreGroup(name: string): string {
    this.#group.isIgnored = true;
    const { names } = this.#group;
    const written = [...this.#ingress.metadata.annotations.keys()].map((key) => key.slice(PREFIX.length));
    const others = written.filter((other) => other !== name && names.includes(other));
    return others.length === 0 ? "" : `, and ${others.join(", ")} with it`;
  }
}
