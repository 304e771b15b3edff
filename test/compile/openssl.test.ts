import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { checkedBySsl } from "../../src/compile/ingress-nginx/values/openssl.ts";

const { privateKey } = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

test.each([
  ["curves", { ecdhCurve: "P-256:nope" }],
  ["ciphers", { ciphers: "NOPE" }],
  ["a certificate", { cert: "nope" }],
  ["a key", { key: "nope" }],
])("%s that OpenSSL refuses do not spoil the next key", (_, options) => {
  expect(() => checkedBySsl(options)).toThrow();
  expect(() => createPrivateKey(privateKey)).not.toThrow();
});
