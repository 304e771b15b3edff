import type { Decision, HeaderLine, RequestFacts } from "../model/decision.ts";
import type { Route } from "../model/route.ts";
import type { RouteSettings } from "../model/settings.ts";
import { servicePortText } from "./variables.ts";

/** Who made a status: nginx at the location, or the backend. */
export type MadeBy = "location" | "backend";

/**
 * What answers at a location in place of an error, where `custom-http-errors` says so; `undefined` where the error stands.
 * `because`: why the error is one, in sentences.
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
  because: readonly string[],
): Decision | undefined {
  const { errors, denied } = route.settings;
  if (errors === undefined || denied !== undefined || !errors.codes.includes(status)) return undefined;
  // The controller's own default backend is a backend too.
  const intercepted = madeBy === "backend" || (route.backend === undefined && status === 404);
  if (intercepted && !errors.intercept) return undefined;
  const page = { ...route, settings: settingsOfPage(route.settings) };
  const { named } = errors;
  // A path that no rule has leads to no Service, and only for those that do is the upstream made (getBackendServers).
  const defaultBackend = route.backend === undefined ? undefined : errors.defaultBackend;
  const empty = defaultBackend && request.noEndpoints(defaultBackend, page.settings);
  const why = [`${named.codes} hands ${status} to another backend`, ...because];
  if (defaultBackend === undefined || empty !== undefined) {
    const absent = empty ?? (errors.defaultBackend === undefined ? NONE : NOT_HERE);
    return {
      kind: "respond",
      status: 404,
      route: page,
      why: [`the controller's own default backend answers, with 404: ${absent}`, ...why],
    };
  }
  const query = request.target.indexOf("?");
  return {
    kind: "forward",
    route: page,
    backend: defaultBackend,
    upstreamPath: `/${query < 0 ? "" : request.target.slice(query)}`,
    errorPage: status,
    requestHeaders: pageHeaders(route, request, status),
    why: [`${named.defaultBackend} answers for the error`, ...why],
  };
}

const NONE = "there is no default-backend beside it";
const NOT_HERE = "default-backend answers for errors only where a path leads to a Service";

/** At `@custom_…` nothing of the location holds but nginx's defaults. */
function settingsOfPage(settings: RouteSettings): RouteSettings {
  const { connectTimeoutMs, readTimeoutMs, sendTimeoutMs, nextUpstream } = settings;
  return {
    sslRedirect: "never",
    backendProtocol: "HTTP",
    bodyLimit: 0,
    connectTimeoutMs,
    readTimeoutMs,
    sendTimeoutMs,
    nextUpstream,
  };
}

/** What a backend is told of the error that it answers for. */
function pageHeaders(route: Route, request: RequestFacts, status: number): readonly HeaderLine[] {
  return [
    ...errorHeaders(route, request, status),
    ["X-Original-URI", request.target],
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
    ["X-Namespace", route.settings.errors?.ingress.namespace ?? ""],
    ["X-Ingress-Name", route.settings.errors?.ingress.name ?? ""],
    ["X-Service-Name", route.backend?.service ?? ""],
    ["X-Service-Port", servicePortText(route)],
  ];
}
