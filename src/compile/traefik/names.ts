import { createHash } from "node:crypto";

/** Letters and digits joined by `-` (provider.Normalize): `default/a.b` → `default-a-b`. */
export function joinedName(name: string): string {
  return name
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== "")
    .join("-");
}

/** The router of a path of an Ingress. */
export function ingressRouterName(namespace: string, ingress: string, host: string, path: string): string {
  return joinedName(`${namespace}-${ingress}-${host}${path}`);
}

/** For paths of one Ingress whose names fall together. */
export function withRuleHash(name: string, rule: string): string {
  return `${name}-${ruleHash(rule)}`;
}

/** The router of a route of an IngressRoute. */
export function crdRouterName(namespace: string, route: string, rule: string): string {
  return joinedName(`${namespace}-${route}-${ruleHash(rule)}`);
}

function ruleHash(rule: string): string {
  return createHash("sha256").update(rule).digest("hex").slice(0, 20);
}

/** The entry of a Service port that an Ingress names, shared by all that fall together. */
export function serviceEntryName(namespace: string, service: string, port: number | string): string {
  return joinedName(`${namespace}-${service}-${port}`);
}
