import { stringify } from "yaml";

/** An Ingress by the meaning of its annotations, so the oracle parses none; every value is valid. */
export interface OracleIngress {
  readonly name: string;
  readonly settings: OracleSettings;
  readonly tls: readonly { readonly hosts: readonly string[]; readonly secretName?: string | undefined }[];
  /** The Service of `spec.defaultBackend`. */
  readonly defaultBackend?: string | undefined;
  readonly rules: readonly OracleRule[];
}

export interface OracleRule {
  /** `""`: every host. */
  readonly host: string;
  readonly paths: readonly OraclePath[];
}

export interface OraclePath {
  readonly path: string;
  readonly pathType: "Exact" | "Prefix" | "ImplementationSpecific";
  readonly service: string;
}

/** Annotations by meaning. Missing key: missing annotation. */
export interface OracleSettings {
  readonly rewriteTarget?: string | undefined;
  readonly useRegex?: boolean | undefined;
  readonly appRoot?: string | undefined;
  readonly sslRedirect?: boolean | undefined;
  readonly forceSslRedirect?: boolean | undefined;
  readonly permanentRedirect?: string | undefined;
  readonly permanentRedirectCode?: number | undefined;
  readonly temporalRedirect?: string | undefined;
  readonly temporalRedirectCode?: number | undefined;
  readonly serverAlias?: readonly string[] | undefined;
  readonly preserveTrailingSlash?: boolean | undefined;
  readonly relativeRedirects?: boolean | undefined;
  readonly fromToWww?: boolean | undefined;
  readonly upstreamVhost?: string | undefined;
  readonly forwardedPrefix?: string | undefined;
  readonly enableCors?: boolean | undefined;
  readonly corsOrigins?: readonly string[] | undefined;
  readonly corsCredentials?: boolean | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** Annotation names without prefix. */
const ANNOTATIONS: { readonly [key in keyof Required<OracleSettings>]: string } = {
  rewriteTarget: "rewrite-target",
  useRegex: "use-regex",
  appRoot: "app-root",
  sslRedirect: "ssl-redirect",
  forceSslRedirect: "force-ssl-redirect",
  permanentRedirect: "permanent-redirect",
  permanentRedirectCode: "permanent-redirect-code",
  temporalRedirect: "temporal-redirect",
  temporalRedirectCode: "temporal-redirect-code",
  serverAlias: "server-alias",
  preserveTrailingSlash: "preserve-trailing-slash",
  relativeRedirects: "relative-redirects",
  fromToWww: "from-to-www-redirect",
  upstreamVhost: "upstream-vhost",
  forwardedPrefix: "x-forwarded-prefix",
  enableCors: "enable-cors",
  corsOrigins: "cors-allow-origin",
  corsCredentials: "cors-allow-credentials",
  allow: "whitelist-source-range",
  deny: "denylist-source-range",
};

/** The Ingresses for `kubectl apply`. */
export function manifestOf(ingresses: readonly OracleIngress[]): string {
  return ingresses.map((ingress) => stringify(manifest(ingress))).join("---\n");
}

function manifest({ name, settings, tls, defaultBackend, rules }: OracleIngress): unknown {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations: annotationsOf(settings) },
    spec: {
      ingressClassName: "nginx",
      ...(tls.length > 0 && { tls }),
      ...(defaultBackend !== undefined && { defaultBackend: backend(defaultBackend) }),
      ...(rules.length > 0 && { rules: rules.map(rule) }),
    },
  };
}

function annotationsOf(settings: OracleSettings): Readonly<Record<string, string>> {
  const written = Object.entries(settings).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const name = `nginx.ingress.kubernetes.io/${ANNOTATIONS[key as keyof OracleSettings]}`;
    return [[name, Array.isArray(value) ? value.join(",") : String(value)]];
  });
  return Object.fromEntries(written);
}

function rule({ host, paths }: OracleRule): unknown {
  const http = {
    paths: paths.map(({ path, pathType, service }) => ({ path, pathType, backend: backend(service) })),
  };
  return { ...(host !== "" && { host }), ...(paths.length > 0 && { http }) };
}

function backend(service: string): unknown {
  return { service: { name: service, port: { number: 80 } } };
}
