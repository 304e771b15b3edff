import { createPrivateKey } from "node:crypto";
import { expect, test } from "vitest";
import { checkSecret, secretProblems } from "../../certs/secret-check.ts";
import type { Secret } from "../../src/model/resource.ts";
import { processorTime } from "../support/processor-time.ts";
import { EC, ED25519, NO_OPENSSL, RSA, realPair, secret, signedPair, tlsSecret } from "./support/fixtures.ts";

const HOST = "a.test";
const rsa = realPair([HOST], RSA);
const otherRsa = realPair([HOST], RSA);
const ec = realPair([HOST], EC);
const ed = realPair([HOST], ED25519);
const small = realPair([HOST], ["-newkey", "rsa:512"]);
const signed = signedPair(HOST);

/** The same key in another form. */
function recoded(pem: string, type: "pkcs1" | "sec1" | "pkcs8", passphrase?: string): string {
  const format = "pem";
  const key = createPrivateKey(pem);
  if (passphrase === undefined) return key.export({ type, format }).toString();
  return key.export({ type, format, cipher: "aes-256-cbc", passphrase }).toString();
}

test.skipIf(NO_OPENSSL).each<[string, () => Secret]>([
  ["RSA, PKCS#8", () => tlsSecret("s", rsa)],
  ["RSA, PKCS#1", () => tlsSecret("s", { cert: rsa.cert, key: recoded(rsa.key, "pkcs1") })],
  ["EC, PKCS#8", () => tlsSecret("s", ec)],
  ["EC, SEC1", () => tlsSecret("s", { cert: ec.cert, key: recoded(ec.key, "sec1") })],
  [
    "EC, SEC1 behind EC PARAMETERS, as openssl ecparam -genkey writes it",
    () => {
      const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
      return tlsSecret("s", { cert: ec.cert, key: parameters + recoded(ec.key, "sec1") });
    },
  ],
  ["Ed25519", () => tlsSecret("s", ed)],
  [
    "Windows line ends",
    () => tlsSecret("s", { cert: rsa.cert.replaceAll("\n", "\r\n"), key: rsa.key.replaceAll("\n", "\r\n") }),
  ],
  [
    "words around the blocks",
    () => tlsSecret("s", { cert: `subject=CN = a\n${rsa.cert}\n\n`, key: `\n${rsa.key}bye` }),
  ],
  ["no last line end", () => tlsSecret("s", { cert: rsa.cert.trim(), key: rsa.key.trim() })],
  [
    "a chain, the server's own first",
    () => tlsSecret("s", { cert: signed.leaf + signed.signer, key: signed.key }),
  ],
  ["type Opaque", () => secret("s", { "tls.crt": rsa.cert, "tls.key": rsa.key, "ca.crt": "x" }, "Opaque")],
])("a Secret is used as it is: %s", (_, make) => {
  expect(checkSecret(make())).toMatchObject({ kind: "good", pair: { altNames: [HOST], commonName: HOST } });
});

test.skipIf(NO_OPENSSL).each<[string, () => Secret, string, RegExp, RegExp]>([
  // what                 Secret                field            why                                    fix
  [
    "no tls.key",
    () => secret("s", { "tls.crt": rsa.cert }),
    "data[tls.key]",
    /^it has no tls.key$/,
    /kubectl create/,
  ],
  [
    "no tls.crt",
    () => secret("s", { "tls.key": rsa.key }),
    "data[tls.crt]",
    /^it has no tls.crt$/,
    /kubectl create/,
  ],
  [
    "nothing at all",
    () => secret("s", {}, "Opaque"),
    "data[tls.crt]",
    /^it has no tls.crt$/,
    /kubectl create/,
  ],
  [
    "an empty tls.key",
    () => tlsSecret("s", { ...rsa, key: "" }),
    "data[tls.key]",
    /tls.key is empty/,
    /kubectl/,
  ],
  [
    "an empty tls.crt",
    () => tlsSecret("s", { ...rsa, cert: " \n" }),
    "data[tls.crt]",
    /tls.crt is empty/,
    /kubectl/,
  ],
  [
    "another key",
    () => tlsSecret("s", { ...rsa, key: otherRsa.key }),
    "data[tls.key]",
    /is not the key of/,
    /made together/,
  ],
  [
    "a key of another kind",
    () => tlsSecret("s", { ...rsa, key: ec.key }),
    "data[tls.key]",
    /is not the key of/,
    /made together/,
  ],
  [
    "an encrypted key, PKCS#8",
    () => tlsSecret("s", { ...rsa, key: recoded(rsa.key, "pkcs8", "pass") }),
    "data[tls.key]",
    /is encrypted/,
    /openssl pkey/,
  ],
  [
    "an encrypted key, PKCS#1",
    () => tlsSecret("s", { ...rsa, key: recoded(rsa.key, "pkcs1", "pass") }),
    "data[tls.key]",
    /is encrypted/,
    /openssl pkey/,
  ],
  [
    "garbage for a certificate",
    () => tlsSecret("s", { ...rsa, cert: "garbage" }),
    "data[tls.crt]",
    /no PEM block/,
    /kubectl/,
  ],
  [
    "garbage for a key",
    () => tlsSecret("s", { ...rsa, key: "\0ÿ" }),
    "data[tls.key]",
    /no private key in PEM form/,
    /kubectl/,
  ],
  [
    "a certificate cut off",
    () => tlsSecret("s", { ...rsa, cert: rsa.cert.replace(/\n.{64}\n/, "\n") }),
    "data[tls.crt]",
    /cannot be read/,
    /kubectl/,
  ],
  [
    "a key cut off",
    () => tlsSecret("s", { ...rsa, key: rsa.key.replace(/\n.{64}\n/, "\n") }),
    "data[tls.key]",
    /cannot be read/,
    /kubectl/,
  ],
  [
    "a lost END line",
    () => tlsSecret("s", { ...rsa, cert: rsa.cert.slice(0, -30) }),
    "data[tls.crt]",
    /no PEM block/,
    /kubectl/,
  ],
  [
    "the two exchanged",
    () => tlsSecret("s", { cert: rsa.key, key: rsa.cert }),
    "data[tls.crt]",
    /named PRIVATE KEY/,
    /exchanged/,
  ],
  [
    "a certificate twice",
    () => tlsSecret("s", { cert: rsa.cert, key: rsa.cert }),
    "data[tls.key]",
    /named CERTIFICATE/,
    /kubectl/,
  ],
  [
    "a chain in the wrong order",
    () => tlsSecret("s", { cert: signed.signer + signed.leaf, key: signed.key }),
    "data[tls.crt]",
    /comes as number 2/,
    /server's own certificate first/,
  ],
  [
    "a key too weak for TLS",
    () => tlsSecret("s", small),
    "data[tls.crt]",
    /cannot be spoken with it: .*small/,
    /kubectl/,
  ],
  [
    "a chain that is garbage from the second on",
    () => tlsSecret("s", { ...rsa, cert: `${rsa.cert}${rsa.cert.replace(/\n.{64}\n/, "\n")}` }),
    "data[tls.crt]",
    /cannot be spoken with it/,
    /kubectl/,
  ],
])("a Secret with %s is not used", (_, make, field, why, fix) => {
  const checked = checkSecret(make());
  expect(checked).toMatchObject({ kind: "bad", field });
  expect(checked).toMatchObject({ why: expect.stringMatching(why), fix: expect.stringMatching(fix) });
});

