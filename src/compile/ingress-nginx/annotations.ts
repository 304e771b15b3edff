import { type AnnotationCode, type Place, type Reason, reason } from "../../model/reason.ts";
import type { Ingress } from "../../model/resource.ts";
import type { VariableText } from "../../model/route/variable-text.ts";
import { emptyHere, parseVariables } from "../../request/variables.ts";
import { PREFIX } from "../nginx-annotations/prefix.ts";
import { ingressName } from "../problem.ts";
import { placeOf } from "../route.ts";
import { AnnotationReport } from "./annotation-report.ts";
import type { DocumentedAnnotation } from "./annotations/documented.ts";
import type { IngressSettings } from "./settings.ts";
import { unknownVariable } from "./stop-words.ts";
import { VALUES, valuesOf } from "./validators/table.ts";
import { groupNames, normalised, shortened } from "./values/annotation-text.ts";
import type { World } from "./world.ts";

/** Annotations that belong together: a file of `annotations/`, and a line in `annotations/features.ts`. */
export interface Feature {
  readonly annotations: readonly DocumentedAnnotation[];
  /** `always`: it has an effect without them, too, as by an option of the ConfigMap. default: where one is said */
  readonly applies?: "always";
  /** The settings with what these annotations say laid over them. */
  readonly apply: (annotations: Annotations, settings: IngressSettings) => IngressSettings;
}

/** A value, with the name that it is written under. */
interface WrittenValue {
  readonly name: string;
  readonly value: string;
}

/** The annotations of one Ingress, read as the controller's parsers read them. */
export class Annotations {
  readonly ingress: Ingress;
  readonly world: World;
  /** What is wrong with them. */
  readonly report: AnnotationReport;
  /** `defaults`: an Ingress without annotations is read for what the ConfigMap says for all. */
  readonly subject: "ingress" | "defaults";
  /** The names that the Ingress has, or the ConfigMap for all Ingresses, without prefix. */
  readonly namesSaid: ReadonlySet<string>;
  readonly #known = new Map<string, WrittenValue | undefined>();

  constructor(ingress: Ingress, world: World, subject: "ingress" | "defaults" = "ingress") {
    this.ingress = ingress;
    this.world = world;
    this.subject = subject;
    this.report = new AnnotationReport(ingress, world.here.standIns);
    const said = new Set(world.config.annotationDefaults.keys());
    for (const name of this.written.keys()) if (name.startsWith(PREFIX)) said.add(name.slice(PREFIX.length));
    this.namesSaid = said;
  }

  get namespace(): string {
    return this.ingress.metadata.namespace;
  }

  /** `NAMESPACE/NAME`. */
  get ingressName(): string {
    return ingressName(this.ingress);
  }

  /** Every annotation of the Ingress with its value; names have their prefix. */
  get written(): ReadonlyMap<string, string> {
    return this.ingress.metadata.annotations;
  }

  /** True if the Ingress has the annotation, with any value. */
  has(name: string): boolean {
    return this.written.has(PREFIX + name);
  }

  /** True if the Ingress has it, or the ConfigMap for all Ingresses. */
  isSaid(name: string): boolean {
    return this.namesSaid.has(name);
  }

  /**
   * The accepted value of an annotation, or of its alias where it is absent or empty; else the option of that name in the
   * controller's ConfigMap. A bad value is reported once, however often it is read.
   */
  read(name: string): WrittenValue | undefined {
    const { aliases } = valuesOf(name);
    // Most are not: the rest is for those that are.
    if (!this.isSaid(name) && !aliases.some((alias) => this.isSaid(alias))) return undefined;
    if (!this.#known.has(name)) this.#known.set(name, this.#accepted(name) ?? this.#preset(name));
    return this.#known.get(name);
  }

  #accepted(name: string): WrittenValue | undefined {
    const { aliases, validator, what, otherwise, empty } = valuesOf(name);
    const written = this.#written(aliases.length === 0 ? [name] : [name, ...aliases]);
    if (written === undefined) return undefined;
    const value = normalised(written.value);
    if (written.value === "" || validator(written.value)) {
      if (value !== "") return { name: written.name, value };
      this.report.reject(written.name, value, what, empty);
    } else if (validator(written.value.trim())) {
      // A block scalar of YAML ends in a line break.
      const blanks = `"${shortened(written.value)}" has blanks or a line break around it, and so is not ${what}`;
      const fix = "Take out the blanks and the line break around it.";
      this.report.bad(written.name, blanks, fix, otherwise);
    } else this.report.reject(written.name, written.value, what, otherwise);
    return undefined;
  }

