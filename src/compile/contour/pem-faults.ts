import { createPrivateKey, X509Certificate } from "node:crypto";

/** A block of PEM: its type, and its text with both of its lines. */
interface PemBlock {
  readonly type: string;
  readonly text: string;
}

const BEGIN = /-----BEGIN [^\n]*?-----/;
const BLOCK = /-----BEGIN ([^\n]*?)-----[\s\S]*?-----END \1-----/;

/** Blocks up to the first that does not end. */
function blocksOf(data: Buffer): { readonly blocks: readonly PemBlock[]; readonly isCut: boolean } {
  let rest = data.toString("latin1");
  const blocks: PemBlock[] = [];
  for (let found = BLOCK.exec(rest); found !== null; found = BLOCK.exec(rest)) {
    const [text, type = ""] = found;
    blocks.push({ type, text });
    rest = rest.slice(found.index + text.length);
  }
  return { blocks, isCut: BEGIN.test(rest) };
}

/** Contour's words for a bundle that no host can show (internal/dag/secret.go, validateServingBundle). */
export function certificatesFault(data: Buffer): string | undefined {
  const { blocks, isCut } = blocksOf(data);
  for (const [at, { type, text }] of blocks.entries()) {
    if (type !== "CERTIFICATE") return `unexpected block type '${type}'`;
    const certificate = certificateIn(text);
    if (certificate === undefined) return "x509: malformed certificate";
    const { subject, subjectAltName } = certificate;
    const isNamed = /^CN=\s*\S/m.test(subject ?? "") || /\b(?:DNS|IP Address):/.test(subjectAltName ?? "");
    if (at === 0 && !isNamed) return "certificate has no common name or subject alt name";
  }
  if (isCut) return "failed to parse PEM block";
  return blocks.length === 0 ? "failed to locate certificate" : undefined;
}

function certificateIn(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

const KEYS: ReadonlySet<string> = new Set(["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"]);

/** Contour's words for a key that is none (validatePrivateKey); those for one that does not parse are Go's, which vary. */
export function privateKeyFault(data: Buffer): string | undefined {
  const { blocks, isCut } = blocksOf(data);
  for (const { type, text } of blocks) {
    if (type === "EC PARAMETERS") continue;
    if (!KEYS.has(type)) return `unexpected block type '${type}'`;
    if (!isKey(text)) return "asn1: structure error";
  }
  if (isCut) return "failed to parse PEM block";
  const many = blocks.filter(({ type }) => KEYS.has(type)).length;
  if (many === 0) return "failed to locate private key";
  return many === 1 ? undefined : "multiple private keys";
}

function isKey(text: string): boolean {
  try {
    createPrivateKey(text);
    return true;
  } catch {
    return false;
  }
}
