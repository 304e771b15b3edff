import type { SecureContext } from "node:tls";
import type { Problem } from "../src/model/problem.ts";
import type { TlsTerms } from "../src/model/settings/server.ts";

/** What answers a TLS handshake for some hosts: a Secret's certificate, one of ours, or the controller's fake. */
export interface Served {
  /** The context for a host of its, now or as soon as it is issued. Rejects only where no certificate can be had. */
  context(host: string, terms: TlsTerms | undefined): SecureContext | Promise<SecureContext>;
  /** What is to be said about it. Grows and shrinks as things happen. */
  problems(): readonly Problem[];
}
