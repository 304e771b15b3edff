import { generateKeyPairSync, X509Certificate } from "node:crypto";
import forge from "node-forge";

/** PEM. */
export interface TestPair {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for one test run. */
export interface Authority extends TestPair {
  readonly name: string;
  /** A certificate for one name, as CN and only DNS name. default: valid for a day */
  issue(name: string, more?: MoreOfCertificate): TestPair;
  /** An intermediate authority that this one signs. */
  vouchFor(name: string): Authority;
}

interface MoreOfCertificate {
  readonly expired?: boolean;
  /** Its names in place of the one: DNS names, and URIs. */
  readonly names?: readonly string[];
}

interface Keys {
  readonly pem: string;
  readonly forge: forge.pki.rsa.PrivateKey;
}

const DAY_MS = 86_400_000;
let serial = 1;

function newKeys(): Keys {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  return { pem, forge: forge.pki.privateKeyFromPem(pem) };
}

const attributes = (name: string) => [
  { name: "organizationName", value: "Test, Inc." },
  { name: "commonName", value: name },
];

const [DNS_NAME, URI] = [2, 6];

function altName(value: string) {
  return { type: value.includes("://") ? URI : DNS_NAME, value };
}

function sign(
  about: {
    readonly name: string;
    readonly keys: Keys;
    readonly kind: "authority" | "end";
  } & MoreOfCertificate,
  by: { readonly name: string; readonly keys: Keys },
): string {
  const { name, keys, kind, expired, names = [name] } = about;
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.setRsaPublicKey(keys.forge.n, keys.forge.e);
  cert.serialNumber = (serial++).toString(16).padStart(4, "0");
  const shift = expired === true ? -3 * DAY_MS : 0;
  cert.validity.notBefore = new Date(Date.now() - DAY_MS + shift);
  cert.validity.notAfter = new Date(Date.now() + DAY_MS + shift);
  cert.setSubject(attributes(name));
  cert.setIssuer(attributes(by.name));
  cert.setExtensions([
    { name: "basicConstraints", cA: kind === "authority", critical: true },
    ...(kind === "end" ? [{ name: "subjectAltName", altNames: names.map(altName) }] : []),
  ]);
  cert.sign(by.keys.forge, forge.md.sha256.create());
  return new X509Certificate(
    Buffer.from(forge.asn1.toDer(forge.pki.certificateToAsn1(cert)).getBytes(), "latin1"),
  ).toString();
}

function authorityOf(name: string, keys: Keys, cert: string): Authority {
  const own = { name, keys };
  return {
    name,
    cert,
    key: keys.pem,
    issue(subject, more = {}) {
      const issued = newKeys();
      return { cert: sign({ name: subject, keys: issued, kind: "end", ...more }, own), key: issued.pem };
    },
    vouchFor(subject) {
      const issued = newKeys();
      return authorityOf(subject, issued, sign({ name: subject, keys: issued, kind: "authority" }, own));
    },
  };
}

/** A new self-signed authority. */
export function newAuthority(name: string): Authority {
  const keys = newKeys();
  return authorityOf(name, keys, sign({ name, keys, kind: "authority" }, { name, keys }));
}

export function secretYaml(name: string, data: Readonly<Record<string, string>>): string {
  const lines = Object.entries(data).map(
    ([key, text]) => `  ${key}: ${Buffer.from(text).toString("base64")}`,
  );
  return ["apiVersion: v1", "kind: Secret", `metadata: { name: ${name} }`, "data:", ...lines, ""].join("\n");
}
