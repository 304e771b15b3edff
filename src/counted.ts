/** `1 file`, `2 files`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** `1 Ingress`, `2 Ingresses`, `3 HTTPProxies`, `2 BackendTLSPolicies`. */
export function countedKind(count: number, kind: string): string {
  return counted(count, kind, pluralKind(kind));
}

/** `Ingresses`, `HTTPProxies`, `BackendTLSPolicies`. */
export function pluralKind(kind: string): string {
  return /(?:s|x|ch|sh)$/.test(kind) ? `${kind}es` : `${kind.replace(/(?<=[^aeo])y$/, "ie")}s`;
}
