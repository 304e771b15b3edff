import type { Made, MadeObject } from "../made.ts";
import { isOf } from "../nginx/lost.ts";
import { GATEWAY_VERSION } from "./listeners.ts";
import type { IngressParts } from "./parts.ts";

/** Annotations that a BackendTLSPolicy stands for. */
const SAID = ["proxy-ssl-secret", "proxy-ssl-name", "proxy-ssl-server-name", "proxy-ssl-verify"] as const;

/** The Services of an Ingress whose pods' certificates nginx checks: a policy for each. `undefined`: it checks none */
export function backendTlsPolicyObjects(parts: IngressParts): readonly MadeObject[] | undefined {
  const secret = (parts.text("proxy-ssl-secret") ?? "").split("/").at(-1) ?? "";
  if (parts.text("proxy-ssl-verify") !== "on" || secret === "") return undefined;
  parts.done(...SAID);
  const own = parts.text("proxy-ssl-name");
  parts.say(
    "proxy-ssl-secret",
    "Envoy checks certificates of the pods against its ca.crt and shows them none of its own; until the Secret is there, every request is answered 500",
    (difference) =>
      isOf(parts.ingress, difference) && difference.second.behaviour.status === 500
        ? { aspects: "all" }
        : { aspects: ["settings"] },
    "Show a certificate by tls.backend.clientCertificateRef of the Gateway, if the pods ask for one.",
  );
  return servicesOf(parts).map((name): MadeObject => {
    const hostname: Made =
      own === undefined ? `${name}.${parts.namespace}.svc` : parts.of("proxy-ssl-name", own);
    return {
      apiVersion: GATEWAY_VERSION,
      kind: "BackendTLSPolicy",
      metadata: { name, namespace: parts.namespace === "default" ? undefined : parts.namespace },
      spec: {
        targetRefs: [{ group: "", kind: "Service", name }],
        validation: {
          caCertificateRefs: [parts.of("proxy-ssl-secret", { group: "", kind: "Secret", name: secret })],
          hostname,
        },
      },
    };
  });
}

function servicesOf({ ingress: { spec } }: IngressParts): readonly string[] {
  const backends = spec.rules.flatMap(({ paths = [] }) => paths.map(({ backend }) => backend));
  const all = [...backends, spec.defaultBackend];
  return [...new Set(all.flatMap((backend) => (backend?.kind === "service" ? [backend.name] : [])))];
}
