import type { Problem } from "../model/problem.ts";
import type { Ingress, IngressClass } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CompileOptions } from "./options.ts";
import { ingressName, problemOf } from "./problem.ts";
import type { Unserved } from "./unserved.ts";

/** The `spec.controller` that ingress-nginx answers to. */
const INGRESS_NGINX = "k8s.io/ingress-nginx";
/** The class that its installations make, and that a manifest may name without bringing it along. */
const INSTALLED = "nginx";
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const DEFAULT_CLASS_ANNOTATION = "ingressclass.kubernetes.io/is-default-class";

/**
 * The Ingresses that the controller takes for its own, and a notice for each other one.
 *
 * First the API server's admission is repeated (an Ingress that names no class gets the default class), then the
 * controller's choice: `spec.ingressClassName`, else the annotation, else no class at all.
 * Source: ingress-nginx store.go, GetIngressClass; k8s.io/kubernetes plugin/pkg/admission/network/defaultingressclass.
 */
export function servedIngresses(
  snapshot: Snapshot,
  options: CompileOptions,
): {
  readonly served: readonly Ingress[];
  readonly ignored: readonly Unserved[];
  readonly problems: readonly Problem[];
} {
  const classes = classesOf(snapshot, options);
  const served: Ingress[] = [];
  const ignored: Unserved[] = [];
  const problems: Problem[] = [];
  for (const ingress of snapshot.ingresses) {
    const choice = choose(ingress, classes);
    if (choice.kind === "served") served.push(ingress);
    else ignored.push({ ingress, ...choice });
    if (choice.problem !== undefined) problems.push(choice.problem);
  }
  return { served, ignored, problems };
}

interface Classes {
  readonly options: CompileOptions;
  readonly known: ReadonlyMap<string, IngressClass>;
  readonly preset: IngressClass | undefined;
  /** Class names that Ingresses have and that are served, in their order: a fix has to name them beside its own. */
  readonly inUse: readonly string[];
  /** A class to name in place of one that is not served. */
  readonly other: string | undefined;
}

function classesOf({ ingresses, ingressClasses }: Snapshot, options: CompileOptions): Classes {
  const known = new Map(ingressClasses.map((one) => [one.metadata.name, one]));
  const preset = defaultClass(ingressClasses);
  const isServed = (name: string) => notServed(name, known.get(name), options) === undefined;
  const names = ingresses.map(
    ({ metadata, spec }) =>
      spec.ingressClassName ?? metadata.annotations.get(CLASS_ANNOTATION) ?? preset?.metadata.name,
  );
  const inUse = [...new Set(names)].filter((name) => name !== undefined && isServed(name)).map(String);
  const other = [...inUse, ...(options.ingressClasses ?? [INSTALLED]), ...known.keys()].find(isServed);
  return { options, known, preset, inUse, other };
}

/** Of several default classes the newest counts (since Kubernetes 1.26); on disk the last one written. */
function defaultClass(classes: readonly IngressClass[]): IngressClass | undefined {
  return classes.findLast(({ metadata }) => metadata.annotations.get(DEFAULT_CLASS_ANNOTATION) === "true");
}

type Choice =
  | { readonly kind: "served"; readonly problem?: Problem | undefined }
  | { readonly kind: "ignored"; readonly why: string; readonly fix: string; readonly problem: Problem };

function choose(ingress: Ingress, classes: Classes): Choice {
  const annotated = ingress.metadata.annotations.get(CLASS_ANNOTATION);
  const { ingressClassName } = ingress.spec;
  const { preset, known, options } = classes;
  const name = ingressClassName ?? (annotated === undefined ? preset?.metadata.name : undefined);
  if (name !== undefined) {
    const why = notServed(name, known.get(name), options);
    return why === undefined
      ? { kind: "served" }
      : ignored(ingress, { name, field: "spec.ingressClassName", why }, classes);
  }
  if (annotated === undefined) return classless(ingress, options);
  if ((options.ingressClasses ?? [INSTALLED]).includes(annotated)) return { kind: "served" };
  const field = `metadata.annotations[${CLASS_ANNOTATION}]`;
  return ignored(
    ingress,
    { name: annotated, field, why: `the class "${annotated}" is not served here` },
    classes,
  );
}

/** Why a class is not served, as a clause; `undefined` for one that is. */
function notServed(
  name: string,
  known: IngressClass | undefined,
  { ingressClasses: named, controllerClass, controller }: CompileOptions,
): string | undefined {
  if (named?.includes(name) === true) return undefined;
  const ours = controllerClass ?? (named === undefined ? INGRESS_NGINX : undefined);
  if (ours === undefined) return `the class "${name}" is not among those of --ingress-class`;
  if (known === undefined)
    return ours === INGRESS_NGINX && name === INSTALLED && named === undefined
      ? undefined
      : `there is no IngressClass "${name}"`;
  const isOurs = known.controller === ours || (controller === "kubernetes" && controllerClass === undefined);
  return isOurs ? undefined : `the IngressClass "${name}" belongs to the controller "${known.controller}"`;
}

function ignored(
  ingress: Ingress,
  { name, field, why }: { readonly name: string; readonly field: string; readonly why: string },
  { inUse, other }: Classes,
): Choice {
  const serve = `${inUse.length === 0 ? "Serve it" : "Serve it as well"}: --ingress-class ${[...inUse, name].join(",")}`;
  const fix = other === undefined ? `${serve}.` : `${serve}; or name a class that is served: ${other}.`;
  const problem = problemOf(ingress, {
    code: "class-ignored",
    level: "notice",
    field,
    message: `Ingress ${ingressName(ingress)} is ignored: ${why} (controller log: "ingress does not contain a valid IngressClass")`,
    fix,
  });
  return { kind: "ignored", why: `its class is ${name}, and ${why}`, fix, problem };
}

function classless(
  ingress: Ingress,
  { classless: becomes, controller, ingressClasses }: CompileOptions,
): Choice {
  const name = ingressName(ingress);
  const fix = `Set spec.ingressClassName: ${ingressClasses?.[0] ?? INSTALLED}.`;
  const notice = (message: string): Problem =>
    problemOf(ingress, { code: "class-missing", level: "notice", field: "spec", message, fix });
  if (becomes === "ignored") {
    const why = "as by an ingress-nginx without --watch-ingress-without-class";
    const problem = notice(`Ingress ${name} names no class and is ignored, ${why}`);
    return { kind: "ignored", why: `it names no class, ${why}`, fix, problem };
  }
  if (controller === "kubernetes") return { kind: "served" };
  const message = `Ingress ${name} names no class: served here, as on minikube, but ignored by an ingress-nginx without --watch-ingress-without-class`;
  return { kind: "served", problem: notice(message) };
}
