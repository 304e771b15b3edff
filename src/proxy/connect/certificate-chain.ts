import type { DetailedPeerCertificate, PeerCertificate } from "node:tls";

/** Certificates between a peer's own and its chain's end. */
export function intermediates(peer: PeerCertificate | DetailedPeerCertificate): number {
  let count = -1;
  for (
    let at = peer;
    "issuerCertificate" in at && at.issuerCertificate !== undefined;
    at = at.issuerCertificate
  ) {
    if (at.issuerCertificate.fingerprint256 === at.fingerprint256) break;
    count++;
  }
  return Math.max(0, count);
}
