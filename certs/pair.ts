import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { nameSet, parseAltNames } from "./names.ts";

export interface Pair {
  /** The certificates alone, the server's own first, each as written. */
  readonly certPem: string;
  /** PKCS#8, whatever form it was written in. */
  readonly keyPem: string;
  readonly leaf: X509Certificate;
  readonly commonName: string;
  readonly altNames: readonly string[];
  /** Every name that it is served for: CN and alternative names. */
  readonly names: ReadonlySet<string>;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** As `openssl x509 -fingerprint -sha256` prints it. */
  readonly fingerprint256: string;
}

/** The reason why two texts are no pair, and which of them is wrong. */
export interface Unpaired {
  readonly part: "tls.crt" | "tls.key";
  /** The end of a sentence that starts with the name of the part: `holds no PEM block`. */
  readonly why: string;
  readonly fix: string;
}

interface Block {
  readonly label: string;
  readonly text: string;
}

/**
 * The PEM blocks of a text (RFC 7468), in order. Text between them is skipped, as by Go's `pem.Decode` and OpenSSL.
 * Linear in the length of the text. Line ends become `\n`.
 */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const starts = /-----BEGIN ([A-Z0-9 ]{1,40})-----/g;
  for (let start = starts.exec(text); start !== null; start = starts.exec(text)) {
    const end = text.indexOf("-----END ", starts.lastIndex);
    if (end < 0) break;
    const close = `-----END ${start[1]}-----`;
    if (text.startsWith(close, end)) {
      const block = text.slice(start.index, end + close.length).replaceAll("\r\n", "\n");
      blocks.push({ label: start[1] ?? "", text: `${block}\n` });
    }
    starts.lastIndex = end;
  }
  return blocks;
}

/**
 * Reads a certificate and its key as ingress-nginx does (internal/net/ssl/ssl.go, CreateSSLCert, which calls Go's
 * `tls.X509KeyPair`). The first certificate is the server's; the first private key must belong to it. RSA, EC and
 * Ed25519 keys, in PKCS#1, SEC1 or PKCS#8. Never throws.
 */
export function readPair(certText: string, keyText: string): Pair | Unpaired {
  const blocks = blocksOf(certText).filter(({ label }) => label === "CERTIFICATE");
  const [first] = blocks;
  if (first === undefined) return noCertificate(certText);
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(first.text);
  } catch (error) {
    return {
      part: "tls.crt",
      why: `holds a certificate that cannot be read: ${openSslMessage(error)}`,
      fix: REMAKE,
    };
  }
  const key = readKey(keyText);
  if ("why" in key) return key;
  if (!belongs(leaf, key)) return mismatch(blocks, key);
  const commonName = /^CN=(.*)$/m.exec(leaf.subject)?.[1] ?? "";
  const altNames = parseAltNames(leaf.subjectAltName).map(({ value }) => value);
  return {
    certPem: blocks.map(({ text }) => text).join(""),
    keyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
    leaf,
    commonName,
    altNames,
    // The CN counts beside alternative names: ingress-nginx, internal/ingress/controller/certificate.go,
    // verifyHostname.
    names: nameSet([commonName, ...altNames]),
    notBefore: new Date(leaf.validFrom),
    notAfter: new Date(leaf.validTo),
    fingerprint256: leaf.fingerprint256,
  };
}

const REMAKE =
  "Make the Secret from the two files again: kubectl create secret tls NAME --cert tls.crt --key tls.key --dry-run=client -o yaml";

function noCertificate(text: string): Unpaired {
  if (text.trim() === "") return { part: "tls.crt", why: "is empty", fix: REMAKE };
  const [block] = blocksOf(text);
  if (block === undefined) return { part: "tls.crt", why: "holds no PEM block", fix: REMAKE };
  return {
    part: "tls.crt",
    why: `holds no certificate, but a block named ${block.label}`,
    fix: block.label.endsWith("PRIVATE KEY")
      ? "The certificate goes into tls.crt and the key into tls.key: are they exchanged?"
      : REMAKE,
  };
}

function readKey(text: string): KeyObject | Unpaired {
  // `openssl ecparam -genkey` writes EC keys after a block EC PARAMETERS, which is skipped.
  const blocks = blocksOf(text);
  const block = blocks.find(({ label }) => label === "PRIVATE KEY" || label.endsWith(" PRIVATE KEY"));
  if (block === undefined) {
    const why =
      text.trim() === ""
        ? "is empty"
        : `holds no private key${blocks[0] ? `, but a block named ${blocks[0].label}` : " in PEM form"}`;
    return { part: "tls.key", why, fix: REMAKE };
  }
  if (block.label === "ENCRYPTED PRIVATE KEY" || block.text.includes("Proc-Type: 4,ENCRYPTED")) {
    return {
      part: "tls.key",
      why: "is encrypted with a pass phrase, which no ingress controller can ask for",
      fix: "Take the pass phrase off: openssl pkey -in tls.key -out plain.key, and put plain.key into the Secret.",
    };
  }
  try {
    return createPrivateKey(block.text);
  } catch (error) {
    return { part: "tls.key", why: `holds a key that cannot be read: ${openSslMessage(error)}`, fix: REMAKE };
  }
}

/** A chain in wrong order looks like a wrong key. The other certificates tell which of the two it is. */
function mismatch(blocks: readonly Block[], key: KeyObject): Unpaired {
  // A chain has a handful of certificates. A huge tls.crt must not hold the event loop.
  const rightful = blocks.slice(1, 20).findIndex(({ text }) => {
    try {
      return belongs(new X509Certificate(text), key);
    } catch {
      return false;
    }
  });
  if (rightful < 0) {
    return {
      part: "tls.key",
      why: "is not the key of the certificate in tls.crt",
      fix: "Take the two files that were made together; openssl x509 -noout -pubkey and openssl pkey -pubout print the same for a pair.",
    };
  }
  return {
    part: "tls.crt",
    why: `starts with another certificate than the server's own, which comes as number ${rightful + 2}`,
    fix: "Put the server's own certificate first, then the one that signed it, and so on (RFC 8446, section 4.4.2).",
  };
}

function belongs(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    // OpenSSL throws on some versions for keys of different kinds (RSA and EC).
    return false;
  }
}

/** OpenSSL's words without its numbers: `error:0480006C:PEM routines::no start line` → `no start line`. */
export function openSslMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^error:[0-9A-F]+:.*:([^:]+)$/.exec(text)?.[1] ?? text;
}
