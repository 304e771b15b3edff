import { createPrivateKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

export interface RsaKeyPair {
  readonly publicKeyPem: string;
  readonly privateKey: KeyObject;
  /** PKCS#8, unencrypted, as `openssl req -nodes` writes it. */
  readonly privateKeyPem: string;
}

/**
 * Makes an RSA key of 2,048 bits by OpenSSL, on libuv's threads: 50 to 500 ms outside the event loop. node-forge's own
 * generator takes 1.5 to 15 s inside it.
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
