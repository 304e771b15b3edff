import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import {
  type ConnectionOptions,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
} from "node:tls";
import type { UpstreamTls } from "../../model/transport.ts";
import type { Upstream } from "../../model/upstream.ts";
import { onlyVersions } from "../../tls-versions.ts";
import { intermediates } from "./certificate-chain.ts";

/** Where `proxy-ssl-*` has put an upstream, so that one object stands for one set of connections. */
const secured = new WeakMap<UpstreamTls, WeakMap<Upstream, Upstream>>();

/** An upstream with what an Ingress says about TLS to it; itself where no TLS is spoken to it. */
export function withTls(upstream: Upstream, tls: UpstreamTls | undefined): Upstream {
  if (tls === undefined || (upstream.protocol !== "https" && upstream.protocol !== "grpcs")) return upstream;
  const known = secured.get(tls) ?? new WeakMap<Upstream, Upstream>();
  secured.set(tls, known);
  const found = known.get(upstream) ?? { ...upstream, tls };
  known.set(upstream, found);
  return found;
}

/** What connections to upstreams are kept by. */
export function connectionKey({ protocol, name, tls }: Upstream): string {
  return tls === undefined ? `${protocol}:${name}` : `${protocol}:${name} ${tls.key}`;
}

/**
 * How TLS is spoken to an upstream. Certificates are not verified unless `proxy-ssl-verify` asks for it, as ingress-nginx
 * does not (`proxy_ssl_verify off`): what runs on a laptop signs its own. May throw: OpenSSL's word on a Secret.
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

const contexts = new WeakMap<UpstreamTls, SecureContext>();

function contextOf(tls: UpstreamTls): SecureContext {
  const found = contexts.get(tls);
  if (found !== undefined) return found;
  const made = createSecureContext({
    ...(tls.pair === undefined ? {} : tls.pair),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
    ...(tls.protocols.length === 0 ? {} : onlyVersions(tls.protocols)),
  });
  contexts.set(tls, made);
  return made;
}

/** nginx's own two questions (ngx_http_upstream_ssl_handshake), for a chain that is otherwise good. */
function identityFault({ name, verifyDepth }: UpstreamTls, peer: PeerCertificate): Error | undefined {
  if (intermediates(peer) > verifyDepth)
    return new Error(`the upstream's certificate chain is longer than proxy-ssl-verify-depth ${verifyDepth}`);
  const certificate = new X509Certificate(peer.raw);
  const found = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  if (found !== undefined) return undefined;
  const names = certificate.subjectAltName ?? certificate.subject;
  return new Error(`the upstream's certificate is for ${names}, not for ${name} (proxy-ssl-name)`);
}
