import { createPrivateKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/** A fresh RSA key. */
export interface RsaKeyPair {
  /** SubjectPublicKeyInfo (`BEGIN PUBLIC KEY`). */
  readonly publicKeyPem: string;
  readonly privateKey: KeyObject;
  /** PKCS#8, unencrypted (`BEGIN PRIVATE KEY`), as `openssl req -nodes` writes it. */
  readonly privateKeyPem: string;
}

/**
 * An RSA key of 2,048 bits. It is made on libuv's threads, by OpenSSL: 50 to 500 ms that the event loop does not see
 * (node-forge's own generator takes 1.5 to 15 s of it).
 */
export async function newRsaKeyPair(): Promise<RsaKeyPair> {
  const pair = await generate("rsa", {
    modulusLength: 2048,
    publicExponent: 0x10001,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return {
    publicKeyPem: pair.publicKey,
    privateKey: createPrivateKey(pair.privateKey),
    privateKeyPem: pair.privateKey,
  };
}
