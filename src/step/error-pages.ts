import type { SetHeader } from "../model/controller.ts";
import type { Decision, ForwardDecision, HeaderLine, MadeBy, RequestFacts } from "../model/decision.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { Transport } from "../model/route/transport.ts";
import { type Backend, mainBackend, type Route, routeWith } from "../model/route.ts";
import { fillHeaders } from "../request/fill-headers.ts";
import { NO_PATH } from "../request/path.ts";
import { servicePortText } from "../request/variables/readers.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";
import { overriddenBy, overridingRule } from "./response/response-override.ts";
import { errorsPage, isWatched } from "./traefik/errors.ts";

/** Another backend answers an error: `custom-http-errors`, `disable-proxy-intercept-errors`. */
export interface ErrorPagesStep {
  readonly kind: "error-pages";
  /** Statuses of the annotation, else of the controller's ConfigMap. */
  readonly codes: readonly number[];
  /** `default-backend` if set, or always the controller's default backend. */
  readonly answeredBy: "default-backend" | "controller";
  /** Also replaces the backend's statuses, not only nginx's own. */
  readonly intercept: boolean;
  /** `default-backend`. Without endpoints it leaves the error to the controller's default backend. */
  readonly defaultBackend?: Backend | undefined;
  readonly own: OwnDefaultBackend;
  /** The Ingress of these annotations. default: a location without Ingress */
  readonly ingress?: { readonly namespace: string; readonly name: string } | undefined;
  /** `the annotation custom-http-errors of Ingress default/web` */
  readonly named: { readonly codes: string; readonly defaultBackend: string };
}

export interface OwnDefaultBackend {
  /** `--default-backend-service`. default, and without endpoints: nginx */
  readonly backend?: Backend | undefined;
  /** nginx's answer: 404, or 500 if the ConfigMap's `custom-http-errors` lists 404. */
  readonly status: 404 | 500;
  /** Headers of responses outside of the location. */
  readonly everywhere?: readonly SetHeader[] | undefined;
}

export function replaceErrors(_: Arrival, step: ErrorPagesStep): Change {
  return { errorPages: step };
}

/** A route's error pages; none after a step that answers every request. */
export function errorPagesOf({ steps }: Pick<Route, "steps">): ErrorPagesStep | undefined {
  for (const step of steps) {
    if (step.kind === "answer") return undefined;
    if (step.kind === "error-pages") return step;
  }
  return undefined;
}

/**
 * True if a backend's status does not reach the client: `proxy_intercept_errors on` with an `error_page` for
 * it.
 */
export function isReplaced(route: Pick<Route, "steps">, status: number): boolean {
  if (overridingRule(route, status) !== undefined) return true;
  const pages = errorPagesOf(route);
  return (pages?.intercept === true && pages.codes.includes(status)) || isWatched(route, status);
}

/**
 * What is answered where the Service of a page, or of a fallback, has no endpoint. Under Traefik it is that Service's answer in
 * its place, with the status of the page (pkg/middlewares/customerrors).
 */
export function withoutPage({ errorPage, anew, status = 503 }: ForwardDecision): {
  readonly status: number;
  readonly text?: string;
} {
  if (errorPage !== undefined && anew === undefined) return { status: 404 };
  return { status, text: NO_SERVER };
}

/** The load balancer's own words (pkg/server/service/loadbalancer). */
const NO_SERVER = "no available server\n";

/**
 * The replacement of an error by `custom-http-errors`; `undefined`: the error stands. `because`: the error's
 * reason
 *
 * nginx asks once (recursive_error_pages off), at `/` with the unchanged query, with the request's method and
 * body, and uses the answer's status. The location's response headers do not apply at `@custom_…`
 * (nginx.tmpl, CUSTOM_ERRORS; tried on nginx 1.22.1).
 */
