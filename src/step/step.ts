import { type AnswerStep, answerAtOnce } from "./answer.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";
import { type ClientCertificateStep, tellCertificate } from "./client-certificate.ts";
import { allowOrigin, type CorsStep } from "./cors.ts";
import { type EndpointsStep, requireEndpoints } from "./endpoints.ts";
import { type EnvoyAccessStep, judgeAccess } from "./envoy/access.ts";
import { allowEnvoyOrigin, type EnvoyCorsStep } from "./envoy/cors.ts";
import { askKey, askPassword, type EnvoyKeyStep, type EnvoyPasswordStep } from "./envoy/credentials.ts";
import { askExtAuth, type EnvoyExtAuthStep } from "./envoy/ext-auth.ts";
import { type EnvoyFaultStep, injectFault } from "./envoy/fault.ts";
import { chooseByHash, type EnvoyHashStep } from "./envoy/hash.ts";
import { changeEnvoyHeaders, type EnvoyHeadersStep } from "./envoy/headers.ts";
import { changeEnvoyHost, type EnvoyHostStep } from "./envoy/host.ts";
import { type EnvoyJwtStep, judgeJwt } from "./envoy/jwt.ts";
import { type EnvoyLocalLimitStep, limitLocally } from "./envoy/local-limit.ts";
import { copyByEnvoy, type EnvoyMirrorStep } from "./envoy/mirror.ts";
import { type EnvoyRedirectStep, redirectByEnvoy } from "./envoy/redirect.ts";
import {
  type EnvoyRegexRewriteStep,
  type EnvoyRewriteStep,
  rewriteAllByEnvoy,
  rewriteByEnvoy,
} from "./envoy/rewrite.ts";
import { type EnvoyUncheckedStep, refuseUnchecked } from "./envoy/unchecked.ts";
import { type NoUpgradeStep, refuseUpgrade } from "./envoy/upgrade.ts";
import { type ErrorPagesStep, replaceErrors } from "./error-pages.ts";
import { type FastCgiStep, tellApplication } from "./fastcgi.ts";
import { type ForwardedStep, tellClient } from "./forwarded.ts";
import { type GuardStep, requireGuard } from "./guard.ts";
import { applyHeaders, type HeadersStep } from "./headers.ts";
import { type HstsStep, pinToHttps } from "./hsts.ts";
import { type HttpsStep, redirectToHttps } from "./https.ts";
import { copyRequest, type MirrorStep } from "./mirror.ts";
import { type RedirectStep, redirectElsewhere } from "./redirect.ts";
import { overrideResponses, type ResponseOverrideStep } from "./response/response-override.ts";
import { type ResponseRewritesStep, rewriteResponses } from "./response/response-rewrites.ts";
import { type RewriteStep, rewritePath } from "./rewrite.ts";
import { type BodyLimitStep, limitBody } from "./traefik/body-limit.ts";
import { type DashboardStep, showDashboard } from "./traefik/dashboard.ts";
import { type ErrorsStep, watchErrors } from "./traefik/errors.ts";
import { type RefusedEscapesStep, refuseEscapes } from "./traefik/escapes.ts";
import { type MiddlewareHeadersStep, middlewareHeaders } from "./traefik/headers.ts";
import { type MisdirectedStep, refuseMisdirected } from "./traefik/misdirected.ts";
import { type HashByStep, hashBy } from "./traefik/nginx/hash-by.ts";
import { type PassedCertificateStep, passCertificate } from "./traefik/nginx/passed-certificate.ts";
import { redirectToTls, type SslRedirectStep } from "./traefik/nginx/ssl-redirect.ts";
import {
  type AddPrefixStep,
  addPrefix,
  type ReplacePathRegexStep,
  type ReplacePathStep,
  replacePath,
  replacePathRegex,
  type StripPrefixStep,
  stripPrefix,
} from "./traefik/paths.ts";
import {
  type RedirectRegexStep,
  type RedirectSchemeStep,
  redirectByRegex,
  redirectScheme,
} from "./traefik/redirect.ts";
import { type RootRedirectStep, redirectRoot } from "./traefik/root-redirect.ts";
import { type SentHostStep, sendHost } from "./traefik/sent-host.ts";
import { rewriteByTemplate, type TemplateRewriteStep } from "./traefik/template-rewrite.ts";
import { redirectUrl, type UrlRedirectStep } from "./traefik/url-redirect.ts";

