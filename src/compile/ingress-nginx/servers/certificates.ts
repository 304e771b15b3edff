import type { TlsHost } from "../../../model/route.ts";
import { wildcardOf } from "../../../request/host.ts";
import { type Ask, given, longQuery } from "../../query.ts";
import { SERVER, type ServerDraft } from "../servers.ts";
import { ofHost, ofOtherName } from "./tls.ts";

/** Names and wildcards with a certificate; told once all servers are known. */
export const HAS_CERTIFICATE = given<string, boolean>("has a certificate");
export const SOME_CERTIFICATE = given<undefined, boolean>("some certificate");

interface ServerCertificates {
  readonly names: readonly string[];
  /** Those with a Secret. */
  readonly tlsHosts: readonly TlsHost[];
}

const NONE: ServerCertificates = { names: [], tlsHosts: [] };

/** A server's names with a certificate of their own. */
export const CERTIFICATES = longQuery<string, ServerCertificates>(
  "certificates of a server",
  function* (host, ask) {
    const { ingresses, aliases, www } = yield* ask.inSteps(SERVER, host);
    const owners = ingresses.map(({ ingress }) => ingress);
    const tls = host === "" ? undefined : ofHost(host, owners, ask);
    if (tls === undefined) return NONE;
    if (tls.tlsHost === undefined) return { names: [host], tlsHosts: [] };
    const [names, tlsHosts] = [[host], [tls.tlsHost]];
    // Other names use the host's certificate if it covers them (nginx.go, configureCertificates).
    for (const alias of www?.from === undefined ? aliases : [...aliases, www.from]) {
      const same = ofOtherName(alias.toLowerCase(), tls.tlsHost, owners, ask);
      if (same === undefined) continue;
      names.push(same.host);
      tlsHosts.push(same);
    }
    return { names, tlsHosts };
  },
);

/** A server with one plain name is found by no other: whether that has a certificate is known. */
export function certificateOf({ host, aliases }: ServerDraft, ask: Ask): "possible" | "none" {
  const isFoundByOthers = host === "" || host.startsWith("*.") || aliases.length > 0;
  return (isFoundByOthers ? ask.for(SOME_CERTIFICATE) : isCertified(host, ask)) ? "possible" : "none";
}

function isCertified(host: string, ask: Ask): boolean {
  if (ask.for(HAS_CERTIFICATE, host)) return true;
  const wildcard = wildcardOf(host);
  return wildcard !== undefined && ask.for(HAS_CERTIFICATE, wildcard);
}
