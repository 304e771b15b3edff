import type { Secret } from "../src/model/resource.ts";
import type { Pair } from "./pair.ts";
import { checkSecret } from "./secret-check.ts";
import { FAKE_NAMESPACE, type StoredCertificate } from "./store.ts";

export interface CertificateRow {
  readonly namespace: string;
  readonly secret: string;
  /** The certificate's alternative names, else its CN. */
  readonly hosts: readonly string[];
  /** RFC 3339. */
  readonly notAfter: string;
  /** As `openssl x509 -fingerprint -sha256` prints it. */
  readonly fingerprint256: string;
  readonly from: "issued" | "Secret" | "fake";
  /** The certificate's file, or `FILE:LINE` of a Secret; `""`: only in memory. */
  readonly path: string;
}

/**
 * The rows of `certs list`: first the Secrets of the manifests, in their order, then stored certificates. A stored one
 * that a Secret replaces is left out: it is not served.
 */
export function certificateRows(
  stored: readonly StoredCertificate[],
  secrets: readonly Secret[],
): readonly CertificateRow[] {
  const fromSecrets = secrets.flatMap((secret) => {
    const checked = checkSecret(secret);
    return checked.kind === "good" ? [secretRow(secret, checked.pair)] : [];
  });
  const taken = new Set(fromSecrets.map(({ namespace, secret }) => `${namespace}/${secret}`));
  const others = stored.filter(({ namespace, secretName }) => !taken.has(`${namespace}/${secretName}`));
  return [...fromSecrets, ...others.map(storedRow)];
}

function secretRow(secret: Secret, pair: Pair): CertificateRow {
  const { file, line } = secret.origin;
  return {
    namespace: secret.metadata.namespace,
    secret: secret.metadata.name,
    hosts: pair.altNames.length > 0 ? pair.altNames : [pair.commonName].filter((name) => name !== ""),
    notAfter: pair.notAfter.toISOString(),
    fingerprint256: pair.fingerprint256,
    from: "Secret",
    path: line > 0 ? `${file}:${line}` : file,
  };
}

function storedRow(certificate: StoredCertificate): CertificateRow {
  return {
    namespace: certificate.namespace,
    secret: certificate.secretName,
    hosts: certificate.hosts,
    notAfter: certificate.notAfter.toISOString(),
    fingerprint256: certificate.fingerprint256,
    from: certificate.namespace === FAKE_NAMESPACE ? "fake" : "issued",
    path: certificate.path ?? "",
  };
}
