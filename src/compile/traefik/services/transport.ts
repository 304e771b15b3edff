import type { CustomResource, ServicePort } from "../../../model/resource.ts";
import type { Transport } from "../../../model/route/transport.ts";
import { Lost } from "../lost.ts";
import type { TraefikObjects } from "../objects.ts";

interface Asked {
  readonly scheme: string | undefined;
  readonly port: Pick<ServicePort, "name" | "port">;
  /** A reference to a ServersTransport. `""` and default: none */
  readonly serversTransport: string | undefined;
}

/** How pods are spoken to: by the scheme given, else https at port 443 and where the port's name begins so. */
export function serviceTransport(
  { scheme, port, serversTransport }: Asked,
  find: (reference: string) => CustomResource | undefined,
  objects: TraefikObjects,
): Partial<Transport> | Lost | "unknown scheme" {
  const spoken = scheme || (port.port === 443 || port.name.startsWith("https") ? "https" : "http");
  const found = serversTransport ? find(serversTransport) : undefined;
  if (serversTransport && found === undefined)
    return new Lost(
      `there is no ServersTransport ${serversTransport}`,
      "Add the ServersTransport, or correct its name (NAMESPACE-NAME@kubernetescrd).",
    );
  switch (spoken) {
    case "http":
      return {};
    case "https":
      return { protocol: "HTTPS", tls: tlsTo(found, objects), connectTimeoutMs: HANDSHAKE_TIMEOUT_MS };
    case "h2c":
      return { protocol: "GRPC" };
    default:
      return "unknown scheme";
  }
}

/** `TLSHandshakeTimeout` (pkg/server/service/transport.go); a pod that cannot be reached is given up as early here. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

function tlsTo(transport: CustomResource | undefined, objects: TraefikObjects): Transport["tls"] {
  const spec = transport?.spec ?? {};
  const verify = spec.insecureSkipVerify !== true;
  const name = typeof spec.serverName === "string" ? spec.serverName : "";
  const ca = transport === undefined ? undefined : authoritiesOf(transport, objects);
  const tls = { ca, verify, verifyDepth: 10, protocols: [], name, sendName: true };
  return { ...tls, key: JSON.stringify(tls) };
}

/** The certificates of `rootCAs` and `rootCAsSecrets`, PEM. */
function authoritiesOf({ metadata, spec }: CustomResource, { secret }: TraefikObjects): string | undefined {
  const listed = Array.isArray(spec.rootCAsSecrets) ? spec.rootCAsSecrets : [];
  const more = Array.isArray(spec.rootCAs) ? spec.rootCAs : [];
  const names = [
    ...listed,
    ...more.map((each) =>
      typeof each === "object" && each !== null && "secret" in each ? each.secret : undefined,
    ),
  ];
  const pems = names.flatMap((name) => {
    if (typeof name !== "string") return [];
    const data = secret(metadata.namespace, name)?.data;
    return [data?.get("tls.ca") ?? data?.get("ca.crt")].flatMap((pem) => pem?.toString("utf8") ?? []);
  });
  return pems.length === 0 ? undefined : pems.join("\n");
}
