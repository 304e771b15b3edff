import { type JsonObject, jsonFields, jsonItems, jsonString } from "../../../../model/json.ts";
import type { CustomResource } from "../../../../model/resource.ts";
import { refOf } from "../../../route.ts";
import { type HostTls, tlsVersion } from "../../https.ts";
import type { ProxyContext } from "../context.ts";
import { authorizationFault, extensionRefOf } from "../guards/authorization.ts";
import { clientValidationBy } from "../guards/client-validation.ts";
import { jwtFault, providersOf } from "../guards/jwt.ts";
import { ipFilterOf } from "../guards.ts";
import type { StatusWords } from "../statuses.ts";

/** What is wrong with a root before its routes are looked at. */
export function rootFault(
  { spec, metadata }: CustomResource,
  host: JsonObject,
  { settings: { rootNamespaces } }: ProxyContext,
): StatusWords | undefined {
  if (rootNamespaces?.includes(metadata.namespace) === false)
    return [
      "RootNamespaceError",
      "RootProxyNotAllowedInNamespace",
      "root HTTPProxy cannot be defined in this namespace",
    ];
  const { routes, includes, tcpproxy } = spec;
  if (jsonItems(routes).length === 0 && jsonItems(includes).length === 0 && tcpproxy === undefined)
    return [
      "SpecError",
      "NothingDefined",
      "HTTPProxy.Spec must have at least one Route, Include, or a TCPProxy",
    ];
  const tls = jsonFields(host.tls);
  if (providersOf(host).length > 0 && (jsonString(tls.secretName) ?? "") === "")
    return [
      "JWTVerificationError",
      "JWTVerificationNotPermitted",
      "Spec.VirtualHost.JWTProviders can only be defined for root HTTPProxies that terminate TLS",
    ];
  if (host.tls === undefined && extensionRefOf(host) !== undefined)
    return [
      "AuthError",
      "AuthNotPermitted",
      "Spec.VirtualHost.Authorization.ExtensionServiceRef can only be defined for root HTTPProxies that terminate TLS",
    ];
  if (ipFilterOf(host) === "both")
    return [
      "IPFilterError",
      "IncompatibleIPAddressFilters",
      "Spec.VirtualHost.IPAllowFilterPolicy and Spec.VirtualHost.IPDepnyFilterPolicy cannot both be defined.",
    ];
  return undefined;
}

/** TLS of a root: ended by Envoy, passed on, or refused. */
type RootTls =
  | { readonly kind: "none" | "passed" }
  /** `fault`: said of it, and it serves all the same. */
  | {
      readonly kind: "ended";
      readonly tls: HostTls;
      readonly fallback: boolean;
      readonly fault?: StatusWords | undefined;
    }
  /** `taken`: what the https host has all the same, for routes of Ingresses. */
  | {
      readonly kind: "refused";
      readonly fault: StatusWords;
      readonly taken?: HostTls | undefined;
    };

const refused = (reason: string, message: string, type = "TLSError"): RootTls => ({
  kind: "refused",
  fault: [type, reason, message],
});

export function rootTls(
  proxy: CustomResource,
  host: JsonObject,
  { objects, settings, statuses }: ProxyContext,
): RootTls {
  if (host.tls === undefined) return { kind: "none" };
  const { namespace } = proxy.metadata;
  const tls = jsonFields(host.tls);
  const name = (jsonString(tls.secretName) ?? "").trim();
  const isPassed = tls.passthrough === true;
  if (isPassed && tls.enableFallbackCertificate === true)
    statuses.error(
      proxy,
      [
        "TLSError",
        "TLSIncompatibleFeatures",
        "Spec.VirtualHost.TLS: both Passthrough and enableFallbackCertificate were specified",
      ],
      "spec.virtualhost.tls",
    );
  if (isPassed && name !== "")
    return refused(
      "TLSConfigNotValid",
      "Spec.VirtualHost.TLS: both Passthrough and SecretName were specified",
    );
  if (!isPassed && name === "")
    return refused(
      "TLSConfigNotValid",
      "Spec.VirtualHost.TLS: neither Passthrough nor SecretName were specified",
    );
  if (isPassed && tls.clientValidation !== undefined)
    return refused(
      "TLSIncompatibleFeatures",
      "Spec.VirtualHost.TLS passthrough cannot be combined with tls.clientValidation",
    );
  if (isPassed) return { kind: "passed" };
  const secret = name.includes("/") ? name : `${namespace}/${name}`;
  const named = `Spec.VirtualHost.TLS Secret "${name}"`;
  if (!objects.isDelegated(secret, namespace))
    return refused("DelegationNotPermitted", `${named} certificate delegation not permitted`);
  const unusable = objects.secretFault(secret);
  if (unusable !== undefined) return refused("SecretNotValid", `${named} is invalid: ${unusable}`);
  const lowest = tlsVersion(jsonString(tls.minimumProtocolVersion), "1.2");
  const highest = tlsVersion(jsonString(tls.maximumProtocolVersion), "1.3");
  if (highest < lowest)
    return refused(
      "TLSConfigNotValid",
      "Spec.Virtualhost.TLS the minimum protocol version is greater than the maximum protocol version",
    );
  const by = refOf(proxy, "spec.virtualhost.tls");
  const unasked: HostTls = { secret, lowest, highest, by };
  const fallback = fallbackFault(host, namespace, { objects, settings });
  if (fallback !== undefined) return { kind: "refused", fault: fallback, taken: unasked };
  const validation = clientValidationBy(tls.clientValidation, namespace, objects);
  if (validation.kind === "refused") return { ...validation, taken: unasked };
  // What clients have to show holds though the rest is refused.
  const taken: HostTls = { ...unasked, clients: validation.clients };
  const fault = authorizationFault(host, namespace, objects) ?? jwtFault(host);
  if (fault !== undefined) return { kind: "refused", fault, taken };
  return {
    ...{ kind: "ended", tls: taken, fault: validation.fault },
    fallback: tls.enableFallbackCertificate === true,
  };
}

function fallbackFault(
  host: JsonObject,
  namespace: string,
  { objects, settings: { fallback } }: Pick<ProxyContext, "objects" | "settings">,
): StatusWords | undefined {
  const tls = jsonFields(host.tls);
  if (tls.enableFallbackCertificate !== true) return undefined;
  const words = (reason: string, message: string): StatusWords => ["TLSError", reason, message];
  if (tls.clientValidation !== undefined)
    return words(
      "TLSIncompatibleFeatures",
      "Spec.Virtualhost.TLS fallback & client validation are incompatible",
    );
  if (host.authorization !== undefined)
    return words(
      "TLSIncompatibleFeatures",
      "Spec.Virtualhost.TLS fallback & client authorization are incompatible",
    );
  if (fallback === undefined)
    return words(
      "FallbackNotPresent",
      "Spec.Virtualhost.TLS enabled fallback but the fallback Certificate Secret is not configured in Contour configuration file",
    );
  if (!objects.isDelegated(fallback, namespace))
    return words(
      "FallbackNotDelegated",
      `Spec.VirtualHost.TLS Secret "${fallback}" is not configured for certificate delegation`,
    );
  const fault = objects.secretFault(fallback);
  return fault === undefined
    ? undefined
    : words(
        "FallbackNotValid",
        `Spec.Virtualhost.TLS Secret "${fallback}" fallback certificate is invalid: ${fault}`,
      );
}
