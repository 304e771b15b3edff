import type { HeaderLine } from "../../model/decision.ts";
import type { BackendProtocol } from "../../model/route/transport.ts";
import type { VariableText } from "../../model/route/variable-text.ts";
import type { ClientAuth } from "../../model/tls/server-tls.ts";
import type { ClientCertificateStep } from "../../step/client-certificate.ts";
import { ENDPOINTS_STEP } from "../../step/endpoints.ts";
import type { HeadersStep } from "../../step/headers.ts";
import type { HttpsStep } from "../../step/https.ts";
import type { RewriteStep } from "../../step/rewrite.ts";
import type { Step } from "../../step/step.ts";
import type { ServerParts } from "./locations/location-routes.ts";
import type { LocationSettings, RequestHeaders } from "./locations/location-settings.ts";
import type { ControllerSteps } from "./steps/controller-steps.ts";
import { guardSteps } from "./steps/guard-steps.ts";

/** What a server says of the steps of its locations. */
type ServerOfSteps = Pick<ServerParts, "certificate" | "clientAuth" | "controller">;

export interface LocationOfSteps {
  readonly settings: LocationSettings;
  readonly protocol: BackendProtocol;
  readonly rewrite: RewriteStep | undefined;
}

/**
 * A location's steps in nginx's order. Response headers come first, because they apply to any answer; then
 * nginx's phases: rewrite (up to `ENDPOINTS_STEP`), preaccess and access (guards), precontent (mirror),
 * content.
 */
export function stepsOf(location: LocationOfSteps, server: ServerOfSteps): readonly Step[] {
  const { settings, protocol, rewrite } = location;
  const { clientAuth, controller, certificate } = server;
  const isAlone = rewrite !== undefined || protocol === "FCGI" || clientAuth !== undefined;
  if (isAlone) return inOrder(location, server);
  const lists = controller.lists[certificate === "possible" ? "certified" : "plain"];
  const known = lists.get(settings);
  if (known !== undefined) return known;
  const steps = inOrder(location, server);
  lists.set(settings, steps);
  return steps;
}

function inOrder(
  { settings, protocol, rewrite }: LocationOfSteps,
  { clientAuth, controller, certificate: own }: ServerOfSteps,
): readonly Step[] {
  const { denied, responseHeaders, fastCgi } = settings;
  const certificate = certificateStep(clientAuth);
  const chain = controller.options.forwarded?.chain ?? "client";
  const guards = settings.guards === undefined ? [] : guardSteps(settings.guards, { chain, certificate });
  const steps: readonly (Step | undefined)[] = [
    controller.hsts,
    controller.response,
    responseHeaders && { kind: "headers", response: responseHeaders },
    denied && { kind: "answer", status: 503, why: [denied] },
    settings.errorPages?.codes.length === 0 ? undefined : settings.errorPages,
    settings.cors,
    settings.redirect,
    rewrite,
    httpsStep(settings, own, controller),
    controller.forwarded,
    certificate,
    requestHeadersStep(settings.requestHeaders, rewrite),
    controller.request,
    guards.length === 0 ? undefined : ENDPOINTS_STEP,
    ...guards,
    settings.mirror,
    protocol === "FCGI" ? (fastCgi ?? { kind: "fastcgi", params: [] }) : undefined,
    settings.responseRewrites,
  ];
  return steps.filter((step) => step !== undefined);
}

/** `ssl-client-*`: told to backends where the server asks for certificates. */
function certificateStep(clientAuth: ClientAuth | undefined): ClientCertificateStep | undefined {
  if (clientAuth === undefined || !clientAuth.asked) return undefined;
  const { verify, passCertificate: passed } = clientAuth;
  return { kind: "client-certificate", asked: verify !== "off", passed };
}

function httpsStep(
  { sslRedirect, redirectForm }: LocationSettings,
  certificate: ServerParts["certificate"],
  { options, https }: ControllerSteps,
): HttpsStep | undefined {
  if (sslRedirect === "never") return undefined;
  if (sslRedirect === "with-tls" && certificate === "none") return undefined;
  const { keepsSlash = false, namesPort = false } = redirectForm ?? {};
  const key = `${sslRedirect} ${keepsSlash} ${namesPort}`;
  const known = https.get(key);
  if (known !== undefined) return known;
  const when = sslRedirect === "always" ? "always" : "certificate";
  const { noTlsRedirect: except, redirectStatus: status } = options;
  const made: HttpsStep = { kind: "https", when, except, status, keepsSlash, namesPort };
  https.set(key, made);
  return made;
}

function requestHeadersStep(
  headers: RequestHeaders | undefined,
  rewrite: RewriteStep | undefined,
): HeadersStep | undefined {
  if (headers === undefined) return undefined;
  const { host, connection, prefix } = headers;
  const request: (HeaderLine | readonly [string, VariableText])[] = [];
  if (host !== undefined) request.push(["Host", host]);
  if (connection !== undefined) request.push(["Connection", connection]);
  if (prefix !== undefined && rewrite !== undefined) request.push(["X-Forwarded-Prefix", prefix]);
  return request.length === 0 ? undefined : { kind: "headers", request };
}
