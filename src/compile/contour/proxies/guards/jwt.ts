import { type JsonObject, jsonFields, jsonItems, jsonString, jsonStrings } from "../../../../model/json.ts";
import { reason } from "../../../../model/reason.ts";
import type { CustomResource } from "../../../../model/resource.ts";
import type { Step } from "../../../../step/step.ts";
import { ingressName } from "../../../problem.ts";
import { placeOf } from "../../../route.ts";
import type { StatusWords } from "../statuses.ts";

export function providersOf(host: JsonObject): readonly JsonObject[] {
  return jsonItems(host.jwtProviders).map(jsonFields);
}

/** Of routes that name none. */
export function defaultProviderOf(host: JsonObject): string | undefined {
  const found = providersOf(host).find((provider) => provider.default === true);
  return found && jsonString(found.name);
}

/** Contour's words for providers that cannot be (internal/dag/httpproxy_processor.go). */
export function jwtFault(host: JsonObject): StatusWords | undefined {
  const fault = (code: string, message: string): StatusWords => ["JWTVerificationError", code, message];
  const names = new Set<string>();
  let hasDefault = false;
  for (const provider of providersOf(host)) {
    const name = jsonString(provider.name) ?? "";
    if (names.has(name))
      return fault(
        "DuplicateProviderName",
        `Spec.VirtualHost.JWTProviders is invalid: duplicate name ${name}`,
      );
    names.add(name);
    if (provider.default === true && hasDefault) {
      const message =
        "Spec.VirtualHost.JWTProviders is invalid: at most one provider can be set as the default";
      return fault("MultipleDefaultProvidersSpecified", message);
    }
    hasDefault ||= provider.default === true;
    const { uri, validation } = jsonFields(provider.remoteJWKS);
    const [, scheme = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(jsonString(uri) ?? "") ?? [];
    if (!/^https?$/i.test(scheme)) {
      const message = `Spec.VirtualHost.JWTProviders.RemoteJWKS.URI has invalid scheme "${scheme.toLowerCase()}", must be http or https`;
      return fault("RemoteJWKSSchemeInvalid", message);
    }
    if (validation !== undefined && /^http$/i.test(scheme)) {
      const message =
        "Spec.VirtualHost.JWTProviders.RemoteJWKS.UpstreamValidation must not be specified when URI scheme is http.";
      return fault("RemoteJWKSUpstreamValidationInvalid", message);
    }
  }
  return undefined;
}

/** The provider whose token a route wants, if any, and what is wrong with its policy. */
export function jwtOfRoute(
  { jwtVerificationPolicy }: JsonObject,
  usual: string | undefined,
): { readonly provider?: string | undefined; readonly fault?: StatusWords | undefined } {
  const { require, disabled } = jsonFields(jwtVerificationPolicy);
  const wanted = jsonString(require) ?? "";
  const message = "route's JWT verification policy cannot specify both require and disabled";
  if (wanted !== "" && disabled === true)
    return { fault: ["JWTVerificationError", "InvalidJWTVerificationPolicy", message] };
  if (wanted !== "") return { provider: wanted };
  return { provider: disabled === true ? undefined : usual };
}

/** Without providers of the host nobody looks. */
export function jwtStep(name: string | undefined, proxy: CustomResource, host: JsonObject): Step | undefined {
  const providers = providersOf(host);
  if (name === undefined || providers.length === 0) return undefined;
  const provider = providers.find((each) => each.name === name);
  const named = `the JWT provider ${name} of HTTPProxy ${ingressName(proxy)}`;
  const why = reason("external-auth", named, placeOf(proxy, "spec.virtualhost.jwtProviders"));
  if (provider === undefined) {
    const known = providers.map((each) => jsonString(each.name) ?? "").join(", ");
    const text = `Failed JWT authentication: Wrong requirement_name: ${name}. It should be one of [${known}]`;
    return { kind: "answer", status: 403, text, only: "https", why: [why] };
  }
  const { issuer, audiences } = provider;
  return {
    kind: "envoy-jwt",
    issuer: jsonString(issuer) ?? "",
    audiences: jsonStrings(audiences),
    only: "https",
    why,
  };
}
