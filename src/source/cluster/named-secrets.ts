import type { Ingress } from "../../model/resource.ts";

/** Secrets that Ingresses name, as `NAMESPACE/NAME`. */
export type SecretNames = ReadonlySet<string>;

/** `NAME` in the namespace of the Ingress, or `NAMESPACE/NAME`. */
const REFERENCE = /^(?:([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\/)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/;

/**
 * The Secrets that Ingresses name in `spec.tls` and in annotations (`auth-secret`, `auth-tls-secret`,
 * `proxy-ssl-secret`). No other Secret of a cluster is ever read.
 */
export function secretsNamedBy(ingresses: readonly Ingress[]): SecretNames {
  const names = new Set<string>();
  for (const { metadata, spec } of ingresses) {
    for (const { secretName } of spec.tls) {
      if (secretName !== undefined) names.add(`${metadata.namespace}/${secretName}`);
    }
    for (const [annotation, value] of metadata.annotations) {
      if (!annotation.endsWith("-secret")) continue;
      const [, namespace = metadata.namespace, name] = REFERENCE.exec(value.trim()) ?? [];
      if (name !== undefined) names.add(`${namespace}/${name}`);
    }
  }
  return names;
}
