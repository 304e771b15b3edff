import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificates, createCertificates } from "../../certs/certificates.ts";

/** Certificates without TLS hosts, so every name gets the controller's fake one. */
export function fakeCertificates(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), "ingress-dev-cases-"));
  const certificates = createCertificates({ dir, now: () => new Date(), onProblems: () => undefined });
  return {
    ...certificates,
    close: () => {
      certificates.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
