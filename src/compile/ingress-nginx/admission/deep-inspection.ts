import type { Problem } from "../../../model/problem.ts";
import type { Ingress } from "../../../model/resource.ts";
import { ingressName, problemOf } from "../../problem.ts";

/** Texts that no value may contain (internal/ingress/inspector/rules.go), with words for people. */
const FORBIDDEN: readonly (readonly [isIn: (value: string) => boolean, what: string])[] = [
  [(value) => isDirective(value, "alias"), "looks like the directive alias"],
  [(value) => isDirective(value, "root"), "looks like the directive root"],
  [
    (value) => /\/etc\/(?:passwd|shadow|group|nginx|ingress-controller)/.test(value),
    "names a file of the system",
  ],
  [(value) => value.includes("/var/run/secrets"), "names the folder of the controller's own credentials"],
  [(value) => value.includes("_by_lua"), "looks like a directive of Lua"],
];

/** `alias.*;` without a regular expression: backtracking would rescan long values again and again. */
function isDirective(value: string, name: string): boolean {
  const at = value.indexOf(name);
  return at >= 0 && value.lastIndexOf(";") > at;
}

/**
 * The problem of an Ingress that looks like an attempt to break out of nginx's configuration. The webhook
 * refuses it and the controller does not serve it (store.go; --deep-inspect, on by default). The first such
 * value counts.
 *
 * Source: internal/ingress/inspector/ingress.go, InspectIngress.
 */
export function deepInspection(ingress: Ingress): Problem | undefined {
  const { rules, tls } = ingress.spec;
  for (const [index, { host, paths = [] }] of rules.entries()) {
    if (isForbidden(host)) return refused(ingress, host, `spec.rules[${index}].host`, "host in ingress");
    for (const { path, field } of paths)
      if (isForbidden(path))
        return refused(ingress, path, `${field}.path`, "rule in ingress", "invalid http path: ");
  }
  for (const [index, { secretName = "", hosts }] of tls.entries()) {
    const field = `spec.tls[${index}]`;
    if (isForbidden(secretName))
      return refused(ingress, secretName, `${field}.secretName`, "secret in ingress");
    const at = hosts.findIndex(isForbidden);
    const host = hosts[at];
    if (host !== undefined)
      return refused(ingress, host, `${field}.hosts[${at}]`, "host in ingress tls config");
  }
  return undefined;
}

function isForbidden(value: string): boolean {
  return FORBIDDEN.some(([isIn]) => isIn(value));
}

/** `invalid`: what the webhook calls it; `more`: further words of it */
function refused(ingress: Ingress, value: string, field: string, invalid: string, more = ""): Problem {
  const words = `invalid ${invalid} ${ingressName(ingress)}: ${more}invalid value found: ${value}`;
  const what = FORBIDDEN.find(([isIn]) => isIn(value))?.[1];
  return problemOf(ingress, {
    code: "ingress-inspected",
    level: "error",
    lost: "ingress",
    field,
    message: `${words}: it ${what}, so the controller does not serve this Ingress`,
    fix: "Write the value differently: the controller takes it for an attempt to read what Ingresses must not.",
    webhook: `invalid object: ${words}`,
  });
}
