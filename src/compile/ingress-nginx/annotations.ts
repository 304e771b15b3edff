import type { Code } from "../../errors.ts";
import { parseVariables } from "../../match/variables.ts";
import type { Problem, ProblemLevel } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { VariableText } from "../../model/settings/variable-text.ts";
import { ingressName, problemOf } from "../problem.ts";
import type { IngressSettings } from "./settings.ts";
import { type Stop, unknownVariable } from "./stops.ts";
import type { World } from "./world.ts";

/** What the annotations of ingress-nginx begin with. */
export const PREFIX = "nginx.ingress.kubernetes.io/";

/** One group of annotations that belong together: a file of this folder, and a line in `features.ts`. */
export interface Feature {
  /** The annotations it reads, without the prefix. */
  readonly annotations: readonly string[];
  /** The settings with what these annotations say laid over them. */
  readonly apply: (annotations: Annotations, settings: IngressSettings) => IngressSettings;
}

/**
 * What the controller does with a value that its parser refuses: it passes the error up and does not serve the Ingress,
 * answers 503 at every path of it, goes on as if none of the annotations of its parser were there, or as if this one were
 * not (annotations.go, Extract; store.go, syncIngress). What its parser takes and nginx does not is a `stop`.
 */
export type OnBadValue = "forbid-hosts" | "refuse-ingress" | "deny-location" | "ignore-group" | "use-default";

/** The code and level of the problem, and what the controller does. */
const OUTCOMES = {
  "refuse-ingress": ["annotation-refused", "error", "the controller does not serve this Ingress"],
  "deny-location": ["annotation-denied", "error", "the controller answers 503 at every path of this Ingress"],
  "forbid-hosts": [
    "annotation-denied",
    "error",
    "the controller answers 403 to every request for the hosts of this Ingress",
  ],
  "ignore-group": ["annotation-ignored", "warning", "the controller ignores it"],
  "use-default": ["annotation-ignored", "warning", "the controller ignores it"],
} as const satisfies Record<OnBadValue, readonly [Code, ProblemLevel, string]>;

/** Values that are allowed, and how to say so. */
export interface Allowed {
  readonly pattern: RegExp;
  readonly what: string;
  readonly otherwise: OnBadValue;
}

/** The annotations of one Ingress, read as the controller's parsers read them; bad values become problems. */
export class Annotations {
  readonly problems: Problem[] = [];
  /** Values that the controller takes and nginx refuses. */
  readonly stops: Stop[] = [];
  /** Whether some value makes the controller leave the whole Ingress out. */
  refused = false;
  /** Why every path of the Ingress answers 503, where one does. The first reason counts. */
  denied: string | undefined;
  readonly namespace: string;
  readonly name: string;
  /** `NAMESPACE/NAME`. */
  readonly ingressName: string;
  readonly world: World;
  private readonly ingress: Ingress;
  private group: { readonly names: readonly string[]; ignored: boolean } = { names: [], ignored: false };

  constructor(ingress: Ingress, world: World) {
    this.ingress = ingress;
    this.namespace = ingress.metadata.namespace;
    this.name = ingress.metadata.name;
    this.ingressName = ingressName(ingress);
    this.world = world;
  }

  /**
   * What one parser makes of its group of annotations; `undefined` where it gave up on all of them, so that nothing of
   * the group holds.
   */
  ofGroup<T>(names: readonly string[], parse: () => T): T | undefined {
    this.group = { names, ignored: false };
    const before = this.stops.length;
    const parsed = parse();
    if (!this.group.ignored) return parsed;
    this.stops.length = before;
    return undefined;
  }

  /**
   * An annotation or, where that is not there or empty, the first of its aliases that is; trimmed and unchecked
   * (annotations/parser/main.go, checkAnnotation).
   */
  raw(...names: readonly string[]): { readonly name: string; readonly value: string } | undefined {
    const there = names.flatMap((name) => {
      const value = this.ingress.metadata.annotations.get(PREFIX + name)?.trim();
      return value === undefined ? [] : [{ name, value }];
    });
    const written = there.find(({ value }) => value !== "");
    if (written !== undefined) return written;
    for (const name of names) {
      const value = this.world.config.annotationDefaults.get(name);
      if (value !== undefined) return { name, value };
    }
    return there[0];
  }

  /**
   * The value, trimmed. Where it is missing, empty or not allowed: that of the option with the same name in the
   * controller's ConfigMap, else `undefined`.
   */
  text(name: string, allowed: Allowed): string | undefined {
    const value = this.ingress.metadata.annotations.get(PREFIX + name)?.trim();
    if (value !== undefined) {
      if (value !== "" && allowed.pattern.test(value)) return value;
      // No validator sees an empty value, and only a validator's error is passed up (annotations/parser/main.go).
      const passedUp = allowed.otherwise === "refuse-ingress" && value !== "";
      const otherwise =
        passedUp || allowed.otherwise !== "refuse-ingress" ? allowed.otherwise : "use-default";
      this.reject(name, value, allowed.what, otherwise);
    }
    return this.world.config.annotationDefaults.get(name);
  }