test.each([
  ["many BEGINs", "-----BEGIN CERTIFICATE-----\n".repeat(40_000)],
  [
    "many BEGINs of different names",
    Array.from({ length: 40_000 }, (_, i) => `-----BEGIN A${i}-----`).join(""),
  ],
  ["many pairs that do not match", "-----BEGIN A-----\n-----END B-----\n".repeat(30_000)],
])("a Secret of 1 MiB of PEM marks does not hold the event loop: %s", (_, text) => {
  const used = processorTime();
  expect(checkSecret(secret("s", { "tls.crt": text, "tls.key": text }))).toMatchObject({ kind: "bad" });
  expect(used()).toBeLessThan(500);
});

const DAY = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY);

test.skipIf(NO_OPENSSL).each<[number, string | undefined, string | undefined, string]>([
  // days from now  code                   level      what the case shows
  [0, undefined, undefined, "valid"],
  [354, undefined, undefined, "11 days left"],
  [356, "tls-secret-expiring", "notice", "9 days left"],
  [400, "tls-secret-expired", "warning", "expired"],
  [-400, "tls-secret-expired", "warning", "not valid yet"],
])("in %i days the problem is %s (%s): %s", (days, code, level) => {
  const one = tlsSecret("s", rsa);
  const [problem] = secretProblems(one, checkSecret(one), [HOST], inDays(days));
  expect([problem?.code, problem?.level]).toEqual([code, level]);
});

const commonNameOnly = realPair([], RSA, "-subj", "/O=x/CN=my-ssl");
const otherCommonName = realPair(["b.test", "*.c.test"], RSA, "-subj", `/CN=${HOST}`);
test.skipIf(NO_OPENSSL).each([
  // certificate        host        the controller serves it (certificate.go, verifyHostname)
  ["CN my-ssl", commonNameOnly, "my-ssl", true],
  ["CN my-ssl", commonNameOnly, "www.basic-ssl.com", false],
  ["CN a.test, SAN b.test, *.c.test", otherCommonName, "a.test", true],
  ["CN a.test, SAN b.test, *.c.test", otherCommonName, "b.test", true],
  ["CN a.test, SAN b.test, *.c.test", otherCommonName, "x.c.test", true],
  ["CN a.test, SAN b.test, *.c.test", otherCommonName, "*.c.test", true],
  ["CN a.test, SAN b.test, *.c.test", otherCommonName, "y.x.c.test", false],
])("a certificate with %s", (_, pair, host, served) => {
  const one = tlsSecret("s", pair);
  const codes = secretProblems(one, checkSecret(one), [host], inDays(0)).map(({ code }) => code);
  expect(codes).toEqual(served ? [] : ["tls-secret-host"]);
});

test.skipIf(NO_OPENSSL)("a problem says what, where, what happens now and what to do", () => {
  const one = secret("my-ssl", { "tls.crt": rsa.cert });
  expect(
    secretProblems(one, checkSecret(one), ["a.test", "b.test", "c.test", "d.test", "e.test"], inDays(0)),
  ).toEqual([
    {
      code: "tls-secret-invalid",
      level: "warning",
      object: { kind: "Secret", namespace: "default", name: "my-ssl" },
      field: "data[tls.key]",
      message:
        "The controller cannot use this Secret, and serves its fake certificate for a.test, b.test, c.test and 2 more: it has no tls.key.",
      fix: expect.stringContaining("kubectl create secret tls"),
      file: "secrets.yaml",
      line: 7,
    },
  ]);
});
