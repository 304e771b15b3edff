import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";

/** Certificates of a server with its own authority, and of its client. PEM. */
export interface Certificates {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** Makes an authority, a server certificate for the loopback and a client certificate of `user`. */
export function makeCertificates(user: string, now: Date): Certificates {
  const authority = issue({ subject: "test-api-server-ca", issuer: undefined, now, usage: "ca" });
  return {
    ca: authority.cert,
    server: issue({ subject: "kube-apiserver", issuer: authority, now, usage: "server" }),
    client: issue({ subject: user, issuer: authority, now, usage: "client" }),
  };
}

interface Wanted {
  readonly subject: string;
  readonly issuer: { readonly cert: string; readonly key: string } | undefined;
  readonly now: Date;
  readonly usage: "ca" | "server" | "client";
}

const DAY_MS = 24 * 60 * 60 * 1000;

function issue({ subject, issuer, now, usage }: Wanted): { readonly cert: string; readonly key: string } {
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const cert = forge.pki.createCertificate();
  const named = [{ name: "commonName", value: subject }];
  cert.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  cert.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  cert.validity.notBefore = new Date(now.getTime() - DAY_MS);
  cert.validity.notAfter = new Date(now.getTime() + 30 * DAY_MS);
  cert.setSubject(named);
  cert.setIssuer(issuer === undefined ? named : forge.pki.certificateFromPem(issuer.cert).subject.attributes);
  cert.setExtensions([...extensions(usage)]);
  cert.sign(forge.pki.privateKeyFromPem(issuer?.key ?? keys.privateKey), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(cert), key: keys.privateKey };
}

function extensions(usage: Wanted["usage"]): readonly object[] {
  if (usage === "ca") {
    return [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ];
  }
  const basic = [
    { name: "basicConstraints", cA: false },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: usage === "server", clientAuth: usage === "client" },
  ];
  if (usage === "client") return basic;
  const altNames = [
    { type: 2, value: "localhost" },
    { type: 7, ip: "127.0.0.1" },
  ];
  return [...basic, { name: "subjectAltName", altNames }];
}
