import { type Json, jsonFields, jsonItems } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { certificatesOf } from "../listeners/certificates.ts";
import type { GatewayObjects } from "../objects.ts";
import { asSentence, condition, type StatusCondition } from "./condition.ts";

/** Conditions of a Gateway's own `tls`: the certificate for backends, and clients without a good one. */
export function tlsConditions(gateway: CustomResource, objects: GatewayObjects): readonly StatusCondition[] {
  const { backend, frontend } = jsonFields(gateway.spec.tls);
  const { clientCertificateRef: ref } = jsonFields(backend);
  const resolved = ref === undefined ? [] : [clientCertificate(gateway, ref, objects)];
  const { default: usual, perPort } = jsonFields(frontend);
  const all = [usual, ...jsonItems(perPort).map((item) => jsonFields(item).tls)];
  const isOpen = all.some((each) => jsonFields(jsonFields(each).validation).mode === "AllowInsecureFallback");
  return isOpen ? [...resolved, INSECURE] : resolved;
}

const INSECURE = condition(
  "InsecureFrontendValidationMode",
  "True",
  "ConfigurationChanged",
  "The AllowInsecureFallback mode lets clients in without a valid certificate",
);

function clientCertificate(gateway: CustomResource, ref: Json, objects: GatewayObjects): StatusCondition {
  const [fault] = certificatesOf(gateway, [ref], objects).faults;
  if (fault === undefined)
    return condition(
      "ResolvedRefs",
      "True",
      "ResolvedRefs",
      "Resolved all the Object references for the Gateway",
    );
  const reason = fault.reason === "RefNotPermitted" ? fault.reason : "InvalidClientCertificateRef";
  return condition(
    "ResolvedRefs",
    "False",
    reason,
    asSentence(fault.message.replace("certificate refs 0: ", "")),
  );
}
