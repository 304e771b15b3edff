import {
  type JsonObject,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
  jsonStrings,
} from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import type { Action, RespondAction, Share } from "../../../model/route/action.ts";
import type { FollowedRedirects, Transport } from "../../../model/route/transport.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { RedirectPath } from "../../../step/envoy/redirect.ts";
import type { Step } from "../../../step/step.ts";
import type { PathAsked } from "../draft.ts";
import type { ContourSettings } from "../settings.ts";
import { contourTransport, DEFAULT_TIMEOUT_MS, type Retries, timeoutMs } from "../transport.ts";
import type { RouteService } from "./services.ts";

/** What a route does, behind its guards. */
interface RouteAction {
  readonly steps: readonly Step[];
  readonly action: Action;
  readonly transport: Transport;
}

/** Of all routes that say nothing else. */
type Timeouts = Pick<ContourSettings, "connectMs" | "streamIdleMs">;

const NOTHING: RespondAction = { kind: "respond", status: 503, text: "", why: [] };

export function actionOf(
  route: JsonObject,
  path: PathAsked,
  services: readonly RouteService[],
  settings: Timeouts,
): RouteAction {
  const transport = transportOf(route, services[0], settings);
  if (route.requestRedirectPolicy !== undefined)
    return { steps: [redirectOf(jsonFields(route.requestRedirectPolicy), path)], action: NOTHING, transport };
  if (route.directResponsePolicy !== undefined)
    return { ...directOf(jsonFields(route.directResponsePolicy)), transport };
  const total = services.reduce((sum, { weight }) => sum + weight, 0);
  const [first, ...others] = services
    .filter(({ weight }) => weight > 0 || total === 0)
    .map((service) => shareOf(service, total === 0, transport, transportOf(route, service, settings)));
  if (first === undefined) {
    const why = [reason("direct-response", "the route has no Service that can be used: Contour answers 503")];
    return { steps: [], action: { ...NOTHING, why }, transport };
  }
  return { steps: [], action: { kind: "forward", shares: [first, ...others] }, transport };
}

function shareOf(service: RouteService, isEqual: boolean, usual: Transport, transport: Transport): Share {
  const { target, weight, steps } = service;
  return {
    backend: target.backend,
    weight: isEqual ? 1 : weight,
    steps: steps.length === 0 ? undefined : steps,
    transport: transport.protocol === usual.protocol && transport.tls === usual.tls ? undefined : transport,
  };
}

function transportOf(
  { timeoutPolicy, retryPolicy, internalRedirectPolicy }: JsonObject,
  service: RouteService | undefined,
  { connectMs, streamIdleMs }: Timeouts,
): Transport {
  const timeout = timeoutMs(jsonString(jsonFields(timeoutPolicy).response), DEFAULT_TIMEOUT_MS);
  const idle = timeoutMs(jsonString(jsonFields(timeoutPolicy).idle), streamIdleMs);
  const retries = retryPolicy === undefined ? undefined : retriesOf(jsonFields(retryPolicy));
  const redirects = internalRedirectPolicy && redirectsOf(jsonFields(internalRedirectPolicy));
  return contourTransport(service?.spoken ?? "", timeout, {
    ...{ retries, idleMs: idle, connectMs, tls: service?.tls },
    redirects: redirects || undefined,
  });
}

/** Routes have no names, so that a repeated one is any second one (`denyRepeatedRouteRedirect`). */
function redirectsOf({
  redirectResponseCodes,
  maxInternalRedirects,
  denyRepeatedRouteRedirect,
  allowCrossSchemeRedirect,
}: JsonObject): FollowedRedirects {
  const codes = jsonItems(redirectResponseCodes).map(Number);
  const most = jsonNumber(maxInternalRedirects) || 1;
  return {
    statuses: new Set(codes.length === 0 ? [302] : codes),
    most: denyRepeatedRouteRedirect === true ? Math.min(most, 1) : most,
    schemes:
      allowCrossSchemeRedirect === "Always"
        ? "both"
        : allowCrossSchemeRedirect === "SafeOnly"
          ? "down"
          : undefined,
  };
}

function retriesOf(policy: JsonObject): Retries {
  const on = jsonStrings(policy.retryOn);
  const count = jsonNumber(policy.count) ?? 1;
  return {
    on: on.length === 0 ? ["5xx"] : on,
    many: count === -1 ? 0 : Math.max(count, 1),
    perTryMs: timeoutMs(jsonString(policy.perTryTimeout), undefined),
    statuses: jsonItems(policy.retriableStatusCodes).map(Number),
  };
}

/** A prefix stands in place of all that an expression has matched. */
function redirectOf(policy: JsonObject, { kind, text }: PathAsked): Step {
  const [whole, prefix] = [jsonString(policy.path), jsonString(policy.prefix)];
  const path = whole ?? (kind === "regex" ? prefix : undefined);
  const to: RedirectPath | undefined =
    path !== undefined
      ? { kind: "whole", to: textAsBytes(path) }
      : prefix !== undefined
        ? { kind: "prefix", from: textAsBytes(text), to: textAsBytes(prefix) }
        : undefined;
  return {
    kind: "envoy-redirect",
    status: jsonNumber(policy.statusCode) ?? 302,
    scheme: jsonString(policy.scheme),
    host: jsonString(policy.hostname),
    port: jsonNumber(policy.port),
    path: to,
    why: [reason("redirect", "requestRedirectPolicy answers every request of this route")],
  };
}

/** A 301 also names the request's own URL. */
function directOf(policy: JsonObject): Pick<RouteAction, "steps" | "action"> {
  const status = jsonNumber(policy.statusCode) ?? 200;
  const why = [reason("direct-response", "directResponsePolicy answers every request of this route")];
  const text = jsonString(policy.body) ?? "";
  const action: Action = { kind: "respond", status, text, why };
  return { action, steps: status === 301 ? [{ kind: "envoy-redirect", status, why }] : [] };
}
