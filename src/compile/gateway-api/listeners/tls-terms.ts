import { type JsonObject, jsonFields, jsonString } from "../../../model/json.ts";
import type { TlsTerms } from "../../../model/tls/server-tls.ts";
import type { GatewayListener } from "../listeners.ts";

const VERSIONS: readonly string[] = ["1.0", "1.1", "1.2", "1.3"];

/** The TLS of an HTTPS listener. `policy`: the ClientTrafficPolicy in force. `undefined`: the usual one */
export function termsOf({ clients }: GatewayListener, policy: JsonObject): TlsTerms | undefined {
  const { minVersion, maxVersion } = jsonFields(policy.tls);
  const from = placeOf(minVersion);
  const to = placeOf(maxVersion);
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
export const LONGEST_CHAIN = 100;

/** -1: none of them */
function placeOf(version: JsonObject[string]): number {
  return VERSIONS.indexOf(jsonString(version) ?? "");
}

function nginxName(version: string): string {
  return version === "1.0" ? "TLSv1" : `TLSv${version}`;
}
