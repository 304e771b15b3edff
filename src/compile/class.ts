import type { Problem } from "../model/problem.ts";
import type { Ingress, IngressClass } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CompileOptions } from "./options.ts";
import { ingressName, problemOf } from "./problem.ts";

/** The `spec.controller` that ingress-nginx answers to. */
const INGRESS_NGINX = "k8s.io/ingress-nginx";
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
): { readonly served: readonly Ingress[]; readonly problems: readonly Problem[] } {
  const classes = new Map(snapshot.ingressClasses.map((known) => [known.metadata.name, known]));
  const preset = defaultClass(snapshot.ingressClasses);
  const served: Ingress[] = [];
  const problems: Problem[] = [];
  for (const ingress of snapshot.ingresses) {
    const choice = choose(ingress, classes, preset, options);
    if (choice.served) served.push(ingress);
    if (choice.problem !== undefined) problems.push(choice.problem);
  }
  return { served, problems };
}

/** Of several default classes the newest counts (since Kubernetes 1.26); on disk the last one written. */
function defaultClass(classes: readonly IngressClass[]): IngressClass | undefined {
  return classes.findLast(({ metadata }) => metadata.annotations.get(DEFAULT_CLASS_ANNOTATION) === "true");
}

interface Choice {
  readonly served: boolean;
  readonly problem?: Problem;
}

function choose(
  ingress: Ingress,
  classes: ReadonlyMap<string, IngressClass>,
  preset: IngressClass | undefined,
  options: CompileOptions,
): Choice {
  const annotated = ingress.metadata.annotations.get(CLASS_ANNOTATION);
  const named = ingress.spec.ingressClassName;
  const className = named ?? (annotated === undefined ? preset?.metadata.name : undefined);
  if (className !== undefined) return byClass(ingress, className, classes.get(className), options);
  if (annotated !== undefined) {
    if (options.ingressClasses.includes(annotated)) return { served: true };
    return ignored(
      ingress,
      `metadata.annotations[${CLASS_ANNOTATION}]`,
      `the class "${annotated}" is not served here`,
      options,
    );
  }
  return classless(ingress, options);
}

function byClass(
  ingress: Ingress,
  name: string,
  known: IngressClass | undefined,
  options: CompileOptions,
): Choice {
  const field = "spec.ingressClassName";
  if (known === undefined) {
    if (options.ingressClasses.includes(name)) return { served: true };
    return ignored(ingress, field, `there is no IngressClass "${name}"`, options);
  }
  if (options.controller !== "ingress-nginx" || known.controller === INGRESS_NGINX) return { served: true };
  const why = `the IngressClass "${name}" belongs to the controller "${known.controller}"`;
  return ignored(ingress, field, why, options);
}

function ignored(ingress: Ingress, field: string, why: string, options: CompileOptions): Choice {
  const problem = problemOf(ingress, {
    code: "class-ignored",
    level: "notice",
    field,
    message: `Ingress ${ingressName(ingress)} is ignored: ${why} (controller log: "ingress does not contain a valid IngressClass")`,
    fix: `Set spec.ingressClassName to ${options.ingressClasses.join(" or ")}, or serve its class with --ingress-class NAME.`,
  });
  return { served: false, problem };
}

function classless(ingress: Ingress, options: CompileOptions): Choice {
  const served = options.classless === "served";
  const name = ingressName(ingress);
  const message = served
    ? `Ingress ${name} names no class: served here, as on minikube, but ignored by an ingress-nginx without --watch-ingress-without-class`
    : `Ingress ${name} names no class and is ignored, as by an ingress-nginx without --watch-ingress-without-class`;
  const fix = `Set spec.ingressClassName: ${options.ingressClasses[0] ?? "nginx"}.`;
  if (options.controller === "kubernetes" && served) return { served };
  return {
    served,
    problem: problemOf(ingress, { code: "class-missing", level: "notice", field: "spec", message, fix }),
  };
}
