import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Trust } from "./certificates.ts";

/** Where Unix systems keep all trusted certificates in one file, the usual places first (Go: crypto/x509 root_linux.go). */
const BUNDLES: readonly string[] = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** In ms; the keychain may ask the user something. */
const PATIENCE_MS = 5_000;

/** Whether the system trusts a certificate that signs itself: whether it is in its trust store. Never throws. */
export async function systemTrust(certPem: string, platform: NodeJS.Platform): Promise<Trust> {
  try {
    if (platform === "darwin") return await keychainTrust(certPem);
    if (platform === "win32") return "unknown";
    return await bundleTrust(certPem, BUNDLES);
  } catch {
    return "unknown";
  }
}

/** Looks for the certificate in the first bundle that there is. */
export async function bundleTrust(certPem: string, bundles: readonly string[]): Promise<Trust> {
  const wanted = new X509Certificate(certPem).raw.toString("base64");
  for (const bundle of bundles) {
    const text = await readFile(bundle, "latin1").catch(() => undefined);
    if (text === undefined) continue;
    const found = text.match(CERTIFICATE)?.some((pem) => pem.replace(/-----[^-]+-----|\s/g, "") === wanted);
    return found === true ? "trusted" : "untrusted";
  }
  return "unknown";
}

/** `security verify-cert` ends with 0 for a certificate that the keychain trusts. */
async function keychainTrust(certPem: string): Promise<Trust> {
  const folder = await mkdtemp(join(tmpdir(), "ingress-dev-trust-"));
  try {
    const file = join(folder, "tls.crt");
    await writeFile(file, certPem);
    return await promisify(execFile)("security", ["verify-cert", "-c", file], { timeout: PATIENCE_MS }).then(
      () => "trusted" as const,
      () => "untrusted" as const,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
