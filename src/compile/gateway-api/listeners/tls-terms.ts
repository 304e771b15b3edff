import { type JsonObject, jsonFields, jsonString } from "../../../model/json.ts";
import type { TlsTerms } from "../../../model/tls/server-tls.ts";
import type { GatewayListener } from "../listeners.ts";

const VERSIONS = ["1.0", "1.1", "1.2", "1.3"] as const;

/** The TLS of an HTTPS listener. `policy`: the ClientTrafficPolicy in force. `undefined`: the usual one */
export function termsOf({ clients }: GatewayListener, policy: JsonObject): TlsTerms | undefined {
  const { minVersion, maxVersion } = jsonFields(policy.tls);
  const from = VERSIONS.findIndex((each) => each === jsonString(minVersion));
  const to = VERSIONS.findIndex((each) => each === jsonString(maxVersion));
  const isUsual = from < 0 && to < 0;
  if (isUsual && clients === undefined) return undefined;
  const versions = VERSIONS.slice(from < 0 ? VERSIONS.indexOf("1.2") : from, to < 0 ? undefined : to + 1);
  return {
    protocols: isUsual ? undefined : versions.map(nginxName),
    clients: clients && {
      ca: clients.pem,
      depth: LONGEST_CHAIN,
      required: clients.accepts === "valid" ? true : undefined,
    },
  };
}

/** BoringSSL's. */
const LONGEST_CHAIN = 100;

function nginxName(version: (typeof VERSIONS)[number]): string {
  return version === "1.0" ? "TLSv1" : `TLSv${version}`;
}