export function pageFor(
  route: Route,
  request: RequestFacts,
  status: number,
  madeBy: MadeBy,
  because: readonly Reason[],
): Decision | undefined {
  const overridden = overriddenBy(route, status, because);
  if (overridden !== undefined) return overridden;
  const pages = errorPagesOf(route);
  if (pages === undefined) return errorsPage(route, request, status, because);
  if (!pages.codes.includes(status)) return undefined;
  const intercepted =
    madeBy === "backend" || (mainBackend(route) === undefined && status === pages.own.status);
  if (intercepted && !pages.intercept) return undefined;
  const page = routeWith(route, { steps: [], transport: transportOfPage(route.transport) });
  const { named, own, ingress } = pages;
  const responseHeaders = own.everywhere && fillHeaders(own.everywhere, { request, path: NO_PATH, route });
  const why = [reason("error-page", `${named.codes} hands ${status} to another backend`), ...because];
  const answering = answeringFor(pages, mainBackend(route), request);
  if (answering.backend === undefined) {
    const { absent } = answering;
    const answered = reason(
      "controller-default-backend",
      `the controller's own default backend answers, with ${own.status}: ${absent}`,
    );
    const said = own.status === 500 ? [answered, ...LOOKED_FOR_PAGE] : [answered];
    return { kind: "respond", status: own.status, route: page, responseHeaders, why: [...said, ...why] };
  }
  const query = request.target.indexOf("?");
  return {
    kind: "forward",
    route: page,
    backend: answering.backend,
    upstreamPath: `/${query < 0 ? "" : request.target.slice(query)}`,
    errorPage: status,
    requestHeaders:
      madeBy === "arrival" ? earlyHeaders(request, status) : pageHeaders(route, ingress, request, status),
    responseHeaders,
    why: [reason("error-page", `${answering.named} answers for the error`), ...why],
  };
}

/**
 * The inner server of the controller's default backend inherits `error_page 404` but lacks such a location
 * (nginx.tmpl).
 */
export const LOOKED_FOR_PAGE: readonly Reason[] = [
  reason(
    "no-error-page",
    "custom-http-errors of the controller's ConfigMap lists 404, and nginx does not find its page for that there",
  ),
];

/**
 * The owner of the page. A location without a Service has no `default-backend` (controller.go,
 * getBackendServers), and statuses of the ConfigMap are the controller's (nginx.tmpl, `error_page` outside of
 * servers).
 */
function answeringFor(
  { answeredBy, defaultBackend, named, own }: ErrorPagesStep,
  backend: Backend | undefined,
  request: RequestFacts,
):
  | { readonly backend: Backend; readonly named: string }
  | { readonly backend: undefined; readonly absent: string } {
  const candidates = [
    {
      backend: answeredBy === "controller" || backend === undefined ? undefined : defaultBackend,
      named: named.defaultBackend,
    },
    { backend: own.backend, named: "--default-backend-service" },
  ];
  let absent = backend === undefined && defaultBackend !== undefined ? NOT_HERE : NONE;
  for (const candidate of candidates) {
    if (candidate.backend === undefined) continue;
    const empty = request.noEndpoints(candidate.backend, "HTTP");
    if (empty === undefined) return { backend: candidate.backend, named: candidate.named };
    absent = empty;
  }
  return { backend: undefined, absent };
}

const NONE = "there is no default-backend beside it";
const NOT_HERE = "default-backend answers for errors only where a path leads to a Service";

/** `@custom_…` has only nginx's defaults. */
function transportOfPage({
  connectTimeoutMs,
  readTimeoutMs,
  sendTimeoutMs,
  nextUpstream,
}: Transport): Transport {
  return { protocol: "HTTP", bodyLimit: 0, connectTimeoutMs, readTimeoutMs, sendTimeoutMs, nextUpstream };
}

/** Headers that describe the error to its backend. */
function pageHeaders(
  route: Route,
  ingress: ErrorPagesStep["ingress"],
  request: RequestFacts,
  status: number,
): readonly HeaderLine[] {
  return [
    ...errorHeaders(route, ingress, request, status),
    ["X-Original-URI", request.target],
    ["Connection", "close"],
  ];
}

/**
 * `$namespace` and similar variables are empty then, `$best_http_host` too (measured on the real controller).
 */
function earlyHeaders({ header, target }: RequestFacts, status: number): readonly HeaderLine[] {
  return [
    ["X-Code", String(status)],
    ["X-Format", header("accept") ?? ""],
    ["X-Namespace", ""],
    ["X-Ingress-Name", ""],
    ["X-Service-Name", ""],
    ["X-Service-Port", ""],
    ["X-Original-URI", target],
    ["Host", ""],
    ["Connection", "close"],
  ];
}

/** Headers beside `X-Code`, for a `default-backend` too (nginx.tmpl). Empty ones are left out. */
export function errorHeaders(
  route: Route,
  ingress: ErrorPagesStep["ingress"],
  { header }: Pick<RequestFacts, "header">,
  code: number,
): readonly HeaderLine[] {
  return [
    ["X-Code", String(code)],
    ["X-Format", header("accept") ?? ""],
    ["X-Namespace", ingress?.namespace ?? ""],
    ["X-Ingress-Name", ingress?.name ?? ""],
    ["X-Service-Name", mainBackend(route)?.service ?? ""],
    ["X-Service-Port", servicePortText(route)],
  ];
}
