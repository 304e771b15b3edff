import { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import type { ClientCertificate, ClientTls } from "../../model/tls.ts";
import { intermediates } from "../connect/certificate-chain.ts";

/** nginx's `ngx_ssl_verify_error_optional`: the issuer is unknown. */
const UNKNOWN_ISSUER: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/**
 * The client of a finished handshake. `depth`: limit of certificates between its own and the authority's, if
 * one was requested.
 */
export function clientTls(
  socket: TLSSocket,
  servername: string | undefined,
  depth: number | undefined,
): ClientTls {
  const version = socket.getProtocol() ?? undefined;
  const chain = depth === undefined ? undefined : socket.getPeerCertificate(true);
  // Node gives an empty object for none.
  if (depth === undefined || chain?.raw === undefined)
    return { servername, version, verify: "NONE", unknownIssuer: false };
  const fault = verifyFault(socket, chain, depth);
  return {
    ...{ servername, version },
    verify: fault === undefined ? "SUCCESS" : `FAILED:${fault.reason}`,
    unknownIssuer: fault !== undefined && UNKNOWN_ISSUER.has(fault.code),
    certificate: certificateOf(new X509Certificate(chain.raw)),
  };
}

interface VerifyFault {
  readonly code: string;
  /** In OpenSSL's words. */
  readonly reason: string;
}

function verifyFault(
  socket: TLSSocket,
  chain: DetailedPeerCertificate,
  depth: number,
): VerifyFault | undefined {
  // Node's `authorizationError` exists only on sockets of a tls.Server; this is its source.
  const handle: unknown = Reflect.get(socket, "_handle");
  if (!isVerifier(handle)) return { code: "", reason: "the certificate could not be verified" };
  const error = handle.verifyError();
  if (error === null || error === undefined)
    return intermediates(chain) > depth
      ? { code: "CERT_CHAIN_TOO_LONG", reason: "certificate chain too long" }
      : undefined;
  const [reason = ""] = error.message.split(";");
  return { code: "code" in error ? String(error.code) : "", reason };
}

function isVerifier(handle: unknown): handle is { verifyError(): Error | null | undefined } {
  return typeof handle === "object" && handle !== null && "verifyError" in handle;
}

function certificateOf(certificate: X509Certificate): ClientCertificate {
  const { subject, issuer } = certificate;
  return { subject: rfc2253(subject), issuer: rfc2253(issuer), pem: certificate.toString() };
}

/**
 * A name as OpenSSL writes it for nginx (XN_FLAG_RFC2253). Node has one line per part, first to last, with
 * the same escapes except for non-ASCII characters.
 */
export function rfc2253(name: string): string {
  const parts = name.split("\n").filter((line) => line !== "");
  return parts
    .reverse()
    .map((part) => part.replace(/ \+ (?=[A-Za-z0-9.]+=)/g, "+").replace(/[^\x00-\x7f]+/g, escapedBytes))
    .join(",");
}

function escapedBytes(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}
