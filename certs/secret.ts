import { requireSecretName } from "./secret-name.ts";

/**
 * A Secret of type `kubernetes.io/tls` as YAML for `kubectl apply -f -`. Source: the output of `kubectl create secret
 * tls NAME --cert --key --dry-run=client -o yaml`.
 *
 * @throws UserError `bad-secret-name`
 */
export function secretYaml(name: string, namespace: string, certPem: string, keyPem: string): string {
  requireSecretName(namespace, name);
  // Quoted: YAML takes some names for something else (`123`, `1e3`, `no`).
  return [
    "apiVersion: v1",
    "kind: Secret",
    "metadata:",
    `  name: ${JSON.stringify(name)}`,
    `  namespace: ${JSON.stringify(namespace)}`,
    "type: kubernetes.io/tls",
    "data:",
    `  tls.crt: ${base64(certPem)}`,
    `  tls.key: ${base64(keyPem)}`,
    "",
  ].join("\n");
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
