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

/** A group of annotations: a file of this folder, and a line in `features.ts`. */
export interface Feature {
  /** Without prefix. */
  readonly annotations: readonly string[];
  /** Applies these annotations to the settings. */
  readonly apply: (annotations: Annotations, settings: IngressSettings) => IngressSettings;
}

/** A value and the name that it is written under. */
interface Written {
  readonly name: string;
  readonly value: string;
}

/** A missing object that an annotation names. */
interface Lacking {
  /** `NAMESPACE/NAME`. */
  readonly object: string;
  readonly what: string;
  readonly here: string;
  readonly fix: string;
}

/** Two DNS names. source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names */
const OBJECT = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;

/** One Ingress's annotations as the controller's parsers read them; bad values become problems. */
export class Annotations extends AnnotationReports {
  /** The first reason for 503 at every path of the Ingress. */
  denied: Reason | undefined;
  readonly namespace: string;
  readonly name: string;
  /** `NAMESPACE/NAME`. */
  readonly ingressName: string;
  readonly world: World;
  readonly #known = new Map<string, Written | undefined>();
  readonly #subject: "ingress" | "defaults";
  #group: { readonly names: readonly string[]; ignored: boolean } = { names: [], ignored: false };

  /** `defaults`: reads the ConfigMap's defaults with an empty Ingress. */
  constructor(ingress: Ingress, world: World, subject: "ingress" | "defaults" = "ingress") {
    super(ingress);
    this.#subject = subject;
    this.namespace = ingress.metadata.namespace;
    this.name = ingress.metadata.name;
    this.ingressName = ingressName(ingress);
    this.world = world;
  }

  /** Runs one parser on its group of annotations; `undefined` if it dropped the whole group. */
  ofGroup<T>(names: readonly string[], parse: () => T): T | undefined {
    this.#group = { names, ignored: false };
    const before = this.stops.length;
    const parsed = parse();
    if (!this.#group.ignored) return parsed;
    this.stops.length = before;
    return undefined;
  }

  /** The group's parser gave up and reads nothing more. */
  get gaveUp(): boolean {
    return this.#group.ignored;
  }

  /** True if the Ingress has the annotation, with any value. */
  has(name: string): boolean {
    return this.ingress.metadata.annotations.has(PREFIX + name);
  }

  /** True if the Ingress has it, or the ConfigMap for all Ingresses. */
  isSaid(name: string): boolean {
    return this.has(name) || this.world.config.annotationDefaults.has(name);
  }

  /**
   * An annotation's value with its written name. An alias replaces an absent or empty one. Without a valid
   * value: the ConfigMap option of that name, else `undefined`. Faults are reported once.
   */
  read(name: string): Written | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#judge(name));
    return this.#known.get(name);
  }

  #judge(name: string): Written | undefined {
    const { aliases, validator, what, otherwise, empty } = valuesOf(name);
    const written = this.#written([name, ...aliases]);
    if (written !== undefined) {
      const value = normalised(written.value);
      if (written.value !== "" && !validator(written.value)) {
        if (validator(written.value.trim())) this.#rejectBlanks(written, what, otherwise);
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
  #written(names: readonly string[]): Written | undefined {
    const found = names.flatMap((name) => {
      const value = this.ingress.metadata.annotations.get(PREFIX + name);
      return value === undefined ? [] : [{ name, value }];
    });
    return found.find(({ value }) => value !== "") ?? found[0];
  }

  text(name: string): string | undefined {
    return this.read(name)?.value;
  }

  /** A valid Go boolean. */
  boolean(name: string): boolean | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : /^[1tT]/.test(value);
  }

