import type { Problem } from "../../../model/problem.ts";
import type { Ingress } from "../../../model/resource.ts";
import { problemOf } from "../../problem.ts";

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

interface Inspected {
  readonly value: string;
  readonly field: string;
  readonly words: string;
}

/**
 * The problem of an Ingress that looks like an attempt to break out of nginx's configuration. The webhook
 * refuses it and the controller does not serve it (store.go; --deep-inspect, on by default). The first such
 * value counts.
 *
 * Source: internal/ingress/inspector/ingress.go, InspectIngress.
 */
export function deepInspection(ingress: Ingress): Problem | undefined {
  for (const { value, field, words } of inspected(ingress)) {
    const what = FORBIDDEN.find(([isIn]) => isIn(value))?.[1];
    if (what === undefined) continue;
    return problemOf(ingress, {
      code: "ingress-inspected",
      level: "error",
      lost: "ingress",
      field,
      message: `${words}: invalid value found: ${value}: it ${what}, so the controller does not serve this Ingress`,
      fix: "Write the value differently: the controller takes it for an attempt to read what Ingresses must not.",
      webhook: `invalid object: ${words}: invalid value found: ${value}`,
    });
  }
  return undefined;
}

function inspected({ metadata, spec }: Ingress): readonly Inspected[] {
  const name = `${metadata.namespace}/${metadata.name}`;
  const rules = spec.rules.flatMap(({ host, paths = [] }, index) => [
    { value: host, field: `spec.rules[${index}].host`, words: `invalid host in ingress ${name}` },
    ...paths.map(({ path, field }) => ({
      value: path,
      field: `${field}.path`,
      words: `invalid rule in ingress ${name}: invalid http path`,
    })),
  ]);
  const tls = spec.tls.flatMap(({ secretName = "", hosts }, index) => [
    {
      value: secretName,
      field: `spec.tls[${index}].secretName`,
      words: `invalid secret in ingress ${name}`,
    },
    ...hosts.map((host, at) => ({
      value: host,
      field: `spec.tls[${index}].hosts[${at}]`,
      words: `invalid host in ingress tls config ${name}`,
    })),
  ]);
  return [...rules, ...tls];
}
