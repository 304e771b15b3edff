import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Secret } from "../../../src/model/resource.ts";
import type { TlsHost } from "../../../src/model/route.ts";

/** Whether the tests that need the real `openssl` can run. On CI they must. */
export const NO_OPENSSL = spawnSync("openssl", ["version"]).status !== 0 && process.env.CI !== "true";

/** A folder that is gone after the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-certs-"));
  // Background work of a test that is over may still be writing: try a few times.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Runs openssl in a folder and returns what it prints. */
export function openssl(folder: string, ...args: string[]): string {
  return execFileSync("openssl", args, { cwd: folder, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
}

export function write(folder: string, name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

export function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

export interface TextPair {
  readonly cert: string;
  readonly key: string;
}

/** What `work` makes of a folder that is gone afterwards. For use outside of a test as well. */
function inScratch<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-certs-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * A self-signed pair for hosts, made by the real openssl. `newkey` as openssl takes it: `RSA`, `EC`, `ED25519`.
 * Empty texts where there is no openssl: the tests that would use them are skipped then.
 */
export function realPair(hosts: readonly string[], newkey: readonly string[], ...more: string[]): TextPair {
  if (NO_OPENSSL) return { cert: "", key: "" };
  return inScratch((folder) => {
    const san = hosts.map((host) => `DNS:${host}`).join(",");
    const names = san === "" ? [] : ["-addext", `subjectAltName=${san}`];
    const subject = more.includes("-subj") ? [] : ["-subj", `/CN=${hosts[0] ?? "nobody"}`];
    const fixed = ["req", "-x509", "-nodes", "-days", "365", "-keyout", "k.pem", "-out", "c.pem"];
    openssl(folder, ...fixed, ...newkey, ...subject, ...names, ...more);
    return { cert: read(folder, "c.pem"), key: read(folder, "k.pem") };
  });
}

/** A certificate signed by another, as every bought one is: the server's own, the signer's, and the server's key. */
export function signedPair(host: string): {
  readonly leaf: string;
  readonly signer: string;
  readonly key: string;
} {
  if (NO_OPENSSL) return { leaf: "", signer: "", key: "" };
  const ca = realPair(["ca.test"], RSA);
  return inScratch((folder) => {
    write(folder, "ca.crt", ca.cert);
    write(folder, "ca.key", ca.key);
    write(folder, "ext", `subjectAltName=DNS:${host}\n`);
    openssl(
      folder,
      "req",
      "-new",
      "-nodes",
      ...RSA,
      "-keyout",
      "k.pem",
      "-out",
      "r.pem",
      "-subj",
      `/CN=${host}`,
    );
    const signing = [
      "-CA",
      "ca.crt",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "90",
      "-extfile",
      "ext",
    ];
    openssl(folder, "x509", "-req", "-in", "r.pem", ...signing, "-out", "c.pem");
    return { leaf: read(folder, "c.pem"), signer: ca.cert, key: read(folder, "k.pem") };
  });
}

export const RSA = ["-newkey", "rsa:2048"];
export const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
export const ED25519 = ["-newkey", "ed25519"];

/** A Secret as the manifest module hands it over. */
export function secret(name: string, data: Record<string, string>, type = "kubernetes.io/tls"): Secret {
  return {
    kind: "Secret",
    metadata: { name, namespace: "default", labels: new Map(), annotations: new Map() },
    origin: { file: "secrets.yaml", document: 1, line: 3, lineOf: (field) => (field === "" ? 3 : 7) },
    type,
    data: new Map(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "latin1")])),
  };
}

export function tlsSecret(name: string, { cert, key }: TextPair): Secret {
  return secret(name, { "tls.crt": cert, "tls.key": key });
}

export function tlsHost(host: string, secretName: string): TlsHost {
  const ingress = { namespace: "default", name: "web", file: "ingress.yaml", line: 5 };
  return { host, namespace: "default", secretName, ingress };
}
