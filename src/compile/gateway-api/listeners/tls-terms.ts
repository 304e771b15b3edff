import { type JsonObject, jsonFields, jsonItems, jsonString, jsonStrings } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { TlsTerms } from "../../../model/tls/server-tls.ts";
import { oncePer } from "../../../once-per.ts";
import { LONGEST_CHAIN } from "../../shared/envoy-chain.ts";
import type { GatewayListener } from "../listeners.ts";

const VERSIONS: readonly string[] = ["1.0", "1.1", "1.2", "1.3"];

/**
 * The TLS of a listener. `policy`: the ClientTrafficPolicy in force. `isShared`: another HTTPS listener of the port has a
 * certificate for the same name, so that HTTP/2 is not offered unless the policy does. `undefined`: the usual one
 */
export function termsOf(
  listener: GatewayListener,
  policy: JsonObject,
  isShared: boolean,
): TlsTerms | undefined {
  const { clients, tls, owner } = listener;
  const { minVersion, maxVersion, ciphers, ecdhCurves, alpnProtocols } = jsonFields(policy.tls);
  const from = placeOf(minVersion);
  const to = placeOf(maxVersion);
  const isUsual = from < 0 && to < 0;
  const versions = VERSIONS.slice(from < 0 ? VERSIONS.indexOf("1.2") : from, to < 0 ? undefined : to + 1);
  const certificate = typeof tls === "string" ? undefined : tls.usable[0]?.secret;
  const named = alpnProtocols === undefined ? undefined : jsonStrings(alpnProtocols);
  const terms: TlsTerms = {
    protocols: isUsual ? undefined : versions.map(nginxName),
    ciphers: listed(ciphers),
    curves: listed(ecdhCurves),
    certificate,
    http2: (named === undefined ? isShared : !named.includes("h2")) ? "off" : undefined,
    clients: clients && {
      ca: clients.pem,
      depth: LONGEST_CHAIN,
      required: clients.accepts === "valid" ? true : undefined,
    },
  };
  const key = JSON.stringify(terms);
  if (key === "{}") return undefined;
  const known = termsBy(owner);
  const same = known.get(key) ?? terms;
  known.set(key, same);
  return same;
}

/** Contexts are cached by the terms: they stay the same over saves of other objects. */
const termsBy = oncePer((_owner: CustomResource) => new Map<string, TlsTerms>());

/** As OpenSSL writes a list. */
function listed(list: JsonObject[string]): string | undefined {
  const names = jsonItems(list).flatMap((each) => jsonString(each) ?? []);
  return names.length === 0 ? undefined : names.join(":");
}

/** -1: none of them */
function placeOf(version: JsonObject[string]): number {
  return VERSIONS.indexOf(jsonString(version) ?? "");
}

function nginxName(version: string): string {
  return version === "1.0" ? "TLSv1" : `TLSv${version}`;
}
