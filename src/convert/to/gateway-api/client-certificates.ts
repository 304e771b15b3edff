import type { MadeObject } from "../made.ts";
import { certificatesAskedBy, sayCertificates } from "../nginx/client-certificates.ts";
import type { RouteWorld } from "./drafts.ts";
import { closed } from "./features/security.ts";
import { GATEWAY_VERSION, gatewayNamespace, ownListenerOf } from "./listeners.ts";
import { ENVOY_VERSION, type IngressParts } from "./parts.ts";

/** A ClientTrafficPolicy for the listeners of hosts that ask for certificates of clients. */
export function certificateObjects(
  parts: IngressParts,
  { gateway, certificates }: RouteWorld,
): readonly MadeObject[] {
  sayCertificates(parts, certificates, {
    passedAs: "X-Forwarded-Client-Cert",
    close: (names, why) => {
      parts.done(...names);
      for (const name of names.slice(1)) parts.say(name, "it goes with auth-tls-secret");
      closed(parts, names[0] ?? "", why);
    },
  });
  const asked = [...certificatesAskedBy(parts, certificates)];
  const [first] = asked;
  if (first === undefined) return [];
  const [, { secret, verify, isPassed }] = first;
  const isOther = parts.namespace !== gateway.namespace;
  const name = `${parts.ingress.metadata.name}-client-certificates`;
  const policy: MadeObject = {
    apiVersion: ENVOY_VERSION,
    kind: "ClientTrafficPolicy",
    metadata: { name: isOther ? `${parts.namespace}-${name}` : name, namespace: gatewayNamespace(gateway) },
    spec: {
      targetRefs: asked.map(([host]) => ({
        group: "gateway.networking.k8s.io",
        kind: "Gateway",
        name: gateway.name,
        sectionName: ownListenerOf(gateway, host)?.name,
      })),
      tls: {
        clientValidation: {
          optional: verify === "optional" ? parts.of("auth-tls-verify-client", true) : undefined,
          caCertificateRefs: [
            parts.of("auth-tls-secret", {
              kind: "Secret",
              name: secret,
              namespace: isOther ? parts.namespace : undefined,
            }),
          ],
        },
      },
      headers: isPassed
        ? {
            xForwardedClientCert: parts.of("auth-tls-pass-certificate-to-upstream", {
              mode: "SanitizeSet",
              certDetailsToAdd: ["Cert"],
            }),
          }
        : undefined,
    },
  };
  if (!isOther) return [policy];
  const grant: MadeObject = {
    apiVersion: GATEWAY_VERSION,
    kind: "ReferenceGrant",
    metadata: { name, namespace: parts.namespace },
    spec: {
      from: [{ group: "gateway.envoyproxy.io", kind: "ClientTrafficPolicy", namespace: gateway.namespace }],
      to: [{ group: "", kind: "Secret", name: secret }],
    },
  };
  return [grant, policy];
}
