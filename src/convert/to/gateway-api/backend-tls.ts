import { servicePortOf } from "../../../service/port.ts";
import type { Made, MadeObject } from "../made.ts";
import { GATEWAY_VERSION } from "./listeners.ts";
import type { IngressParts } from "./parts.ts";

/** The API server takes host names alone. */
const HOST_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Annotations that a BackendTLSPolicy stands for. */
const SAID = ["proxy-ssl-secret", "proxy-ssl-name", "proxy-ssl-server-name", "proxy-ssl-verify"] as const;

/** The Services of an Ingress whose pods' certificates nginx checks: a policy for each. `undefined`: it checks none */
export function backendTlsPolicyObjects(parts: IngressParts): readonly MadeObject[] | undefined {
  const secret = (parts.text("proxy-ssl-secret") ?? "").split("/").at(-1) ?? "";
  if (parts.text("proxy-ssl-verify") !== "on" || secret === "") return undefined;
  parts.done(...SAID);
  const written = parts.text("proxy-ssl-name");
  const own = written !== undefined && HOST_NAME.test(written) ? written : undefined;
  if (own !== written)
    parts.say(
      "proxy-ssl-name",
      `"${written}" is no host name: certificates are checked for the name of the Service`,
      {
        aspects: ["settings"],
      },
    );
  const services = servicesOf(parts);
  parts.say(
    "proxy-ssl-secret",
    "Envoy checks certificates of the pods against its ca.crt and shows them none of its own; until the Secret is there, every request is answered 500",
    ({ first, second }) => {
      const [service = ""] = (first.behaviour.service ?? "").split(":");
      // Whichever Ingress leads to the Service.
      const isOwn = services.some(({ name }) => `${parts.namespace}/${name}` === service);
      if (!isOwn) return undefined;
      return second.behaviour.status === 500 ? { aspects: "answer" } : { aspects: ["settings"] };
    },
    "Show a certificate by tls.backend.clientCertificateRef of the Gateway, if the pods ask for one.",
  );
  return services.map(({ name, sectionName }): MadeObject => {
    const hostname: Made =
      own === undefined ? `${name}.${parts.namespace}.svc` : parts.of("proxy-ssl-name", own);
    return {
      apiVersion: GATEWAY_VERSION,
      kind: "BackendTLSPolicy",
      metadata: { name, namespace: parts.namespace === "default" ? undefined : parts.namespace },
      spec: {
        targetRefs: [{ group: "", kind: "Service", name, sectionName }],
        validation: {
          caCertificateRefs: [parts.of("proxy-ssl-secret", { group: "", kind: "Secret", name: secret })],
          hostname,
        },
      },
    };
  });
}

interface CheckedService {
  readonly name: string;
  /** The name of its port. default: it has none, or nobody knows it */
  readonly sectionName: string | undefined;
}

function servicesOf({ ingress: { spec }, namespace, snapshot }: IngressParts): readonly CheckedService[] {
  const backends = spec.rules.flatMap(({ paths = [] }) => paths.map(({ backend }) => backend));
  const found = new Map<string, CheckedService>();
  for (const backend of [...backends, spec.defaultBackend]) {
    if (backend?.kind !== "service" || found.has(backend.name)) continue;
    const { name, port } = backend;
    const service = snapshot.services.find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    );
    found.set(name, { name, sectionName: service && servicePortOf(service, port)?.name });
  }
  return [...found.values()];
}
