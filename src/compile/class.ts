import type { Problem } from "../model/problem.ts";
import type { Ingress, IngressClass } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../steps.ts";
import { classNameOf, isClassNamed } from "./class-name.ts";
import type { ClassRule } from "./controller.ts";
import { controllerNamed } from "./controllers.ts";
import { type Revision, type Supply, supplied } from "./memory.ts";
import type { CompileOptions } from "./options.ts";
import { ingressName, problemOf } from "./problem.ts";
import { type Ask, given, query, sameList, sameRecord } from "./query.ts";
import type { Unserved } from "./unserved.ts";

export const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const DEFAULT_CLASS_ANNOTATION = "ingressclass.kubernetes.io/is-default-class";

/** Everything about classes that decides about an Ingress. */
const CLASS_OPTIONS = given<undefined, ClassOptions>("options of classes", sameRecord);
const INGRESS_CLASS = given<string, IngressClass | undefined>("IngressClass");
const DEFAULT_CLASS = given<undefined, string | undefined>("default class");
/** Served class names in use, in their order. A fix has to name them beside its own. */
const CLASSES_IN_USE = given<undefined, readonly string[]>("classes in use", sameList);
const SUGGESTED_CLASS = given<undefined, string | undefined>("class to name");

interface ClassOptions
  extends Pick<
    CompileOptions,
    | "controller"
    | "controllerClass"
    | "ingressClasses"
    | "installedClass"
    | "onlyClass"
    | "classless"
    | "completeness"
  > {}

interface Served {
  readonly served: readonly Ingress[];
  readonly ignored: readonly Unserved[];
  readonly problems: readonly Problem[];
}

/**
 * The Ingresses that the controller serves, and a notice for each other one.
 *
 * First comes the API server's admission: an Ingress without a class gets the default class. Then the
 * controller chooses by `spec.ingressClassName`, else by annotation, else "no class". Source: ingress-nginx
 * store.go, GetIngressClass; k8s.io/kubernetes plugin/pkg/admission/network/defaultingressclass.
 */
export function* servedIngresses(
  snapshot: Snapshot,
  options: CompileOptions,
  revision: Revision,
): Steps<Served> {
  yield* revision.supply(...classesOf(snapshot, options));
  const served: Ingress[] = [];
  const ignored: Unserved[] = [];
  const problems: Problem[] = [];
  for (const ingress of snapshot.ingresses) {
    const choice = revision.for(CHOICE, ingress);
    if (choice.kind === "served") served.push(ingress);
    else ignored.push(choice);
    if (choice.problem !== undefined) problems.push(choice.problem);
    yield;
  }
  return { served, ignored, problems };
}

function classesOf({ ingresses, ingressClasses }: Snapshot, options: CompileOptions): readonly Supply[] {
  const { controller, controllerClass, ingressClasses: named, installedClass, classless } = options;
  const { onlyClass, completeness } = options;
  const rule = ruleOf(options);
  const known = new Map(ingressClasses.map((ingressClass) => [ingressClass.metadata.name, ingressClass]));
  const preset = defaultClass(ingressClasses)?.metadata.name;
  const isServed = (name: string) => notServed(name, known.get(name), options, rule) === undefined;
  const names = ingresses.map(
    ({ metadata, spec }) => spec.ingressClassName ?? metadata.annotations.get(CLASS_ANNOTATION) ?? preset,
  );
  const inUse = [...new Set(names)].filter((name) => name !== undefined && isServed(name)).map(String);
  const suggestion = [...inUse, ...(named ?? [rule.installed]), ...known.keys()].find(isServed);
  const ofClasses = {
    ...{ controller, controllerClass, ingressClasses: named, installedClass, onlyClass },
    ...{ classless, completeness },
  };
  return [
    supplied(CLASS_OPTIONS, () => ofClasses),
    supplied(INGRESS_CLASS, (name) => known.get(name)),
    supplied(DEFAULT_CLASS, () => preset),
    supplied(CLASSES_IN_USE, () => inUse),
    supplied(SUGGESTED_CLASS, () => suggestion),
  ];
}

function ruleOf({ controller, installedClass, onlyClass }: ClassOptions): ClassRule {
  const { classes }: { readonly classes: ClassRule } = controllerNamed(controller);
  if (onlyClass === undefined)
    return installedClass === undefined ? classes : { ...classes, installed: installedClass };
  const ignoredBy = `a controller that is started for the class "${onlyClass}" alone`;
  return { ...classes, installed: onlyClass, classless: { ignoredBy, servedOn: "one without that flag" } };
}

/** The newest default class wins (since Kubernetes 1.26); in files, the last one written. */
export function defaultClass(classes: readonly IngressClass[]): IngressClass | undefined {
  return classes.findLast(({ metadata }) => metadata.annotations.get(DEFAULT_CLASS_ANNOTATION) === "true");
}

type Choice =
  | { readonly kind: "served"; readonly problem?: Problem | undefined }
  | (Unserved & { readonly kind: "ignored"; readonly problem: Problem });

const SERVED: Choice = { kind: "served" };

