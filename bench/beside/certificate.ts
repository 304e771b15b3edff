import { writeFileSync } from "node:fs";
import { join } from "node:path";
import forge from "node-forge";

/** A self-signed certificate of 2,048 bits, as those that `up` issues, for the peers. Returns the files. */
export function issueCertificate(folder: string): { readonly cert: string; readonly key: string } {
  const { pki } = forge;
  const keys = pki.rsa.generateKeyPair(2048);
  const made = pki.createCertificate();
  made.publicKey = keys.publicKey;
  made.serialNumber = "01";
  made.validity.notAfter.setFullYear(made.validity.notBefore.getFullYear() + 1);
  const name = [{ name: "commonName", value: "localhost" }];
  made.setSubject(name);
  made.setIssuer(name);
  made.sign(keys.privateKey, forge.md.sha256.create());
  const files = { cert: join(folder, "peer.crt"), key: join(folder, "peer.key") };
  writeFileSync(files.cert, pki.certificateToPem(made));
  writeFileSync(files.key, pki.privateKeyToPem(keys.privateKey), { mode: 0o600 });
  return files;
}