  /** A valid integer. */
  integer(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  /** An integer directive: nginx refuses negative ones, the controller does not. */
  notNegative(name: string, words?: string): number | undefined {
    const value = this.integer(name);
    if (value === undefined || value >= 0) return value;
    words ??= `"${name.replaceAll("-", "_")}" directive invalid value`;
    this.stop(name, words, `${value} is less than 0`, "Write 0, or more.");
    return undefined;
  }

  /** A value with nginx variables; nginx does not start with an unknown one. */
  variables(name: string, named: readonly string[] = []): VariableText | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : this.parse(name, value, named);
  }

  /** Like `variables`, for a text made of the value. */
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

  /** Reports variables without a value here. */
  sayEmpty(name: string, text: VariableText, named: readonly string[] = []): void {
    const empty = emptyHere(text, named);
    if (empty !== undefined) this.notHonoured(name, empty);
  }

  /** Named groups of the Ingress's paths, which nginx turns into variables. */
  groupNames(): readonly string[] {
    const paths = this.ingress.spec.rules.flatMap((rule) => rule.paths ?? []);
    return paths.flatMap(({ path }) => groupNames(path));
  }

  /** `the annotation NAME of Ingress NAMESPACE/NAME`, for sentences. */
  nameOf(name: string): string {
    const { annotationDefaults, name: configMap } = this.world.config;
    if (!this.ingress.metadata.annotations.has(PREFIX + name) && annotationDefaults.has(name))
      return `the option ${name} of ConfigMap ${configMap}`;
    return `the annotation ${name} of Ingress ${ingressName(this.ingress)}`;
  }

  /** A reason with the annotation's place. */
  because(name: AnnotationCode, text: string): Reason {
    return reason(name, text, this.placeOf(name));
  }

  /** The annotation's place, by name or alias; `undefined` for a ConfigMap option. */
  placeOf(name: string): Place | undefined {
    const written = [name, ...(VALUES.get(name)?.aliases ?? [])].find((alias) => this.has(alias));
    return written === undefined
      ? undefined
      : placeOf(this.ingress, `metadata.annotations[${PREFIX}${written}]`);
  }

  /** With prefix. */
  names(): Iterable<string> {
    return this.ingress.metadata.annotations.keys();
  }

  /** Reports an address list that excludes local clients, at its author: the Ingress or the ConfigMap. */
  excluded(name: string, what: string, fix: string): void {
    if (this.#subject === "ingress" && !this.has(name)) return;
    this.report("client-excluded", "notice", PREFIX + name, what, fix);
  }

  entries(): Iterable<readonly [name: string, value: string]> {
    return this.ingress.metadata.annotations;
  }

  /** Reports a refused value, by its validator or later. */
  reject(name: string, value: string, expected: string, otherwise: OnBadValue): void {
    this.bad(name, `"${shortened(value)}" is not ${expected}`, `Write ${expected}.`, otherwise);
  }

  /** Reports a value that is valid without surrounding blanks: a YAML block scalar ends with a line break. */
  #rejectBlanks({ name, value }: Written, expected: string, otherwise: OnBadValue): void {
    const what = `"${shortened(value)}" has blanks or a line break around it, and so is not ${expected}`;
    this.bad(name, what, "Take out the blanks and the line break around it.", otherwise);
  }

  /** Reports another fault of an annotation, such as a missing Secret. `what`: a clause */
  bad(name: string, what: string, fix: string, otherwise: OnBadValue): void {
    const [code, level, outcome] = OUTCOMES[otherwise];
    const effect = otherwise === "ignore-group" ? `${outcome}${this.#ignoreGroup(name)}` : outcome;
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
   * Reports a missing Secret or ConfigMap. Files may lack what the cluster has, so `here` stands in for it,
   * except for invalid names and in a cluster; then it counts as a bad value. `what`, `here`: clauses
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

  /** Names the annotations that are dropped with this one. */
  #ignoreGroup(name: string): string {
    this.#group.ignored = true;
    const written = this.#group.names.filter(
      (member) => member !== name && this.ingress.metadata.annotations.has(PREFIX + member),
    );
    return written.length === 0 ? "" : `, and ${written.join(", ")} with it`;
  }
}