const CHOICE = query<Ingress, Choice>("class of an Ingress", (ingress, ask) => {
  const options = ask.for(CLASS_OPTIONS);
  const rule = ruleOf(options);
  if (rule.byName !== undefined) return choiceByName(ingress, options, rule, ask);
  const annotated = ingress.metadata.annotations.get(CLASS_ANNOTATION);
  const { ingressClassName } = ingress.spec;
  const name = ingressClassName ?? (annotated === undefined ? ask.for(DEFAULT_CLASS) : undefined);
  if (name !== undefined) {
    const why = notServed(name, ask.for(INGRESS_CLASS, name), options, rule);
    return why === undefined
      ? SERVED
      : ignored(ingress, { name, field: "spec.ingressClassName", why }, rule, ask);
  }
  if (
    annotated === undefined ||
    (annotated === "" && controllerNamed(options.controller).classes.classless === "served")
  )
    return classless(ingress, options, rule);
  if ((options.ingressClasses ?? [rule.installed]).includes(annotated)) return SERVED;
  const field = `metadata.annotations[${CLASS_ANNOTATION}]`;
  const why = `the class "${annotated}" is not served here`;
  return ignored(ingress, { name: annotated, field, why }, rule, ask);
});

function choiceByName(ingress: Ingress, options: ClassOptions, rule: ClassRule, ask: Ask): Choice {
  const isAnnotated = rule.byName?.some((key) => ingress.metadata.annotations.has(key)) === true;
  const inField = ingress.spec.ingressClassName ?? (isAnnotated ? undefined : ask.for(DEFAULT_CLASS));
  const { name, field } = classNameOf(ingress.metadata, inField, rule);
  if (isClassNamed(name, rule, options)) return SERVED;
  const why = name === "" ? "only named classes are served" : `the class "${name}" is not served here`;
  return ignored(ingress, { name: name || "none", field, why }, rule, ask);
}

/** The reason why a class is not served, as a clause; `undefined` if it is served. */
function notServed(
  name: string,
  known: IngressClass | undefined,
  { ingressClasses: named, controllerClass, onlyClass, completeness }: ClassOptions,
  { controller, installed, byName }: ClassRule,
): string | undefined {
  if (onlyClass !== undefined && name !== onlyClass)
    return `the controller is started for the class "${onlyClass}" alone`;
  if (named?.includes(name) === true) return undefined;
  if (named !== undefined && controllerClass === undefined)
    return `the class "${name}" is not among those of --ingress-class`;
  if (byName !== undefined) return name === installed ? undefined : "it is not served here";
  const isUsual = named === undefined && (controllerClass ?? controller) === controller;
  const isInstalled = onlyClass === undefined || completeness !== "whole";
  if (known === undefined)
    return isInstalled && isUsual && name === installed ? undefined : `there is no IngressClass "${name}"`;
  if (controllerClass === undefined && controller === "any") return undefined;
  return known.controller === (controllerClass ?? controller)
    ? undefined
    : `the IngressClass "${name}" belongs to the controller "${known.controller}"`;
}

function ignored(
  ingress: Ingress,
  { name, field, why }: { readonly name: string; readonly field: string; readonly why: string },
  rule: ClassRule,
  ask: Ask,
): Choice {
  const inUse = ask.for(CLASSES_IN_USE);
  const suggestion = ask.for(SUGGESTED_CLASS);
  const serve = `${inUse.length === 0 ? "Serve it" : "Serve it as well"}: --ingress-class ${[...inUse, name].join(",")}`;
  const fix =
    suggestion === undefined ? `${serve}.` : `${serve}; or name a class that is served: ${suggestion}.`;
  const logged = rule.log === undefined ? "" : ` (controller log: "${rule.log}")`;
  const problem = problemOf(ingress, {
    code: "class-ignored",
    level: "notice",
    field,
    message: `Ingress ${ingressName(ingress)} is ignored: ${why}${logged}`,
    fix,
  });
  return { kind: "ignored", ingress, why: `its class is ${name}, and ${why}`, fix, problem };
}

function classless(
  ingress: Ingress,
  { classless: becomes, ingressClasses, onlyClass }: ClassOptions,
  rule: ClassRule,
): Choice {
  if (rule.classless === "served") return { kind: "served" };
  const { ignoredBy, servedOn } = rule.classless;
  const name = ingressName(ingress);
  const fix = `Set spec.ingressClassName: ${ingressClasses?.[0] ?? rule.installed}.`;
  const notice = (message: string): Problem =>
    problemOf(ingress, { code: "class-missing", level: "notice", field: "spec", message, fix });
  if (becomes === "ignored" || onlyClass !== undefined) {
    const why = `as by ${ignoredBy}`;
    const problem = notice(`Ingress ${name} names no class and is ignored, ${why}`);
    return { kind: "ignored", ingress, why: `it names no class, ${why}`, fix, problem };
  }
  const message = `Ingress ${name} names no class: served here, as on ${servedOn}, but ignored by ${ignoredBy}`;
  return { kind: "served", problem: notice(message) };
}
