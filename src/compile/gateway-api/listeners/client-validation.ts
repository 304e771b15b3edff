import { jsonFields, jsonItems } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { GatewayObjects } from "../objects.ts";
import { type Authorities, authoritiesOf } from "./authorities.ts";

/** Certificates of clients, as `tls.frontend` of a Gateway asks for them. */
export interface ClientValidation extends Authorities {
  /** "any": a client without a good certificate is served as well (`AllowInsecureFallback`). */
  readonly accepts: "valid" | "any";
}

/** `tls.clientValidation` of a ClientTrafficPolicy. `undefined`: it says nothing of certificates */
export function validationByPolicy(
  { kind, metadata, spec }: CustomResource,
  objects: GatewayObjects,
): ClientValidation | undefined {
  const { clientValidation } = jsonFields(spec.tls);
  if (clientValidation === undefined) return undefined;
  const { caCertificateRefs, optional } = jsonFields(clientValidation);
  const from = { kind, namespace: metadata.namespace, group: "gateway.envoyproxy.io" };
  const found = authoritiesOf(caCertificateRefs, from, objects);
  return { ...found, accepts: optional === true ? "any" : "valid" };
}

/** What HTTPS listeners of a port ask of clients; `perPort` replaces the default. `undefined`: nothing */
export function clientValidationOf(
  { kind, metadata, spec }: CustomResource,
  port: number,
  objects: GatewayObjects,
): ClientValidation | undefined {
  const frontend = jsonFields(jsonFields(spec.tls).frontend);
  const own = jsonItems(frontend.perPort)
    .map(jsonFields)
    .find((each) => each.port === port);
  const { validation } = jsonFields(own === undefined ? frontend.default : own.tls);
  if (validation === undefined) return undefined;
  const { caCertificateRefs, mode } = jsonFields(validation);
  const found = authoritiesOf(caCertificateRefs, { kind, namespace: metadata.namespace }, objects);
  return { ...found, accepts: mode === "AllowInsecureFallback" ? "any" : "valid" };
}
