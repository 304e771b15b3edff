import type { DetailedPeerCertificate, PeerCertificate } from "node:tls";

/** The certificates between a peer's own and the one at the end of its chain. */
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
