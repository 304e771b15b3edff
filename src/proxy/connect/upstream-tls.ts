import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import {
  type ConnectionOptions,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
} from "node:tls";
import type { NamedIdentity, UpstreamTls } from "../../model/route/transport.ts";
import type { Upstream } from "../../model/upstream.ts";
import { oncePer } from "../../once-per.ts";
import { onlyVersions } from "../../tls-versions.ts";
import { intermediates } from "./certificate-chain.ts";

/** Each stands for one set of connections. */
const withTlsOf = oncePer((tls: UpstreamTls) =>
  oncePer((upstream: Upstream): Upstream => ({ ...upstream, tls })),
);

/** An upstream with an Ingress's TLS settings; unchanged if it does not speak TLS. */
export function withTls(upstream: Upstream, tls: UpstreamTls | undefined): Upstream {
  if (tls === undefined || (upstream.protocol !== "https" && upstream.protocol !== "grpcs")) return upstream;
  return withTlsOf(tls)(upstream);
}

/** By upstream: a string that is made anew is hashed and compared anew at each look-up, which takes 2 % of a request. */
export const connectionKey = oncePer(({ protocol, name, tls }: Upstream): string =>
  tls === undefined ? `${protocol}:${name}` : `${protocol}:${name} ${tls.key}`,
);

/**
 * TLS options for an upstream. As in ingress-nginx (`proxy_ssl_verify off`), certificates are verified only
 * with `proxy-ssl-verify`: local programs use self-signed ones. @throws Error of OpenSSL for a bad Secret
 */
export function tlsOptions({ connection, tls }: Upstream): ConnectionOptions {
  if (tls === undefined) {
    const name = connection.kind === "tcp" ? connection.host : "";
    return { rejectUnauthorized: false, ...(name !== "" && isIP(name) === 0 ? { servername: name } : {}) };
  }
  return {
    secureContext: contextOf(tls),
    rejectUnauthorized: tls.verify,
    checkServerIdentity: (_, peer) => identityFault(tls, peer),
    ...(tls.sendName && isIP(tls.name) === 0 ? { servername: tls.name } : { servername: "" }),
  };
}

const contextOf = oncePer(
  (tls: UpstreamTls): SecureContext =>
    createSecureContext({
      ...(tls.pair === undefined ? {} : tls.pair),
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
      ...(tls.protocols.length === 0 ? {} : onlyVersions(tls.protocols)),
    }),
);

/** nginx's own two checks (ngx_http_upstream_ssl_handshake) of an otherwise valid chain. */
function identityFault(
  { name, verifyDepth, identities }: UpstreamTls,
  peer: PeerCertificate,
): Error | undefined {
  if (intermediates(peer) > verifyDepth)
    return new Error(`the upstream's certificate chain is longer than proxy-ssl-verify-depth ${verifyDepth}`);
  const certificate = new X509Certificate(peer.raw);
  if (identities !== undefined) {
    if (identities.some((identity) => isFor(certificate, identity))) return undefined;
    const wanted = identities.map((identity) => identity.name).join(", ");
    return new Error(`the upstream's certificate is for ${namesIn(certificate)}, not for ${wanted}`);
  }
  const found = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  if (found !== undefined) return undefined;
  return new Error(`the upstream's certificate is for ${namesIn(certificate)}, not for ${name}`);
}

function namesIn({ subjectAltName, subject }: X509Certificate): string {
  return subjectAltName ?? subject;
}

function isFor(certificate: X509Certificate, { kind, name }: NamedIdentity): boolean {
  if (kind === "host") return certificate.checkHost(name) !== undefined;
  return (certificate.subjectAltName ?? "").split(", ").includes(`URI:${name}`);
}
