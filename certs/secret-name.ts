import { UserError } from "../src/errors.ts";

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Refuses names that Kubernetes refuses for a namespace or a Secret (RFC 1123 label and subdomain). That includes every
 * name that leads out of the certificates' folder: `..`, slashes, backslashes, drive letters, NUL.
 *
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 *
 * @throws UserError `bad-secret-name`
 */
export function requireSecretName(namespace: string, name: string): void {
  const bad = namespaceOk(namespace) ? (nameOk(name) ? undefined : name) : namespace;
  if (bad === undefined) return;
  throw new UserError("bad-secret-name", `${JSON.stringify(bad)} is not a name that Kubernetes allows.`);
}

function namespaceOk(name: string): boolean {
  return name.length <= 63 && !name.includes(".") && SUBDOMAIN.test(name);
}

function nameOk(name: string): boolean {
  return name.length <= 253 && SUBDOMAIN.test(name);
}
