import { type AnnotationCode, type Place, type Reason, reason } from "../../model/reason.ts";
import type { Ingress } from "../../model/resource.ts";
import type { VariableText } from "../../model/variable-text.ts";
import { emptyHere, parseVariables } from "../../request/variables.ts";
import { ingressName } from "../problem.ts";
import { placeOf } from "../route.ts";
import { AnnotationReports } from "./annotation-reports.ts";
import { PREFIX } from "./prefix.ts";
import type { IngressSettings } from "./settings.ts";
import { unknownVariable } from "./stops.ts";
import { VALUES, valuesOf } from "./validators/table.ts";
import { groupNames, normalised, shortened } from "./values/annotation-text.ts";
import { type OnBadValue, OUTCOMES } from "./values/on-bad-value.ts";
import type { World } from "./world.ts";

/** One group of annotations that belong together: a file of this folder, and a line in `features.ts`. */
export interface Feature {
  /** The annotations it reads, without the prefix. */
  readonly annotations: readonly string[];
  /** The settings with what these annotations say laid over them. */
  readonly apply: (annotations: Annotations, settings: IngressSettings) => IngressSettings;
}

/** A value, with the name that it is written under. */
interface Written {
  readonly name: string;
  readonly value: string;
}

/** An object that an annotation names and that is not there. */
interface Lacking {
  /** `NAMESPACE/NAME`. */
  readonly object: string;
  readonly what: string;
  readonly here: string;
  readonly fix: string;
}

/** Two DNS names (https://kubernetes.io/docs/concepts/overview/working-with-objects/names). */
const OBJECT = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;

/** The annotations of one Ingress, read as the controller's parsers read them; bad values become problems. */
export class Annotations extends AnnotationReports {
  /** Why every path of the Ingress answers 503, where one does. The first reason counts. */
  denied: Reason | undefined;
  readonly namespace: string;
  readonly name: string;
  /** `NAMESPACE/NAME`. */
  readonly ingressName: string;
  readonly world: World;
  private readonly known = new Map<string, Written | undefined>();
  private readonly subject: "ingress" | "defaults";
  private group: { readonly names: readonly string[]; ignored: boolean } = { names: [], ignored: false };

  /** `defaults`: an Ingress that says nothing is read for what the ConfigMap says for all. */
  constructor(ingress: Ingress, world: World, subject: "ingress" | "defaults" = "ingress") {
    super(ingress);
    this.subject = subject;
    this.namespace = ingress.metadata.namespace;
    this.name = ingress.metadata.name;
    this.ingressName = ingressName(ingress);
    this.world = world;
  }

  /**
   * The work of one parser on its group of annotations; `undefined` where it gave up on all of them, so that nothing of
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

  /** The parser of this group has given up, and reads nothing more. */
  get gaveUp(): boolean {
    return this.group.ignored;
  }

  /** The Ingress has the annotation itself, with whatever value. */
  has(name: string): boolean {
    return this.ingress.metadata.annotations.has(PREFIX + name);
  }

  /** The Ingress has it, or the controller's ConfigMap says it for all Ingresses. */
  isSaid(name: string): boolean {
    return this.has(name) || this.world.config.annotationDefaults.has(name);
  }

  /**
   * The value of an annotation, or of an alias of it where it is absent or empty; with the name that it is written under.
   * Where there is none that is taken: the option of that name in the controller's ConfigMap, else `undefined`. What is
   * wrong with it is said once, however often it is read.
   */
  read(name: string): Written | undefined {
    if (!this.known.has(name)) this.known.set(name, this.judge(name));
    return this.known.get(name);
  }

  private judge(name: string): Written | undefined {
    const { aliases, validator, what, otherwise, empty } = valuesOf(name);
    const written = this.written([name, ...aliases]);
    if (written !== undefined) {
      const value = normalised(written.value);
      if (written.value !== "" && !validator(written.value)) {
        if (validator(written.value.trim())) this.rejectBlanks(written, what, otherwise);
        else this.reject(written.name, written.value, what, otherwise);
      } else if (value === "") this.reject(written.name, value, what, empty);
      else return { name: written.name, value };
    }
    for (const option of [name, ...aliases]) {
      const value = this.world.config.annotationDefaults.get(option);
      if (value !== undefined) return { name: option, value };
    }
    return undefined;
  }

  /** annotations/parser/validators.go, checkAnnotation. */
  private written(names: readonly string[]): Written | undefined {
    const there = names.flatMap((name) => {
      const value = this.ingress.metadata.annotations.get(PREFIX + name);
      return value === undefined ? [] : [{ name, value }];
    });
    return there.find(({ value }) => value !== "") ?? there[0];
  }

  /** The value alone. */
  text(name: string): string | undefined {
    return this.read(name)?.value;
  }

