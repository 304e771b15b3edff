import { closest } from "../../../closest.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import { isRefusedSnippet, refuseRisk, warnOfSnippet } from "../admission/risk.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { sslPassthrough } from "../servers/ssl-passthrough.ts";
import { DEFAULT_SETTINGS, type IngressSettings, withLocation } from "../settings.ts";
import { accessLog } from "./access-log.ts";
import { appRoot } from "./app-root.ts";
import { authTls } from "./auth-tls.ts";
import { backendProtocol } from "./backend-protocol.ts";
import { basicAuth } from "./basic-auth.ts";
import { buffering } from "./buffering.ts";
import { canary } from "./canary.ts";
import { connectionProxyHeader } from "./connection-proxy-header.ts";
import { cors } from "./cors.ts";
import { customHeaders } from "./custom-headers.ts";
import { type DocumentedAnnotation, RISKS } from "./documented.ts";
import { errorPages } from "./error-pages.ts";
import { externalAuth } from "./external-auth.ts";
import { fastCgi } from "./fastcgi.ts";
import { globalAuth } from "./global-auth.ts";
import { limitRate } from "./limit-rate.ts";
import { limits } from "./limits.ts";
import { loadBalance } from "./load-balance.ts";
import { mirror } from "./mirror.ts";
import { nextUpstream } from "./next-upstream.ts";
import { NOT_HONOURED, notHonoured } from "./not-honoured.ts";
import { proxyBodySize } from "./proxy-body-size.ts";
import { proxyCookies } from "./proxy-cookies.ts";
import { proxyRedirect } from "./proxy-redirect.ts";
import { proxySsl } from "./proxy-ssl.ts";
import { redirect } from "./redirect.ts";
import { redirectForm } from "./redirect-form.ts";
import { REMOVED } from "./removed.ts";
import { rewriteTarget } from "./rewrite-target.ts";
import { satisfy } from "./satisfy.ts";
import { serverAlias } from "./server-alias.ts";
import { serviceUpstream } from "./service-upstream.ts";
import { sessionAffinity } from "./session-affinity.ts";
import { sourceRange } from "./source-range.ts";
import { sslCiphers } from "./ssl-ciphers.ts";
import { sslRedirect } from "./ssl-redirect.ts";
import { timeouts } from "./timeouts.ts";
import { upstreamHashBy } from "./upstream-hash-by.ts";
import { byUpstreamModule } from "./upstream-module.ts";
import { upstreamVhost } from "./upstream-vhost.ts";
import { refuseBlockedWords } from "./word-blocklist.ts";
import { xForwardedPrefix } from "./x-forwarded-prefix.ts";

/** Supported annotations. A new one needs a file beside this one, a line here, and a case. */
const FEATURES: readonly Feature[] = [
  rewriteTarget,
  appRoot,
  sslRedirect,
  redirect,
  redirectForm,
  backendProtocol,
  fastCgi,
  proxySsl,
  authTls,
  sslCiphers,
  sslPassthrough,
  proxyBodySize,
  timeouts,
  limits,
  sourceRange,
  basicAuth,
  externalAuth,
  globalAuth,
  satisfy,
  serverAlias,
  accessLog,
  canary,
  sessionAffinity,
  loadBalance,
  upstreamHashBy,
  serviceUpstream,
  cors,
  upstreamVhost,
  xForwardedPrefix,
  connectionProxyHeader,
  customHeaders,
  proxyRedirect,
  proxyCookies,
  errorPages,
  nextUpstream,
  mirror,
  buffering,
  limitRate,
  notHonoured,
];

const PARSERS = FEATURES.map(({ annotations, applies, apply }) => ({
  names: annotations.map(({ name }) => name),
  applies,
  apply,
}));

const PARSER_OF = new Map(PARSERS.flatMap((parser) => parser.names.map((name) => [name, parser] as const)));

/** Every annotation of ingress-nginx by name, without prefix. */
export const DOCUMENTED: ReadonlyMap<string, DocumentedAnnotation> = new Map(
  FEATURES.flatMap(({ annotations }) =>
    annotations.map((annotation) => [annotation.name, annotation] as const),
  ),
);

/** Prefixes that look like ingress-nginx's, but that it does not read. */
const OTHER_PREFIXES = ["ingress.kubernetes.io/", "nginx.org/", "nginx.com/"];

/** The settings of one Ingress. Unknown, forbidden and unsupported annotations become problems. */
export function readSettings(annotations: Annotations): IngressSettings {
  for (const name of annotations.written.keys()) {
    if (name.startsWith(PREFIX)) readName(annotations, name.slice(PREFIX.length));
    else if (OTHER_PREFIXES.some((prefix) => name.startsWith(prefix))) annotations.report.notRead(name);
    if (isRefusedSnippet(annotations, name) && !annotations.report.isRefused)
      warnOfSnippet(annotations, name);
  }
  refuseBlockedWords(annotations, annotations.world.config.compileTime.blockedWords);
  // Most Ingresses say two or three of some 150 annotations.
  const said = new Set([...annotations.namesSaid].map((name) => PARSER_OF.get(name)));
  let settings = DEFAULT_SETTINGS;
  for (const parser of PARSERS)
    if (parser.applies === "always" || said.has(parser))
      settings =
        annotations.report.ofGroup(parser.names, () => parser.apply(annotations, settings)) ?? settings;
  const { denied, stops } = annotations.report;
  const read = { ...byUpstreamModule(annotations, settings), stops };
  return denied === undefined ? read : withLocation(read, { denied });
}

/** Checks an annotation's name: too risky, unsupported, or unknown. */
function readName(annotations: Annotations, name: string): void {
  const documented = DOCUMENTED.get(name);
  const removed = REMOVED.get(name);
  const reason = NOT_HONOURED.get(name);
  if (removed !== undefined) annotations.report.unknown(name, removed);
  else if (documented === undefined) {
    const meant = closest(name, DOCUMENTED.keys());
    annotations.report.unknown(name, meant === undefined ? undefined : `did you mean ${meant}?`);
  } else if (isTooRisky(annotations, documented)) refuseRisk(annotations, documented);
  else if (reason !== undefined)
    annotations.report.notHonoured(name, `not honoured by ingress-dev: ${reason}`);
}

/** annotations.go, CheckAnnotationRisk. */
function isTooRisky({ world }: Annotations, { risk }: DocumentedAnnotation): boolean {
  return RISKS.indexOf(risk) > RISKS.indexOf(world.config.compileTime.riskLevel);
}
