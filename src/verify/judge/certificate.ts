import type { ShownCertificate } from "../live-answer.ts";

/** The certificate that a controller has for a host, by the manifests. */
export type ExpectedCertificate =
  | {
      readonly kind: "secret";
      /** `NAMESPACE/NAME` */
      readonly secret: string;
      /** SHA-256. default: the manifests do not hold the Secret */
      readonly fingerprint?: string | undefined;
    }
  | { readonly kind: "fake" }
  /** The controller does not say which it has. */
  | { readonly kind: "any" };

const FAKE = "Kubernetes Ingress Controller Fake Certificate";

/** ingress-nginx makes it at its start (internal/net/ssl/ssl.go, getFakeHostSSLCert). */
function isFake(shown: ShownCertificate): boolean {
  return !("unreadable" in shown) && shown.subject === FAKE;
}

export function expectedInWords(expected: ExpectedCertificate): string {
  if (expected.kind === "any") return "any";
  if (expected.kind === "fake") return "the controller's fake certificate";
  const { secret, fingerprint } = expected;
  return fingerprint === undefined ? `Secret ${secret}` : `Secret ${secret} (${short(fingerprint)})`;
}

const MOST_NAMES = 4;

export function shownInWords(shown: ShownCertificate | undefined): string {
  if (shown === undefined) return "none";
  if ("unreadable" in shown) return "one that cannot be read";
  if (isFake(shown)) return "the controller's fake certificate";
  const { names, subject, fingerprint } = shown;
  const all = names.length === 0 ? [subject] : names;
  const more = all.length > MOST_NAMES ? ` and ${all.length - MOST_NAMES} more` : "";
  return `one for ${all.slice(0, MOST_NAMES).join(", ")}${more} (${short(fingerprint)})`;
}

function short(fingerprint: string): string {
  return `SHA-256 ${fingerprint.slice(0, 11)}…`;
}

/** True if the shown certificate can be the expected one. */
export function isExpected(expected: ExpectedCertificate, shown: ShownCertificate | undefined): boolean {
  if (expected.kind === "any") return true;
  if (shown === undefined || "unreadable" in shown) return false;
  if (expected.kind === "fake") return isFake(shown);
  if (expected.fingerprint !== undefined) return shown.fingerprint === expected.fingerprint;
  // A controller serves a Secret only for names that its certificate covers.
  return !isFake(shown) && shown.covers;
}

/** True if two controllers show the same: each has a fake certificate of its own, and may renew the others. */
export function showSame(a: ShownCertificate | undefined, b: ShownCertificate | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if ("unreadable" in a || "unreadable" in b) return "unreadable" in a && "unreadable" in b;
  if (isFake(a) || isFake(b)) return isFake(a) && isFake(b);
  return a.fingerprint === b.fingerprint || (a.issuer === b.issuer && sortedNames(a) === sortedNames(b));
}

function sortedNames({
  names,
  subject,
}: {
  readonly names: readonly string[];
  readonly subject: string;
}): string {
  return [subject, ...[...names].sort()].join("\n");
}
