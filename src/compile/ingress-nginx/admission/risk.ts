import { PREFIX } from "../../nginx-annotations/prefix.ts";
import type { DocumentedAnnotation } from "../annotations/documented.ts";
import type { Annotations } from "../annotations.ts";

/** The controller's parser names (annotations.go, NewAnnotationFactory) by documentation group. */
const PARSERS: ReadonlyMap<string, string> = new Map([
  ["Aliases", "Aliases"],
  ["Allowlist", "Allowlist"],
  ["Denylist", "Denylist"],
  ["Backend protocol", "BackendProtocol"],
  ["Basic authentication", "BasicDigestAuth"],
  ["Canary", "Canary"],
  ["Client certificates", "CertificateAuth"],
  ["Connection", "Connection"],
  ["CORS", "CorsConfig"],
  ["Custom headers", "CustomHeaders"],
  ["Default backend", "DefaultBackend"],
  ["External authentication", "ExternalAuth"],
  ["FastCGI", "FastCGI"],
  ["HTTP/2", "HTTP2PushPreload"],
  ["Logs", "Logs"],
  ["Mirror", "Mirror"],
  ["ModSecurity", "ModSecurity"],
  ["OpenTelemetry", "Opentelemetry"],
  ["Proxy", "Proxy"],
  ["Proxy TLS", "ProxySSL"],
  ["Rate limits", "RateLimit"],
  ["Redirects", "Redirect"],
  ["Rewrites", "Rewrite"],
  ["Satisfy", "Satisfy"],
  ["Session affinity", "SessionAffinity"],
  ["TLS", "SSLCipher"],
  ["Upstream host", "UpstreamVhost"],
  ["X-Forwarded-Prefix", "XForwardedPrefix"],
]);

const OWN_PARSERS: ReadonlyMap<string, string> = new Map([
  ["client-body-buffer-size", "ClientBodyBufferSize"],
  ["configuration-snippet", "ConfigurationSnippet"],
  ["custom-http-errors", "CustomHTTPErrors"],
  ["disable-proxy-intercept-errors", "DisableProxyInterceptErrors"],
  ["enable-global-auth", "EnableGlobalAuth"],
  ["load-balance", "LoadBalancing"],
  ["server-snippet", "ServerSnippet"],
  ["service-upstream", "ServiceUpstream"],
  ["ssl-passthrough", "SSLPassthrough"],
  ["stream-snippet", "StreamSnippet"],
  ["upstream-hash-by", "UpstreamHashBy"],
  ["upstream-hash-by-subset", "UpstreamHashBy"],
  ["upstream-hash-by-subset-size", "UpstreamHashBy"],
  ["use-port-in-redirects", "UsePortInRedirects"],
]);

/** The webhook's words for an annotation above the allowed risk (errors.go, NewRiskyAnnotations). */
function riskInWords({ name, group }: DocumentedAnnotation): string {
  const parser = OWN_PARSERS.get(name) ?? PARSERS.get(group) ?? "";
  return `annotation group ${parser} contains risky annotation based on ingress configuration`;
}

/** The webhook's words for a snippet while the ConfigMap allows none (CheckIngress). */
function snippetInWords(name: string): string {
  return `${name} annotation cannot be used. Snippet directives are disabled by the Ingress administrator`;
}

/**
 * Refuses an annotation above the allowed risk (annotations.go, CheckAnnotationRisk).
 */
export function refuseRisk(annotations: Annotations, annotation: DocumentedAnnotation): void {
  const { name } = annotation;
  const whole = PREFIX + name;
  // The webhook checks snippets before risks.
  const webhook = isRefusedSnippet(annotations, name) ? snippetInWords(whole) : riskInWords(annotation);
  const what = name.endsWith("-snippet") ? webhook : `annotation ${whole} is too risky for environment`;
  const fix =
    'Remove it; or, in the controller\'s ConfigMap, set allow-snippet-annotations: "true" and annotations-risk-level: Critical.';
  annotations.report.refuse(whole, what, fix, webhook);
}

/**
 * Warns of a snippet within the allowed risk: the controller ignores it, only the webhook refuses the
 * Ingress.
 */
export function warnOfSnippet(annotations: Annotations, whole: string): void {
  const webhook = snippetInWords(whole);
  const what = `${webhook}: the admission webhook refuses the Ingress where it is installed`;
  const fix = 'Remove it; or, in the controller\'s ConfigMap, set allow-snippet-annotations: "true".';
  annotations.report.add("annotation-surprising", "warning", whole, what, fix, { webhook });
}

/** `allow-snippet-annotations`: the webhook compares the end of the name, whatever the prefix. */
export function isRefusedSnippet({ world }: Annotations, name: string): boolean {
  return name.endsWith("-snippet") && world.config.compileTime.snippets === "refused";
}
