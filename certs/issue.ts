import { randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";
import type forge from "node-forge";
import type { RsaKeyPair } from "./keys.ts";
import { type AltName, altNamesOf } from "./names.ts";

/** `openssl req -x509 -days 365` */
const LIFETIME_DAYS = 365;

/** RFC 5280, appendix A.1, ub-common-name. `openssl req` refuses a longer one: "string too long". */
const LONGEST_COMMON_NAME = 64;

/**
 * The extensions of a certificate.
 *
 * `openssl-req`: those of `openssl req -x509` with the stock openssl.cnf (`[v3_ca]`). `controller-fake`: those of
 * ingress-nginx (internal/net/ssl/ssl.go, getFakeHostSSLCert).
 */
export type Profile = "openssl-req" | "controller-fake";

export interface CertificateRequest {
  /** Names and addresses for subjectAltName (`altNameOf`). Empty: no such extension. */
  readonly hosts: readonly string[];
  /** Cut to the 64 characters that RFC 5280 allows. */
  readonly commonName: string;
  readonly organization?: string | undefined;
  /** default: `openssl-req` */
  readonly profile?: Profile | undefined;
  readonly now: Date;
  readonly keyPair: RsaKeyPair;
  readonly random?: ((bytes: number) => Uint8Array) | undefined;
}

/** PEM blocks with `\n` line ends. */
export interface IssuedPair {
  readonly certPem: string;
  readonly keyPem: string;
}

const signNatively = promisify(sign);

/** Missing from the types of node-forge. */
interface TbsBuilder {
  getTBSCertificate(certificate: forge.pki.Certificate): forge.asn1.Asn1;
}

/**
 * Makes a self-signed certificate (X.509 v3, RSA, SHA-256), valid for 365 days, with a random serial number.
 *
 * node-forge builds it and is loaded at the first call (20 to 60 ms, once). OpenSSL signs it on another thread:
 * node-forge's own RSA holds the event loop for 40 to 70 ms.
 */
export async function issueCertificate(request: CertificateRequest): Promise<IssuedPair> {
  const { default: library } = await import("node-forge");
  const { asn1, pki } = library;
  const certificate = unsigned(library, request);
  const algorithm = pki.oids.sha256WithRSAEncryption ?? "1.2.840.113549.1.1.11";
  certificate.signatureOid = algorithm;
  certificate.siginfo.algorithmOid = algorithm;
  const builder = pki as unknown as TbsBuilder;
  certificate.tbsCertificate = builder.getTBSCertificate(certificate);
  const toBeSigned = Buffer.from(asn1.toDer(certificate.tbsCertificate).getBytes(), "latin1");
  const signature = await signNatively("sha256", toBeSigned, request.keyPair.privateKey);
  certificate.signature = signature.toString("latin1");
  const der = Buffer.from(asn1.toDer(pki.certificateToAsn1(certificate)).getBytes(), "latin1");
  return { certPem: pemOf(der), keyPem: request.keyPair.privateKeyPem };
}

/** The first host that fits, as people type it in `openssl req -subj "/CN=…"`; else `otherwise`, cut. */
export function commonNameFor(hosts: readonly string[], otherwise: string): string {
  return hosts.find((host) => host.length <= LONGEST_COMMON_NAME) ?? cut(otherwise);
}

function cut(name: string): string {
  return [...name].slice(0, LONGEST_COMMON_NAME).join("");
}

function unsigned(library: typeof forge, request: CertificateRequest): forge.pki.Certificate {
  const { pki } = library;
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(request.keyPair.publicKeyPem);
  certificate.serialNumber = serialNumber(request.random ?? randomBytes);
  // X.509 times are whole seconds: rounded down, so that the certificate is valid at `now`.
  const from = Math.floor(request.now.getTime() / 1000) * 1000;
  certificate.validity.notBefore = new Date(from);
  certificate.validity.notAfter = new Date(from + LIFETIME_DAYS * 86_400_000);
  // The types confuse tag and class. OpenSSL writes UTF8String (RFC 5280, section 4.1.2.4), so do we.
  const valueTagClass = library.asn1.Type.UTF8 as unknown as forge.asn1.Class;
  const subject = [
    ...(request.organization === undefined
      ? []
      : [{ name: "organizationName", value: cut(request.organization), valueTagClass }]),
    { name: "commonName", value: cut(request.commonName), valueTagClass },
  ];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions(extensions(request.profile ?? "openssl-req", altNamesOf(request.hosts)));
  return certificate;
}

function extensions(profile: Profile, names: readonly AltName[]): object[] {
  const altNames = names.map(({ kind, value }) =>
    kind === "ip" ? { type: 7, ip: value } : { type: 2, value },
  );
  const subjectAltName = altNames.length === 0 ? [] : [{ name: "subjectAltName", altNames }];
  if (profile === "controller-fake") {
    return [
      { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "basicConstraints", critical: true, cA: false },
      ...subjectAltName,
    ];
  }
  return [
    { name: "subjectKeyIdentifier" },
    { name: "authorityKeyIdentifier", keyIdentifier: true },
    { name: "basicConstraints", critical: true, cA: true },
    ...subjectAltName,
  ];
}

/**
 * 128 random bits, with 01 as the highest two. So the number is positive, and its DER form is the shortest (X.690,
 * section 8.3.2): node-forge takes it as it comes.
 */
function serialNumber(random: (bytes: number) => Uint8Array): string {
  const bytes = Buffer.from(random(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

/** RFC 7468. Base64 by Node: node-forge's needs 8 ms for a certificate with 2,000 names. */
function pemOf(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