/**
 * One effect of a route. Steps run in order; the first with a decision ends the walk. Steps wrap one another:
 * response headers of a step apply to its own answer, to later steps' and to the action's.
 */
export type Step =
  | AddPrefixStep
  | AnswerStep
  | BodyLimitStep
  | ClientCertificateStep
  | CorsStep
  | DashboardStep
  | EndpointsStep
  | EnvoyCorsStep
  | EnvoyAccessStep
  | EnvoyExtAuthStep
  | EnvoyFaultStep
  | EnvoyKeyStep
  | EnvoyPasswordStep
  | ResponseOverrideStep
  | EnvoyHashStep
  | EnvoyHeadersStep
  | EnvoyHostStep
  | EnvoyJwtStep
  | EnvoyLocalLimitStep
  | EnvoyMirrorStep
  | EnvoyRedirectStep
  | EnvoyRegexRewriteStep
  | EnvoyRewriteStep
  | EnvoyUncheckedStep
  | ErrorPagesStep
  | ErrorsStep
  | FastCgiStep
  | ForwardedStep
  | GuardStep
  | HeadersStep
  | HstsStep
  | HttpsStep
  | MiddlewareHeadersStep
  | MirrorStep
  | MisdirectedStep
  | NoUpgradeStep
  | RedirectRegexStep
  | RedirectSchemeStep
  | RedirectStep
  | RefusedEscapesStep
  | ReplacePathRegexStep
  | ReplacePathStep
  | ResponseRewritesStep
  | RewriteStep
  | RootRedirectStep
  | HashByStep
  | PassedCertificateStep
  | SentHostStep
  | SslRedirectStep
  | StripPrefixStep
  | TemplateRewriteStep
  | UrlRedirectStep;

type StepOfKind = { readonly [S in Step as S["kind"]]: S };

/** The function of each kind. `undefined`: no effect, the next step follows. */
const STEPS: {
  readonly [K in Step["kind"]]: (at: Arrival, step: StepOfKind[K]) => Change | undefined;
} = {
  "add-prefix": addPrefix,
  answer: answerAtOnce,
  "body-limit": limitBody,
  "client-certificate": tellCertificate,
  cors: allowOrigin,
  dashboard: showDashboard,
  endpoints: requireEndpoints,
  "envoy-cors": allowEnvoyOrigin,
  "envoy-access": judgeAccess,
  "envoy-ext-auth": askExtAuth,
  "envoy-fault": injectFault,
  "envoy-key": askKey,
  "envoy-password": askPassword,
  "response-override": overrideResponses,
  "envoy-hash": chooseByHash,
  "envoy-headers": changeEnvoyHeaders,
  "envoy-host": changeEnvoyHost,
  "envoy-jwt": judgeJwt,
  "envoy-local-limit": limitLocally,
  "envoy-mirror": copyByEnvoy,
  "envoy-redirect": redirectByEnvoy,
  "envoy-regex-rewrite": rewriteAllByEnvoy,
  "envoy-rewrite": rewriteByEnvoy,
  "envoy-unchecked": refuseUnchecked,
  "error-pages": replaceErrors,
  errors: watchErrors,
  fastcgi: tellApplication,
  forwarded: tellClient,
  guard: requireGuard,
  "hash-by": hashBy,
  headers: applyHeaders,
  hsts: pinToHttps,
  https: redirectToHttps,
  "middleware-headers": middlewareHeaders,
  mirror: copyRequest,
  misdirected: refuseMisdirected,
  "no-upgrade": refuseUpgrade,
  "passed-certificate": passCertificate,
  redirect: redirectElsewhere,
  "redirect-regex": redirectByRegex,
  "redirect-scheme": redirectScheme,
  "refused-escapes": refuseEscapes,
  "replace-path": replacePath,
  "replace-path-regex": replacePathRegex,
  "response-rewrites": rewriteResponses,
  rewrite: rewritePath,
  "root-redirect": redirectRoot,
  "sent-host": sendHost,
  "ssl-redirect": redirectToTls,
  "strip-prefix": stripPrefix,
  "template-rewrite": rewriteByTemplate,
  "url-redirect": redirectUrl,
};

export function takeStep<K extends Step["kind"]>(
  at: Arrival,
  step: StepOfKind[K] & { readonly kind: K },
): Change | undefined {
  return STEPS[step.kind](at, step);
}
