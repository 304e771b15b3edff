import { type Json, type JsonObject, jsonFields, jsonItems, jsonString } from "../../model/json.ts";
import type { HelmFlags } from "../command-line.ts";

/** Its own ports by the names of entry points, but that of the API; the Service in front of them has `exposedPort`. */
const PORTS: JsonObject = {
  web: { port: 8000, exposedPort: 80 },
  websecure: { port: 8443, exposedPort: 443, http: { tls: { enabled: true } } },
  metrics: { port: 9100 },
};

/**
 * The Helm chart, which k3s installs too: its values as the flags of the container (templates/_podtemplate.tpl). `tls`,
 * `middlewares` and `redirections` of a port stand under its `http` in newer charts; before chart 34 a redirect is `redirectTo`.
 */
export const TRAEFIK_CHART: HelmFlags = {
  names: [],
  flags: ({ ports, providers, core, additionalArguments }) => [
    ...portFlags(jsonFields(ports)),
    ...providerFlags(jsonFields(providers)),
    ...flag("core.defaultRuleSyntax", jsonFields(core).defaultRuleSyntax),
    ...jsonItems(additionalArguments).flatMap((each) => jsonString(each) ?? []),
  ],
};

function portFlags(written: JsonObject): readonly string[] {
  if (Object.keys(written).length === 0) return [];
  const names = [...new Set([...Object.keys(PORTS), ...Object.keys(written)])];
  // Whoever writes `null` takes the port away.
  const kept = names.filter((name) => written[name] !== null);
  const portOf = (name: string): JsonObject => ({
    ...jsonFields(PORTS[name]),
    ...jsonFields(written[name]),
    http: { ...jsonFields(jsonFields(PORTS[name]).http), ...jsonFields(jsonFields(written[name]).http) },
  });
  return kept.flatMap((name) => entryFlags(name, portOf(name), (other) => exposedPort(portOf(other))));
}

function exposedPort({ port, exposedPort: exposed }: JsonObject): Json | undefined {
  return exposed ?? port;
}

function entryFlags(
  name: string,
  port: JsonObject,
  portNamed: (name: string) => Json | undefined,
): readonly string[] {
  const at = `entryPoints.${name}`;
  const nested = jsonFields(port.http);
  const http = { ...port, ...nested };
  const tls = { ...jsonFields(nested.tls), ...jsonFields(port.tls) };
  const forwarded = jsonFields(port.forwardedHeaders);
  const proxy = jsonFields(port.proxyProtocol);
  const redirection = jsonFields(jsonFields(http.redirections).entryPoint);
  const older = jsonFields(port.redirectTo);
  const target = jsonString(redirection.to) ?? jsonString(older.port) ?? jsonString(port.redirectTo);
  const { priority = older.priority, permanent, scheme } = redirection;
  return [
    `--${at}.address=:${String(exposedPort(port) ?? "")}/${(jsonString(port.protocol) ?? "tcp").toLowerCase()}`,
    ...flag(`${at}.asDefault`, port.asDefault),
    ...(target === undefined
      ? []
      : flag(`${at}.http.redirections.entryPoint.to`, `:${String(portNamed(target) ?? target)}`)),
    ...(target === undefined ? [] : flag(`${at}.http.redirections.entryPoint.scheme`, scheme)),
    ...(target === undefined ? [] : flag(`${at}.http.redirections.entryPoint.priority`, priority)),
    ...(target === undefined ? [] : flag(`${at}.http.redirections.entryPoint.permanent`, permanent)),
    ...flag(`${at}.http.middlewares`, http.middlewares),
    ...(tls.enabled === true
      ? [`--${at}.http.tls=true`, ...flag(`${at}.http.tls.options`, tls.options)]
      : []),
    ...flag(`${at}.http.sanitizePath`, http.sanitizePath),
    ...Object.entries(jsonFields(http.encodedCharacters)).flatMap(([option, value]) =>
      flag(`${at}.http.encodedCharacters.${option}`, value),
    ),
    ...flag(`${at}.forwardedHeaders.trustedIPs`, forwarded.trustedIPs),
    ...flag(`${at}.forwardedHeaders.insecure`, forwarded.insecure || undefined),
    ...flag(`${at}.proxyProtocol.trustedIPs`, proxy.trustedIPs),
    ...flag(`${at}.proxyProtocol.insecure`, proxy.insecure || undefined),
  ];
}

/** The options of providers that the chart sets where they are on. */
function providerFlags({
  kubernetesCRD,
  kubernetesIngress,
  kubernetesIngressNginx,
}: JsonObject): readonly string[] {
  const [crd, ingress] = [jsonFields(kubernetesCRD), jsonFields(kubernetesIngress)];
  const isNginx = jsonFields(kubernetesIngressNginx).enabled === true;
  return [
    ...flag("providers.kubernetesCRD.ingressClass", crd.ingressClass),
    ...flag("providers.kubernetesCRD.allowCrossNamespace", crd.allowCrossNamespace || undefined),
    ...flag("providers.kubernetesCRD.allowExternalNameServices", crd.allowExternalNameServices || undefined),
    ...flag("providers.kubernetesCRD.namespaces", crd.namespaces),
    ...flag("providers.kubernetesCRD.labelSelector", crd.labelSelector),
    ...flag("providers.kubernetesIngress.ingressClass", ingress.ingressClass),
    ...flag(
      "providers.kubernetesIngress.allowExternalNameServices",
      ingress.allowExternalNameServices || undefined,
    ),
    ...flag("providers.kubernetesIngress.strictPrefixMatching", ingress.strictPrefixMatching || undefined),
    ...flag("providers.kubernetesIngress.namespaces", ingress.namespaces),
    ...flag("providers.kubernetesIngress.labelSelector", ingress.labelSelector),
    ...(isNginx ? ["--providers.kubernetesIngressNGINX=true"] : []),
  ];
}

/** None for a value that is not said; a list is written with commas. */
function flag(name: string, value: Json | undefined): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value.length === 0 ? [] : [`--${name}=${value.map(String).join(",")}`];
  return [`--${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`];
}
