import type { Decision, HeaderLine, RequestFacts } from "../../model/decision.ts";
import { SENT_EMPTY } from "../../model/empty-value.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { Transport } from "../../model/route/transport.ts";
import { type Backend, mainBackend, type Route, routeWith } from "../../model/route.ts";
import { escapeComponent } from "../../request/path.ts";
import { servicePortText } from "../../request/variables/readers.ts";
import type { Arrival } from "../arrival.ts";
import type { Step } from "../step.ts";
import { targetNow, uriOf } from "./target.ts";

/** `errors`: a Service answers in place of some statuses. */
export interface ErrorsStep {
  readonly kind: "errors";
  readonly statuses: readonly StatusRange[];
  /** `statusRewrites` */
  readonly rewrites: readonly { readonly range: StatusRange; readonly to: number }[];
  /** The page's path, with `{status}`, `{originalStatus}` and `{url}`. */
  readonly query: string;
  /** What `{url}` stands for. default: the URL as the client sent it */
  readonly url?: string | undefined;
  readonly backend: Backend;
  readonly transport: Transport;
  readonly by: string;
  /** The Service is told of the error as by ingress-nginx, and its own status counts. default: neither */
  readonly tells?: { readonly namespace: string; readonly name: string } | undefined;
}

export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

const within = (status: number, { from, to }: StatusRange) => status >= from && status <= to;

/** Nothing happens on the way in. */
export function watchErrors(): undefined {
  return undefined;
}

/** The route of a request with its `{url}` at an `errors`: what the steps before have left of it. */
export function withUrlNow(at: Arrival, place: number): Route {
  const { route } = at;
  const step = route.steps[place];
  if (step?.kind !== "errors" || !step.query.includes("{url}")) return route;
  const url = urlOf(at.request, uriOf(targetNow(at)));
  return routeWith(route, { steps: route.steps.with(place, { ...step, url }) });
}

function urlOf({ scheme, authority, host }: RequestFacts, uri: string): string {
  return `${scheme}://${authority ?? host}${uri}`;
}

/** True if a status of the route's service or of a later step is replaced. */
export function isWatched({ steps }: Pick<Route, "steps">, status: number): boolean {
  for (const step of steps)
    if (step.kind === "errors" && step.statuses.some((range) => within(status, range))) return true;
  return false;
}

/** The page in place of an error: a GET to the Service, whose status is not seen (pkg/middlewares/customerrors). */
export function errorsPage(
  route: Route,
  request: RequestFacts,
  status: number,
  because: readonly Reason[],
): Decision | undefined {
  let page: { readonly step: ErrorsStep; readonly status: number; readonly path: string } | undefined;
  let now = status;
  for (const step of watching(route.steps)) {
    if (!step.statuses.some((range) => within(now, range))) continue;
    const shown = step.rewrites.find(({ range }) => within(now, range))?.to ?? now;
    page = { step, status: shown, path: pathOf(step, { shown, original: now, request }) };
    now = shown;
  }
  if (page === undefined) return undefined;
  const { step, status: shown, path } = page;
  return {
    kind: "forward",
    route: routeWith(route, { steps: [], transport: step.transport }),
    backend: step.backend,
    upstreamPath: path,
    method: "GET",
    anew: true,
    errorPage: shown,
    status: step.tells === undefined ? shown : undefined,
    requestHeaders: [["X-Forwarded-For", ""], ...tellingHeaders(step, route, request, shown)],
    why: [reason("error-page", `${step.by} lets another Service answer for ${status}`), ...because],
  };
}

/** `X-Namespaces` is Traefik's spelling. */
function tellingHeaders(
  { tells }: ErrorsStep,
  route: Route,
  request: RequestFacts,
  status: number,
): readonly HeaderLine[] {
  if (tells === undefined) return [];
  const { namespace, name } = tells;
  return [
    ["X-Code", String(status)],
    ["X-Format", request.header("accept") || SENT_EMPTY],
    ["X-Original-Uri", request.target],
    ["X-Namespaces", namespace],
    ["X-Ingress-Name", name],
    ["X-Service-Name", mainBackend(route)?.service ?? ""],
    ["X-Service-Port", servicePortText(route)],
  ];
}

/** From the innermost. */
function watching(steps: readonly Step[]): readonly ErrorsStep[] {
  return steps.filter((step) => step.kind === "errors").toReversed();
}

function pathOf(
  { query, url: now }: ErrorsStep,
  {
    shown,
    original,
    request,
  }: { readonly shown: number; readonly original: number; readonly request: RequestFacts },
): string {
  const url = now ?? urlOf(request, request.target);
  return `/${query.replace(/^\//, "")}`
    .replaceAll("{status}", String(shown))
    .replaceAll("{originalStatus}", String(original))
    .replaceAll("{url}", () => escapeComponent(url));
}

/** The steps up to one; its decision is not seen by those behind it. */
export function withoutLaterErrors(route: Route, taken: number): Route {
  const isInside = route.steps.some((step, at) => at > taken && step.kind === "errors");
  return isInside ? routeWith(route, { steps: route.steps.slice(0, taken + 1) }) : route;
}
