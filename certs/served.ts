import type { SecureContext } from "node:tls";
import type { Problem } from "../src/model/problem.ts";
import type { TlsTerms } from "../src/model/tls/server-tls.ts";

/** The certificate of a TLS handshake for some hosts: a Secret's, one of ours, or the controller's fake one. */
export interface Served {
  /** The context for one of its hosts, now or as soon as it is issued. Rejects only when no certificate can be had. */
  context(host: string, terms: TlsTerms | undefined): SecureContext | Promise<SecureContext>;
  /** The problems of now; they come and go. */
  problems(): readonly Problem[];
}
