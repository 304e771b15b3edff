import type { ClassRule, ControllerFacts } from "../../src/compile/controller.ts";
import { CONTROLLERS, DEFAULT_CONTROLLER } from "../../src/compile/controllers.ts";

/** `docs/controllers.md`, from the registry of controllers. */
export function controllersPage(): string {
  return [
    "# Controllers",
    "",
    `\`--controller NAME\` says whose behaviour is shown; the default is \`${DEFAULT_CONTROLLER}\`.`,
    "This page is made from the registry, `src/compile/controllers.ts`; a test keeps it up to date.",
    "",
    "| `--controller` | behaves as | `spec.controller` of its IngressClasses | class without its IngressClass | Ingress without a class | options from the ConfigMap |",
    "|---|---|---|---|---|---|",
    ...CONTROLLERS.map(row),
    "",
    "An Ingress names its class in `spec.ingressClassName`, else in the annotation `kubernetes.io/ingress.class`. One that",
    "names none gets the IngressClass that is marked as the default, as from the API server.",
    "`--ingress-class` names the classes that are served in place of these; `--controller-class` names another",
    "`spec.controller`, for a second installation.",
    "",
  ].join("\n");
}

function row({ name, summary, classes, configMap }: ControllerFacts): string {
  const cells = [
    `\`${name}\``,
    summary,
    classes.controller === "any" ? "any" : `\`${classes.controller}\``,
    `\`${classes.installed}\``,
    classlessInWords(classes),
    configMap === undefined ? "none" : `\`${configMap.namespace}/${configMap.name}\``,
  ];
  return `| ${cells.join(" | ")} |`;
}

function classlessInWords({ classless }: ClassRule): string {
  if (classless === "served") return "served";
  return `served, with a notice; with \`--exact\` ignored, as by ${classless.ignoredBy}`;
}
