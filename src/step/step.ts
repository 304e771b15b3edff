import { type AnswerStep, answerAtOnce } from "./answer.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";
import { type ClientCertificateStep, tellCertificate } from "./client-certificate.ts";
import { allowOrigin, type CorsStep } from "./cors.ts";
import { type EndpointsStep, requireEndpoints } from "./endpoints.ts";
import { type ErrorPagesStep, replaceErrors } from "./error-pages.ts";
import { type FastCgiStep, tellApplication } from "./fastcgi.ts";
import { type ForwardedStep, tellClient } from "./forwarded.ts";
import { type GuardStep, requireGuard } from "./guard.ts";
import { applyHeaders, type HeadersStep } from "./headers.ts";
import { type HstsStep, pinToHttps } from "./hsts.ts";
import { type HttpsStep, redirectToHttps } from "./https.ts";
import { copyRequest, type MirrorStep } from "./mirror.ts";
import { type RedirectStep, redirectElsewhere } from "./redirect.ts";
import { type ResponseRewritesStep, rewriteResponses } from "./response-rewrites.ts";
import { type RewriteStep, rewritePath } from "./rewrite.ts";

/**
 * One thing that a route does with its requests. Steps are taken in their order; the first with a decision ends the walk.
 * What a step sets on responses holds for every answer of its own, of a later step, of the action: steps wrap one another.
 */
export type Step =
  | AnswerStep
  | ClientCertificateStep
  | CorsStep
  | EndpointsStep
  | ErrorPagesStep
  | FastCgiStep
  | ForwardedStep
  | GuardStep
  | HeadersStep
  | HstsStep
  | HttpsStep
  | MirrorStep
  | RedirectStep
  | ResponseRewritesStep
  | RewriteStep;

type StepOfKind = { readonly [S in Step as S["kind"]]: S };

/** Every kind of step with its function. `undefined`: nothing to do, and the next step is taken. */
export const STEPS: {
  readonly [K in Step["kind"]]: (at: Arrival, step: StepOfKind[K]) => Change | undefined;
} = {
  answer: answerAtOnce,
  "client-certificate": tellCertificate,
  cors: allowOrigin,
  endpoints: requireEndpoints,
  "error-pages": replaceErrors,
  fastcgi: tellApplication,
  forwarded: tellClient,
  guard: requireGuard,
  headers: applyHeaders,
  hsts: pinToHttps,
  https: redirectToHttps,
  mirror: copyRequest,
  redirect: redirectElsewhere,
  "response-rewrites": rewriteResponses,
  rewrite: rewritePath,
};

export function takeStep<K extends Step["kind"]>(
  at: Arrival,
  step: StepOfKind[K] & { readonly kind: K },
): Change | undefined {
  return STEPS[step.kind](at, step);
}