  /** A value that its validator holds to be one of Go's booleans. */
  boolean(name: string): boolean | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : /^[1tT]/.test(value);
  }

  /** A value that its validator holds to be a whole number. */
  integer(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  /** A whole number that stands alone in its directive: nginx takes none below 0, where the controller does. */
  notNegative(name: string, words?: string): number | undefined {
    const value = this.integer(name);
    if (value === undefined || value >= 0) return value;
    words ??= `"${name.replaceAll("-", "_")}" directive invalid value`;
    this.stop(name, words, `${value} is less than 0`, "Write 0, or more.");
    return undefined;
  }

  /** A value with nginx's variables in it; one that nginx does not know keeps it from loading its configuration. */
  variables(name: string, named: readonly string[] = []): VariableText | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : this.parse(name, value, named);
  }

  /** The same of what has been made of the value. */
  parse(name: string, text: string, named: readonly string[] = []): VariableText | undefined {
    const parsed = parseVariables(text, named);
    if (parsed.kind === "parsed") {
      this.sayEmpty(name, parsed.text, named);
      return parsed.text;
    }
    const { variable } = parsed;
    const what = `nginx has no variable ${variable}`;
    this.stop(name, unknownVariable(variable), what, "Name a variable of nginx, or leave the $ out.");
    return undefined;
  }

  /** Variables that have no value here are said. */
  sayEmpty(name: string, text: VariableText, named: readonly string[] = []): void {
    const empty = emptyHere(text, named);
    if (empty !== undefined) this.notHonoured(name, empty);
  }

  /** Groups with names in the Ingress's paths: nginx makes variables of them. */
  groupNames(): readonly string[] {
    const paths = this.ingress.spec.rules.flatMap((rule) => rule.paths ?? []);
    return paths.flatMap(({ path }) => groupNames(path));
  }

  /** An annotation with its Ingress, as a sentence about a request names it. */
  nameOf(name: string): string {
    const { annotationDefaults, name: configMap } = this.world.config;
    if (!this.ingress.metadata.annotations.has(PREFIX + name) && annotationDefaults.has(name))
      return `the option ${name} of ConfigMap ${configMap}`;
    return `the annotation ${name} of Ingress ${ingressName(this.ingress)}`;
  }

  /** A sentence about what an annotation does, with its place. */
  because(name: AnnotationCode, text: string): Reason {
    return reason(name, text, this.placeOf(name));
  }

  /** An annotation in its manifest, by this name or an alias; `undefined` where the ConfigMap says it. */
  placeOf(name: string): Place | undefined {
    const written = [name, ...(VALUES.get(name)?.aliases ?? [])].find((alias) => this.has(alias));
    return written === undefined
      ? undefined
      : placeOf(this.ingress, `metadata.annotations[${PREFIX}${written}]`);
  }

  /** Every annotation of the Ingress, with its prefix. */
  names(): Iterable<string> {
    return this.ingress.metadata.annotations.keys();
  }

  /** A list of addresses that keeps out whoever asks from here; said of who wrote it: the Ingress, or the ConfigMap. */
  excluded(name: string, what: string, fix: string): void {
    if (this.subject === "ingress" && !this.has(name)) return;
    this.report("client-excluded", "notice", PREFIX + name, what, fix);
  }

  /** Every annotation of the Ingress with its value. */
  entries(): Iterable<readonly [name: string, value: string]> {
    return this.ingress.metadata.annotations;
  }

  /** A value that is not taken, whether by its validator or by what is made of it. */
  reject(name: string, value: string, expected: string, otherwise: OnBadValue): void {
    this.bad(name, `"${shortened(value)}" is not ${expected}`, `Write ${expected}.`, otherwise);
  }

  /** A value that is taken but for the blanks or the line break around it: a block scalar of YAML ends in one. */
  private rejectBlanks({ name, value }: Written, expected: string, otherwise: OnBadValue): void {
    const what = `"${shortened(value)}" has blanks or a line break around it, and so is not ${expected}`;
    this.bad(name, what, "Take out the blanks and the line break around it.", otherwise);
  }

  /** Something else that is wrong with an annotation: a Secret that is not there, say. `what` is a clause. */
  bad(name: string, what: string, fix: string, otherwise: OnBadValue): void {
    const [code, level, outcome] = OUTCOMES[otherwise];
    const effect = otherwise === "ignore-group" ? `${outcome}${this.ignoreGroup(name)}` : outcome;
    if (otherwise === "refuse-ingress") this.refused = true;
    if (otherwise === "deny-location")
      this.denied ??= reason("annotation-denied", `${PREFIX}${name}: ${what}`, this.placeOf(name));
    const refused = {
      webhook: `annotation ${PREFIX}${name} contains invalid value`,
      lost: "ingress",
    } as const;
    const more = otherwise === "refuse-ingress" ? refused : {};
    this.report(code, level, PREFIX + name, `${what}: ${effect}`, fix, more);
  }

  /**
   * A Secret or ConfigMap that the annotation names and the snapshot lacks. Files may lack what the cluster has, so that
   * it is stood in for `here`, unless nothing can be called so; else the controller does as with a bad value. `what` and
   * `here` are clauses.
   */
  lacks(
    name: string,
    { object, what, here, fix }: Lacking,
    otherwise: "deny-location" | "forbid-hosts",
  ): "stood-in-for" | "missing" {
    if (this.world.here.standIns === undefined || !OBJECT.test(object)) {
      this.bad(name, what, fix, otherwise);
      return "missing";
    }
    const [, , effect] = OUTCOMES[otherwise];
    const message = `${what} (where the cluster lacks it too, ${effect}); here ${here}`;
    this.report("reference-absent", "warning", PREFIX + name, message, fix);
    return "stood-in-for";
  }

  /** Says which others of the group go with an annotation. */
  private ignoreGroup(name: string): string {
    this.group.ignored = true;
    const written = this.group.names.filter(
      (other) => other !== name && this.ingress.metadata.annotations.has(PREFIX + other),
    );
    return written.length === 0 ? "" : `, and ${written.join(", ")} with it`;
  }
}
