import { jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { Problem } from "../../../model/problem.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { ingressName, problemOf } from "../../problem.ts";
import type { RuleNode } from "./expression.ts";
import { readRule } from "./parse.ts";
import { syntaxOf } from "./syntax.ts";

/** `{name}` or `{name:expression}`; a repetition such as `{2,3}` is none. */
const TEMPLATE = /\{[A-Za-z_]\w*(?::[^{}]*)?\}/;

/** Matchers that read templates in version 2. */
const WITH_TEMPLATES: ReadonlySet<string> = new Set(["HostRegexp", "Path", "PathPrefix"]);

/** Templates of Traefik 2 in rules of version 3, which takes them as text: such a rule is made, and matches nothing meant. */
export function olderTemplates(route: CustomResource, usual: string | undefined): readonly Problem[] {
  return jsonItems(route.spec.routes).flatMap((item, at) => {
    const { match, syntax } = jsonFields(item);
    if (syntaxOf(jsonString(syntax) || usual) === "v2") return [];
    const rule = readRule(jsonString(match) ?? "");
    const template = rule === undefined ? undefined : templateIn(rule);
    if (template === undefined) return [];
    return [
      problemOf(route, {
        code: "older-syntax",
        level: "warning",
        field: `spec.routes[${at}].match`,
        message: `IngressRoute ${ingressName(route)}: ${template} is a template of Traefik 2, and version 3 takes it as text, so the rule does not match what it is meant for`,
        fix: "Write a regular expression (HostRegexp, PathRegexp), or choose the older syntax: syntax: v2 beside match.",
      }),
    ];
  });
}

function templateIn(rule: RuleNode): string | undefined {
  switch (rule.kind) {
    case "call":
      return WITH_TEMPLATES.has(rule.name)
        ? rule.args.flatMap((arg) => TEMPLATE.exec(arg)?.[0] ?? [])[0]
        : undefined;
    case "not":
      return templateIn(rule.of);
    default:
      return rule.of.map(templateIn).find((found) => found !== undefined);
  }
}
