import { type Json, jsonFields } from "../../../../model/json.ts";
import type { TlsTerms } from "../../../../model/tls/server-tls.ts";
import { LONGEST_CHAIN } from "../../../shared/envoy-chain.ts";
import type { Objects } from "../../objects.ts";
import { namedSecret } from "../named-secret.ts";
import type { StatusWords } from "../statuses.ts";

/** The demands of `tls.clientValidation` on clients; `refused`: the host cannot be. */
type ClientValidation =
  | {
      readonly kind: "asked";
      readonly clients: TlsTerms["clients"];
      readonly fault?: StatusWords | undefined;
    }
  | { readonly kind: "refused"; readonly fault: StatusWords };

const INVALID = "Spec.VirtualHost.TLS client validation is invalid";

export function clientValidationBy(
  written: Json | undefined,
  namespace: string,
  objects: Objects,
): ClientValidation {
  if (written === undefined) return { kind: "asked", clients: undefined };
  const fields = jsonFields(written);
  const isUnverified = fields.skipClientCertValidation === true;
  const isOptional = fields.optionalClientCertificate === true;
  const found = { ca: "", crl: "" };
  for (const [field, key, what] of SECRETS) {
    if ((fields[field] ?? "") === "") continue;
    const secret = namedSecret(fields[field], namespace);
    if (!objects.isDelegated(secret, namespace)) {
      const message = `Spec.VirtualHost.TLS ${what} Secret "${String(fields[field])}" is invalid: Certificate delegation not permitted`;
      return { kind: "refused", fault: ["TLSError", "DelegationNotPermitted", message] };
    }
    const fault = objects.authorityFault(secret, key);
    if (fault !== undefined) {
      const message = `${INVALID}: invalid ${what} Secret "${secret}": ${fault}`;
      return { kind: "refused", fault: ["TLSError", "ClientValidationInvalid", message] };
    }
    found[key === "ca.crt" ? "ca" : "crl"] = objects.authority(secret, key);
  }
  const isNameless = (fields.caSecret ?? "") === "" && !isUnverified;
  return {
    kind: "asked",
    clients: {
      ca: found.ca,
      crl: found.crl === "" ? undefined : found.crl,
      depth: LONGEST_CHAIN,
      required: isUnverified ? (isOptional ? undefined : "any") : isOptional ? "good if shown" : true,
    },
    fault: isNameless
      ? ["TLSError", "ClientValidationInvalid", `${INVALID}: CA Secret must be specified`]
      : undefined,
  };
}

const SECRETS = [
  ["caSecret", "ca.crt", "CA"],
  ["crlSecret", "crl.pem", "CRL"],
] as const;
