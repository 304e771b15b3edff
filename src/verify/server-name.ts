import { isIP } from "node:net";

/** A name that a TLS client may send (RFC 6066 section 3): no address, no final dot. */
const NAME = /^[a-z0-9_](?:[-a-z0-9_.]{0,251}[a-z0-9_])?$/;

/** The SNI for a `Host` header; `undefined` for one that no client sends as SNI. */
export function serverNameOf(host: string): string | undefined {
  const name = host.replace(/:\d*$/, "").toLowerCase().replace(/\.$/, "");
  return NAME.test(name) && !name.includes("..") && isIP(name) === 0 ? name : undefined;
}
