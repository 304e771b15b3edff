import { type JsonObject, jsonFields, jsonString, jsonStrings } from "../../../../model/json.ts";
import type { NamedIdentity, UpstreamTls } from "../../../../model/route/transport.ts";
import { LONGEST_CHAIN } from "../../../shared/envoy-chain.ts";
import type { Objects, Spoken } from "../../objects.ts";
import { writtenPolicy } from "../header-policy.ts";
import { namedSecret } from "../named-secret.ts";

/**
 * TLS to a Service's pods: the name of the Host that is sent in place of the client's, or an ExternalName (determineSNI), and
 * the authority of `validation`. `undefined`: no name is sent and nothing is verified
 */
export function upstreamTlsOf(
  { requestHeadersPolicy, validation }: JsonObject,
  spoken: Spoken,
  route: JsonObject,
  { namespace, externalName }: { readonly namespace: string; readonly externalName: string },
  objects: Objects,
): UpstreamTls | undefined {
  if (spoken !== "tls" && spoken !== "h2") return undefined;
  const name = hostIn(requestHeadersPolicy) ?? hostIn(route.requestHeadersPolicy) ?? externalName;
  if (name === "" && validation === undefined) return undefined;
  const { caSecret, subjectName, subjectNames } = jsonFields(validation);
  const isVerified = validation !== undefined;
  const ca = isVerified ? objects.authority(namedSecret(caSecret, namespace)) : undefined;
  const written = jsonString(subjectName) ?? "";
  const subjects = [...new Set([...(written === "" ? [] : [written]), ...jsonStrings(subjectNames)])];
  const identities = subjects.map((each): NamedIdentity => ({ kind: "host", name: each }));
  return {
    ...{ name, ca, sendName: name !== "", verify: isVerified },
    ...{ verifyDepth: LONGEST_CHAIN, protocols: [] },
    identities: identities.length === 0 ? undefined : identities,
    key: JSON.stringify([name, ca, subjects]),
  };
}

/** A Host that depends on the request names nothing. */
function hostIn(policy: JsonObject[string]): string | undefined {
  const host = writtenPolicy(policy).set.find(({ name }) => name.toLowerCase() === "host")?.value;
  return host === undefined || host.includes("%") ? undefined : host;
}