  /** Go's `strconv.ParseBool`: `"yes"` and `"on"` are not booleans. */
  boolean(name: string): boolean | undefined {
    return this.flag(name, "use-default");
  }

  /** The same, where a bad value is more than ignored. */
  flag(name: string, otherwise: OnBadValue): boolean | undefined {
    const pattern = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;
    const value = this.text(name, { pattern, what: '"true" or "false"', otherwise });
    return value === undefined ? undefined : /^[1tT]/.test(value);
  }

  /** Go's `strconv.Atoi`. */
  integer(name: string, otherwise: OnBadValue): number | undefined {
    const value = this.text(name, { pattern: /^[-+]?\d{1,15}$/, what: "a whole number", otherwise });
    return value === undefined ? undefined : Number(value);
  }

  /** A value with nginx's variables in it; one that nginx does not know keeps it from loading its configuration. */
  variables(name: string, allowed: Allowed, named: readonly string[] = []): VariableText | undefined {
    const value = this.text(name, allowed);
    if (value === undefined) return undefined;
    const parsed = parseVariables(value, named);
    if (parsed.kind === "parsed") return parsed.text;
    const { variable } = parsed;
    const what = `nginx has no variable ${variable}`;
    this.stop(name, unknownVariable(variable), what, "Name a variable that nginx has, or leave the $ out.");
    return undefined;
  }

  /** An annotation with its Ingress, as a sentence about a request names it. */
  nameOf(name: string): string {
    const { annotationDefaults, name: configMap } = this.world.config;
    if (!this.ingress.metadata.annotations.has(PREFIX + name) && annotationDefaults.has(name))
      return `the option ${name} of ConfigMap ${configMap}`;
    return `the annotation ${name} of Ingress ${ingressName(this.ingress)}`;
  }

  /** Every annotation of the Ingress, with its prefix. */
  names(): Iterable<string> {
    return this.ingress.metadata.annotations.keys();
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

  /** Riskier than the controller takes (annotations.go, CheckAnnotationRisk): the whole Ingress is left out. */
  tooRisky(name: string): void {
    this.refused = true;
    const snippet = name.endsWith("-snippet")
      ? `${name} annotation cannot be used. Snippet directives are disabled by the Ingress administrator`
      : `annotation ${PREFIX}${name} is too risky for environment`;
    const what = `${snippet}: the controller does not serve this Ingress, and its admission webhook refuses it`;
    const fix =
      'Remove it; or, in the controller\'s ConfigMap, set allow-snippet-annotations: "true" and annotations-risk-level: Critical.';
    this.report("annotation-refused", "error", PREFIX + name, what, fix);
  }

  /** An annotation of another controller. */
  notRead(name: string): void {
    const fix = `ingress-nginx reads annotations that begin with ${PREFIX}.`;
    this.report("annotation-of-another", "notice", name, "ingress-nginx does not read it", fix);
  }

  /** A value that is not taken, whether by its validator or by what is made of it. */
  reject(name: string, value: string, expected: string, otherwise: OnBadValue): void {
    this.bad(name, `"${value}" is not ${expected}`, `Write ${expected}.`, otherwise);
  }

  /** Something else that is wrong with an annotation: a Secret that is not there, say. `what` is a clause. */
  bad(name: string, what: string, fix: string, otherwise: OnBadValue): void {
    const [code, level, outcome] = OUTCOMES[otherwise];
    const effect = otherwise === "ignore-group" ? `${outcome}${this.ignoreGroup(name)}` : outcome;
    if (otherwise === "refuse-ingress") this.refused = true;
    if (otherwise === "deny-location") this.denied ??= `${PREFIX}${name}: ${what}`;
    this.report(code, level, PREFIX + name, `${what}: ${effect}`, fix);
  }

  /** A value that nginx refuses its configuration for, in the `words` of nginx. `what` is a clause. */
  stop(annotation: string, words: string, what: string, fix: string): void {
    this.stops.push({ annotation, words, what, fix });
  }

  /** Says which others of the group go with an annotation. */
  private ignoreGroup(name: string): string {
    this.group.ignored = true;
    const written = this.group.names.filter(
      (other) => other !== name && this.ingress.metadata.annotations.has(PREFIX + other),
    );
    return written.length === 0 ? "" : `, and ${written.join(", ")} with it`;
  }

  private report(code: Code, level: ProblemLevel, annotation: string, what: string, fix: string): void {
    const field = `metadata.annotations[${annotation}]`;
    const message = `Ingress ${ingressName(this.ingress)}: ${annotation}: ${what}`;
    this.problems.push(problemOf(this.ingress, { code, level, field, message, fix }));
  }
}
