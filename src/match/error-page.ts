import type { Decision, HeaderLine, MadeBy, RequestFacts } from "../model/decision.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { Backend, Route } from "../model/route.ts";
import type { ErrorPageSettings } from "../model/settings/error-pages.ts";
import type { RouteSettings } from "../model/settings.ts";
import type { Transport } from "../model/transport.ts";
import { fillHeaders } from "../request/fill-headers.ts";
import { NO_PATH } from "../request/path.ts";
import { servicePortText } from "../request/variables/readers.ts";

/**
 * What answers at a location in place of an error, where `custom-http-errors` says so; `undefined` where the error stands.
 * `because`: why the error is one.
 *
 * nginx asks once (recursive_error_pages off), at the path `/` with the query as it is, by the method and with the body of
 * the request, and its status is the one that counts. Nothing that the location sets on its responses is on this one: it
 * is made at another location, `@custom_…`. (nginx.tmpl, CUSTOM_ERRORS; tried on nginx 1.22.1.)
 */
export function errorPage(
  route: Route,
  request: RequestFacts,
  status: number,
  madeBy: MadeBy,
  because: readonly Reason[],
): Decision | undefined {
  const { errors, denied } = route.settings;
  if (errors === undefined || denied !== undefined || !errors.codes.includes(status)) return undefined;
  // The controller's own default backend is a backend too.
  const intercepted = madeBy === "backend" || (route.backend === undefined && status === errors.own.status);
  if (intercepted && !errors.intercept) return undefined;
  const page = { ...route, settings: NOTHING, transport: transportOfPage(route.transport) };
  const { named, own } = errors;
  const responseHeaders = own.everywhere && fillHeaders(own.everywhere, { request, path: NO_PATH, route });
  const why = [reason("error-page", `${named.codes} hands ${status} to another backend`), ...because];
  const answering = answeringFor(errors, route, request);
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
      madeBy === "arrival" ? earlyHeaders(request, status) : pageHeaders(route, request, status),
    responseHeaders,
    why: [reason("error-page", `${answering.named} answers for the error`), ...why],
  };
}

/** The inner server of the controller's default backend inherits `error_page 404`, and has no such location (nginx.tmpl). */
export const LOOKED_FOR_PAGE: readonly Reason[] = [
  reason(
    "no-error-page",
    "custom-http-errors of the controller's ConfigMap lists 404, and nginx does not find its page for that there",
  ),
];

/**
 * Whose page it is. A location without a Service of its own has no `default-backend` (controller.go, getBackendServers),
 * and statuses of the ConfigMap are the controller's (nginx.tmpl, `error_page` outside of servers).
 */
function answeringFor(
  { answeredBy, defaultBackend, named, own }: ErrorPageSettings,
  { backend }: Route,
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

/** At `@custom_…` nothing of the location holds but nginx's defaults. */
const NOTHING: RouteSettings = { sslRedirect: "never" };

function transportOfPage({
  connectTimeoutMs,
  readTimeoutMs,
  sendTimeoutMs,
  nextUpstream,
}: Transport): Transport {
  return { protocol: "HTTP", bodyLimit: 0, connectTimeoutMs, readTimeoutMs, sendTimeoutMs, nextUpstream };
}

/** What a backend is told of the error that it answers for. */
function pageHeaders(route: Route, request: RequestFacts, status: number): readonly HeaderLine[] {
  return [
    ...errorHeaders(route, request, status),
    ["X-Original-URI", request.target],
    ["Connection", "close"],
  ];
}

/** `$namespace` and the like are empty then, `$best_http_host` as well (measured on the real controller). */
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

/** The headers that go with `X-Code`, to a `default-backend` as well (nginx.tmpl). What is empty is left out. */
export function errorHeaders(
  route: Route,
  { header }: Pick<RequestFacts, "header">,
  code: number,
): readonly HeaderLine[] {
  return [
    ["X-Code", String(code)],
    ["X-Format", header("accept") ?? ""],
    ["X-Namespace", route.settings.errors?.ingress?.namespace ?? ""],
    ["X-Ingress-Name", route.settings.errors?.ingress?.name ?? ""],
    ["X-Service-Name", route.backend?.service ?? ""],
    ["X-Service-Port", servicePortText(route)],
  ];
}
