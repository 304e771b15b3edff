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

/** A text in double quotes as Go's `%q` writes it. */
export function goQuoted(text: string): string {
  const inside = [...text].map((char) => {
    const special = SPECIAL.get(char);
    if (special !== undefined) return special;
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (code < 0x80 || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char)) return char;
    const hex = code.toString(16);
    return code > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
  });
  return `"${inside.join("")}"`;
}

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
]);