  /** annotations/parser/validators.go, checkAnnotation. */
  #written(names: readonly string[]): WrittenValue | undefined {
    let empty: WrittenValue | undefined;
    for (const name of this.written.size === 0 ? [] : names) {
      const value = this.written.get(PREFIX + name);
      if (value !== undefined && value !== "") return { name, value };
      if (value !== undefined) empty ??= { name, value };
    }
    return empty;
  }

  #preset(name: string): WrittenValue | undefined {
    for (const option of [name, ...valuesOf(name).aliases]) {
      const value = this.world.config.annotationDefaults.get(option);
      if (value !== undefined) return { name: option, value };
    }
    return undefined;
  }

  text(name: string): string | undefined {
    return this.read(name)?.value;
  }

  /** The validator accepts Go's booleans. */
  boolean(name: string): boolean | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : /^[1tT]/.test(value);
  }

  /** The validator accepts whole numbers. */
  integer(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  /** An integer directive: nginx refuses negative ones, the controller does not. */
  notNegative(name: string, words?: string): number | undefined {
    const value = this.integer(name);
    if (value === undefined || value >= 0) return value;
    words ??= `"${name.replaceAll("-", "_")}" directive invalid value`;
    this.report.stop(name, words, `${value} is less than 0`, "Write 0, or more.");
    return undefined;
  }

  /** A value with nginx variables; nginx does not start with an unknown one. */
  variables(name: string, named: readonly string[] = []): VariableText | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : this.parse(name, value, named);
  }

  /** The same for a text that is made of the value. */
  parse(name: string, text: string, named: readonly string[] = []): VariableText | undefined {
    const parsed = parseVariables(text, named);
    if (parsed.kind === "parsed") {
      this.sayEmpty(name, parsed.text, named);
      return parsed.text;
    }
    const { variable } = parsed;
    const what = `nginx has no variable ${variable}`;
    this.report.stop(name, unknownVariable(variable), what, "Name a variable of nginx, or leave the $ out.");
    return undefined;
  }

  /** Reports variables that have no value here. */
  sayEmpty(name: string, text: VariableText, named: readonly string[] = []): void {
    const empty = emptyHere(text, named);
    if (empty !== undefined) this.report.notHonoured(name, empty);
  }

  /** Named groups of the Ingress's paths, which nginx turns into variables. */
  groupNames(): readonly string[] {
    const paths = this.ingress.spec.rules.flatMap((rule) => rule.paths ?? []);
    return paths.flatMap(({ path }) => groupNames(path));
  }

  /** An annotation with its Ingress, or the option with its ConfigMap, as a sentence about a request names it. */
  nameOf(name: string): string {
    const { annotationDefaults, name: configMap } = this.world.config;
    if (!this.has(name) && annotationDefaults.has(name))
      return `the option ${name} of ConfigMap ${configMap}`;
    return `the annotation ${name} of Ingress ${this.ingressName}`;
  }

  /** A reason with the annotation's place. */
  because(name: AnnotationCode, text: string): Reason {
    return reason(name, text, this.placeOf(name));
  }

  /** An annotation in its manifest, by this name or an alias; `undefined` if the ConfigMap says it. */
  placeOf(name: string): Place | undefined {
    const written = [name, ...(VALUES.get(name)?.aliases ?? [])].find((alias) => this.has(alias));
    return written === undefined
      ? undefined
      : placeOf(this.ingress, `metadata.annotations[${PREFIX}${written}]`);
  }
}
