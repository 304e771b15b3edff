import type { ClientAuth } from "../../../model/tls/server-tls.ts";
import type { IngressSource } from "../sources.ts";
import type { Explains } from "../target.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { CLIENT_CERTIFICATES } from "./groups.ts";
import { isAtHostOf } from "./lost.ts";

/** The demands of a host on its clients. */
export interface AskedCertificate {
  /** The first Ingress of the host that asks: the others get the same. */
  readonly by: IngressSource;
  /** The Secret with the authority, in the namespace of that Ingress. */
  readonly secret: string;
  readonly verify: Exclude<ClientAuth["verify"], "off">;
  readonly isPassed: boolean;
}

/** The demands of a host, or the reason why a target cannot say them: a clause. */
export type HostCertificate = AskedCertificate | { readonly why: string };

export type HostCertificates = ReadonlyMap<string, HostCertificate>;

/** `isSecure`: the host has a certificate of its own. `unsaid`: what the target has nothing for */
export function certificatesAsked(
  sources: readonly IngressSource[],
  isSecure: (host: string) => boolean,
  unsaid: readonly ClientAuth["verify"][] = [],
): HostCertificates {
  const found = new Map<string, HostCertificate>();
  for (const source of sources) {
    const { clientAuth, forbidden } = source.nginx?.settings.server ?? {};
    for (const { host } of source.ingress.spec.rules) {
      if (forbidden !== undefined) found.set(host, { why: forbidden.text });
      else if (clientAuth?.asked === true && !found.has(host)) {
        const asked = askedBy(source, clientAuth, isSecure(host), unsaid);
        if (asked !== undefined) found.set(host, asked);
      }
    }
  }
  return found;
}

function askedBy(
  by: IngressSource,
  { verify, matchCn, passCertificate }: ClientAuth,
  isSecure: boolean,
  unsaid: readonly ClientAuth["verify"][],
): HostCertificate | undefined {
  if (matchCn !== undefined) return { why: "a certificate is not judged by its subject" };
  if (verify === "off") return undefined;
  if (unsaid.includes(verify)) return { why: `nothing asks for certificates as ${verify} does` };
  if (!isSecure) return { why: "clients show certificates by https alone, and the host has none of its own" };
  const secret = (by.nginx?.annotations.text("auth-tls-secret") ?? "").split("/").at(-1) ?? "";
  return { by, secret, verify, isPassed: passCertificate };
}

interface CertificateWays {
  /** The header that takes the place of ssl-client-cert. */
  readonly passedAs: string;
  /** Nobody is let in any more. `names`: annotations that say so */
  readonly close: (names: readonly string[], why: string) => void;
}

/** Says of an Ingress what becomes of the certificates that its hosts ask for, and closes where nothing does. */
export function sayCertificates(
  parts: AnnotationParts,
  asked: HostCertificates,
  { passedAs, close }: CertificateWays,
): void {
  const isAsking = parts.has("auth-tls-secret");
  const unsaid = unsaidOf(parts, asked);
  if (unsaid !== undefined) {
    const { host, why } = unsaid;
    if (isAsking) close(CLIENT_CERTIFICATES, why);
    else close([], `another Ingress asks for certificates of clients at ${host}, and ${why}`);
  } else if (isAsking) sayOfHandshake(parts, passedAs);
}

function sayOfHandshake(parts: AnnotationParts, passedAs: string): void {
  parts.done(...CLIENT_CERTIFICATES);
  if (parts.nginx.settings.server.clientAuth?.verify === "off") return;
  const explains: Explains = (difference) => {
    if (!isAtHostOf(parts.ingress, difference)) return undefined;
    const [reason] = difference.first.why;
    const isDecided = reason?.code === "client-certificate" || reason?.code === "auth-tls-error-page";
    return isDecided ? { aspects: "answer" } : { aspects: ["guards"], requestHeaders: TOLD };
  };
  parts.say(
    "auth-tls-secret",
    "certificates are asked for in the handshake: without a good one there is no connection, where nginx answers 400, and the backend is not told who asks; that is not compared here",
    explains,
  );
  parts.say("auth-tls-error-page", "there is no connection, and so no page", explains);
  parts.say("auth-tls-verify-depth", "chains of certificates may have any length", explains);
  const name = "auth-tls-pass-certificate-to-upstream";
  parts.say(name, `the certificate comes in ${passedAs} in place of ssl-client-cert`, (difference) =>
    isAtHostOf(parts.ingress, difference) ? { requestHeaders: [...TOLD, passedAs.toLowerCase()] } : undefined,
  );
}

/** Headers in which nginx tells the backend. */
export const TOLD = ["ssl-client-verify", "ssl-client-subject-dn", "ssl-client-issuer-dn", "ssl-client-cert"];

/** A host of an Ingress that cannot be asked as it was. default: none */
function unsaidOf(
  { ingress }: AnnotationParts,
  asked: HostCertificates,
): { readonly host: string; readonly why: string } | undefined {
  for (const { host } of ingress.spec.rules) {
    const found = asked.get(host);
    if (found !== undefined && "why" in found) return { host, why: found.why };
  }
  return undefined;
}

/** The demands on clients that an Ingress makes for its hosts, by host. */
export function certificatesAskedBy(
  { ingress }: AnnotationParts,
  asked: HostCertificates,
): ReadonlyMap<string, AskedCertificate> {
  const found = new Map<string, AskedCertificate>();
  for (const [host, each] of asked) if ("by" in each && each.by.ingress === ingress) found.set(host, each);
  return found;
}
