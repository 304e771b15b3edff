import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** `unknown`: the trust store cannot be asked. */
export type Trust = "trusted" | "untrusted" | "unknown";

/** Certificate bundles of Unix systems, usual places first (Go: crypto/x509 root_linux.go). */
const BUNDLES: readonly string[] = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** The keychain may ask the user. */
const PATIENCE_MS = 5_000;

/** Asks the system's trust store for a self-signed certificate. Never throws. */
export async function systemTrust(certPem: string, platform: NodeJS.Platform): Promise<Trust> {
  if (platform === "win32") return "unknown";
  const trust = platform === "darwin" ? keychainTrust(certPem) : bundleTrust(certPem, BUNDLES);
  return trust.catch(() => "unknown");
}

export async function bundleTrust(certPem: string, bundles: readonly string[]): Promise<Trust> {
  const wanted = new X509Certificate(certPem).raw.toString("base64");
  for (const bundle of bundles) {
    const text = await readFile(bundle, "latin1").catch(() => undefined);
    if (text === undefined) continue;
    const pems = text.match(CERTIFICATE) ?? [];
    const isThere = pems.some((pem) => pem.replace(/-----[^-]+-----|\s/g, "") === wanted);
    return isThere ? "trusted" : "untrusted";
  }
  return "unknown";
}

/** `security verify-cert` exits with 0 for a trusted certificate. */
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
