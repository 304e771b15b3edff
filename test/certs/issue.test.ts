import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { commonNameFor, issueCertificate } from "../../certs/issue.ts";
import { newRsaKeyPair } from "../../certs/keys.ts";
import { readPair } from "../../certs/pair.ts";
import { openStore } from "../../certs/store.ts";
import { NO_OPENSSL, openssl, RSA, read, realPair, scratch, write } from "./support/fixtures.ts";

const DAY = 86_400_000;
const keyPair = await newRsaKeyPair();

/** `openssl x509 -text` without what differs by key and time. */
function fields(cert: string): string {
  const folder = scratch();
  write(folder, "c.pem", cert);
  return openssl(folder, "x509", "-in", "c.pem", "-noout", "-text")
    .replace(/([0-9a-fA-F]{2}:){5,}[0-9a-fA-F:\s]*\n/g, "HEX\n")
    .replace(/(Not Before|Not After ?): .*/g, "$1")
    .replaceAll(" = ", "="); // OpenSSL before 3.2 has spaces there.
}

test.skipIf(NO_OPENSSL)(
  "is what `openssl req -x509 -nodes -days 365 -newkey rsa:2048` makes, field by field",
  async () => {
    const hosts = ["www.basic-ssl.com", "*.basic-ssl.com", "my-ssl"];
    const now = new Date();
    const ours = await issueCertificate({ hosts, commonName: "www.basic-ssl.com", now, keyPair });
    const theirs = realPair(hosts, RSA);
    expect(fields(ours.certPem)).toBe(fields(theirs.cert));
    expect(ours.keyPem.split("\n")[0]).toBe(theirs.key.split("\n")[0]);
    const [mine, real] = [new X509Certificate(ours.certPem), new X509Certificate(theirs.cert)];
    const length = (one: X509Certificate): number => Date.parse(one.validTo) - Date.parse(one.validFrom);
    expect(length(mine)).toBe(length(real));
    expect(length(mine)).toBe(365 * DAY);
  },
);

test.skipIf(NO_OPENSSL)("verifies as its own root, for its name", async () => {
  const folder = scratch();
  const { certPem } = await issueCertificate({
    hosts: ["a.test"],
    commonName: "a.test",
    now: new Date(),
    keyPair,
  });
  write(folder, "c.pem", certPem);
  const said = openssl(
    folder,
    "verify",
    "-x509_strict",
    "-CAfile",
    "c.pem",
    "-verify_hostname",
    "a.test",
    "c.pem",
  );
  expect(said).toContain("c.pem: OK");
});

test.each([
  // hosts                        subjectAltName
  [["127.0.0.1"], "IP Address:127.0.0.1"],
  [["[::1]", "a.test"], "IP Address:0:0:0:0:0:0:0:1, DNS:a.test"],
  [["::ffff:127.0.0.1"], "IP Address:0:0:0:0:0:FFFF:7F00:1"],
  [["A.test", "a.test."], "DNS:a.test"],
  [["münchen.test"], "DNS:xn--mnchen-3ya.test"],
  [[], undefined],
])("hosts %j have subjectAltName %s", async (hosts, text) => {
  const { certPem } = await issueCertificate({ hosts, commonName: "x", now: new Date(), keyPair });
  expect(new X509Certificate(certPem).subjectAltName).toBe(text);
});

const long = `${"a".repeat(60)}.test`;
test.each([
  // hosts               otherwise            common name
  [["a.test", "b.test"], "my-ssl", "a.test"],
  [[long, "b.test"], "my-ssl", "b.test"],
  [[long], "my-ssl", "my-ssl"],
  [[], "s".repeat(253), "s".repeat(64)],
])("the common name of %j is at most 64 characters: %s or %s", async (hosts, otherwise, name) => {
  const commonName = commonNameFor(hosts, otherwise);
  expect(commonName).toBe(name);
  const { certPem } = await issueCertificate({ hosts, commonName, now: new Date(), keyPair });
  expect(new X509Certificate(certPem).subject).toBe(`CN=${name}`);
});

test.each([
  ["all ones", 0xff],
  ["all zeros", 0x00],
])("the serial number is positive and 128 bits long with %s for randomness", async (_, fill) => {
  const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(fill);
  const { certPem } = await issueCertificate({
    hosts: [],
    commonName: "x",
    now: new Date(),
    keyPair,
    random,
  });
  const { serialNumber } = new X509Certificate(certPem);
  expect(serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
});

test("no two serial numbers are the same", async () => {
  const request = { hosts: [], commonName: "x", now: new Date(), keyPair };
  const [one, other] = await Promise.all([issueCertificate(request), issueCertificate(request)]);
  expect(new X509Certificate(one.certPem).serialNumber).not.toBe(
    new X509Certificate(other.certPem).serialNumber,
  );
});

test.each([
  ["2026-01-01T00:00:00.999Z", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ["2049-06-01T00:00:00.000Z", "2049-06-01T00:00:00.000Z", "2050-06-01T00:00:00.000Z"],
])("issued at %s it is valid from %s to %s", async (now, from, to) => {
  const { certPem, keyPem } = await issueCertificate({
    hosts: [],
    commonName: "x",
    now: new Date(now),
    keyPair,
  });
  const pair = readPair(certPem, keyPem);
  if ("why" in pair) expect.unreachable(pair.why);
  else expect([pair.notBefore.toISOString(), pair.notAfter.toISOString()]).toEqual([from, to]);
});

test.skipIf(NO_OPENSSL)("the fake certificate is the controller's, field by field", async () => {
  const folder = scratch();
  const fake = await openStore(folder).ensureFake(new Date());
  const text = fields(fake.certPem);
  expect(text).toContain("Subject: O=Acme Co, CN=Kubernetes Ingress Controller Fake Certificate");
  // internal/net/ssl/ssl.go, getFakeHostSSLCert: these extensions, in Go's order.
  const extensions = text.slice(text.indexOf("X509v3 extensions"), text.indexOf("Signature Algorithm", 500));
  expect(extensions.split("\n").map((line) => line.trim())).toEqual([
    "X509v3 extensions:",
    "X509v3 Key Usage: critical",
    "Digital Signature, Key Encipherment",
    "X509v3 Extended Key Usage:",
    "TLS Web Server Authentication",
    "X509v3 Basic Constraints: critical",
    "CA:FALSE",
    "X509v3 Subject Alternative Name:",
    "DNS:ingress.local",
    "",
  ]);
  expect(read(folder, "_fake/ingress.local/tls.crt")).toBe(fake.certPem);
});
