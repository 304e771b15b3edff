import { X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { runHere } from "./in-process.ts";

const QUICK_START = join(import.meta.dirname, "..", "..", "examples", "quick-start");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-certs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const certs = (...args: readonly string[]) =>
  runHere(["certs", ...args, "--certs-dir", folder], { cwd: folder });

test("issue writes a certificate for every host and says where it is", async () => {
  const { code, stdout, stderr } = await certs("issue", "*.Basic1.com", "www.basic1.com", "127.0.0.1");
  expect([code, stderr]).toEqual([0, ""]);
  const [certFile = "", keyFile = ""] = stdout.trim().split("\n");
  expect(certFile).toBe(join(folder, "default", "wildcard.basic1.com", "tls.crt"));
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const certificate = new X509Certificate(readFileSync(certFile));
  expect(certificate.subjectAltName).toContain("DNS:www.basic1.com");
  expect(certificate.checkHost("shop.basic1.com")).toBeDefined();
});

test("list prints what was issued, in columns and as JSON", async () => {
  expect((await certs("list")).stdout).toBe(`${folder} holds no certificates yet.\n`);
  await certs("issue", "www.basic1.com");
  const [header = "", row = ""] = (await certs("list")).stdout.split("\n");
  expect(header.split(/ {2,}/)).toEqual(["NAMESPACE", "SECRET", "HOSTS", "EXPIRES", "FROM", "PATH"]);
  expect(row.split(/ {2,}/).slice(0, 3)).toEqual(["default", "www.basic1.com", "www.basic1.com"]);
  const { certificates } = JSON.parse((await certs("list", "-o", "json")).stdout);
  expect(certificates).toEqual([
    expect.objectContaining({ namespace: "default", secret: "www.basic1.com", from: "issued" }),
  ]);
});

test("secret prints a Secret of the manifests for kubectl apply, issued once", async () => {
  const { code, stdout, stderr } = await certs("secret", "my-https", QUICK_START);
  expect([code, stderr]).toEqual([0, ""]);
  const secret = parse(stdout);
  expect(secret).toMatchObject({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "my-https", namespace: "default" },
    type: "kubernetes.io/tls",
  });
  const certificate = new X509Certificate(Buffer.from(secret.data["tls.crt"], "base64"));
  expect(certificate.subjectAltName).toBe("DNS:www.basic-ssl.com");
  expect(existsSync(join(folder, "default", "my-https", "tls.crt"))).toBe(true);
  expect((await certs("secret", "my-https", QUICK_START)).stdout).toBe(stdout);
});

test("a Secret that is in the manifests is printed as it is there", async () => {
  const input = `apiVersion: v1
kind: Secret
metadata: { name: own }
type: kubernetes.io/tls
stringData: { tls.crt: a certificate, tls.key: a key }
`;
  const { stdout } = await runHere(["certs", "secret", "own", "-", "--certs-dir", folder], { input });
  expect(parse(stdout).data).toEqual({
    "tls.crt": Buffer.from("a certificate").toString("base64"),
    "tls.key": Buffer.from("a key").toString("base64"),
  });
});

test.each([
  [["secret", "my-http", QUICK_START], "The manifests name no TLS Secret my-http.", "Did you mean my-https?"],
  [
    ["secret", "my-https", "-n", "shop", QUICK_START],
    "no TLS Secret shop/my-https",
    "They name default/my-https.",
  ],
  [["issue", "not a host"], '"not a host" cannot be in a certificate', ""],
])("certs %j is refused", async (args, error, fix) => {
  const { code, stdout, stderr } = await certs(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(error);
  expect(stderr).toContain(fix);
});
