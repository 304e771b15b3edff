import { append } from "../../../append.ts";
import {
  type JsonObject,
  jsonBoolean,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
} from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { GuardStep } from "../../../step/guard.ts";
import type { Step } from "../../../step/step.ts";
import { ingressName } from "../../problem.ts";
import { contourTransport } from "../transport.ts";
import { headersAsked } from "./conditions/header-conditions.ts";
import { joinedPath } from "./conditions/path-conditions.ts";
import { queriesAsked } from "./conditions/query-conditions.ts";
import { isRoot, type ProxyContext } from "./context.ts";
import { routeFault } from "./faults/route-faults.ts";
import { isUnasked } from "./guards/authorization.ts";
import { jwtOfRoute } from "./guards/jwt.ts";
import { ipFilterOf, ipSteps, limitStep, policyReason } from "./guards.ts";
import { headerChanges, isChangeable, type PolicyOwner, writtenPolicy } from "./header-policy.ts";
import { includeFault } from "./includes.ts";
import { hashingOf } from "./load-balancing.ts";
import { prefixReplacement } from "./prefix-replacement.ts";
import { actionOf } from "./route-action.ts";
import { servicesOf } from "./services.ts";
import { type WrittenRoute, withSlashes } from "./written-route.ts";

/** How an HTTPProxy is come to. */
interface Way {
  readonly conditions: readonly JsonObject[];
  readonly through: readonly string[];
  /** The root has TLS. */
  readonly isSecure: boolean;
  /** The root's JWT provider for routes that name none. */
  readonly jwt: string | undefined;
}

/** The routes of an HTTPProxy and of what it includes; included ones first. */
export function routesOfProxy(
  proxy: CustomResource,
  way: Way,
  context: ProxyContext,
): readonly WrittenRoute[] {
  const name = ingressName(proxy);
  const { statuses } = context;
  if (way.through.includes(name)) {
    const message = `include creates an include cycle: ${[...way.through, name].join(" -> ")}`;
    statuses.error(proxy, ["IncludeError", "IncludeCreatesCycle", message], "spec.includes");
    return [];
  }
  const through = [...way.through, name];
  const made = includedRoutes(proxy, { ...way, through }, context);
  let service: PolicyOwner["service"];
  for (const [at, route] of jsonItems(proxy.spec.routes).map(jsonFields).entries()) {
    const written = routeOf(proxy, route, `spec.routes[${at}]`, { ...way, service }, context);
    if (written === undefined) return [];
    made.push(written);
    service = lastServiceOf(proxy, route, context) ?? service;
  }
  return withSlashes(made);
}

function includedRoutes(proxy: CustomResource, way: Way, context: ProxyContext): WrittenRoute[] {
  const { statuses, proxies, reached } = context;
  const made: WrittenRoute[] = [];
  const seen = new Set<string>();
  for (const [at, include] of jsonItems(proxy.spec.includes).map(jsonFields).entries()) {
    const field = `spec.includes[${at}]`;
    const conditions = jsonItems(include.conditions).map(jsonFields);
    const fault = includeFault(conditions, seen);
    if (fault !== undefined) {
      statuses.error(proxy, fault, field);
      continue;
    }
    const name = `${jsonString(include.namespace) || proxy.metadata.namespace}/${jsonString(include.name) ?? ""}`;
    const child = proxies.get(name);
    if (child !== undefined && !isRoot(child)) {
      const inside = { ...way, conditions: [...way.conditions, ...conditions] };
      append(
        made,
        statuses.visit(child, () => routesOfProxy(child, inside, context)),
      );
      reached.add(child);
      continue;
    }
    const message =
      child === undefined
        ? `include ${name} not found`
        : `root httpproxy cannot include another root httpproxy (${name})`;
    statuses.error(
      proxy,
      ["IncludeError", child === undefined ? "IncludeNotFound" : "RootIncludesRoot", message],
      field,
    );
    if (conditions.length > 0) made.push(standIn(proxy, field, conditions, name));
  }
  return made;
}

/** Contour answers 502 at the conditions of the include itself. */
function standIn(
  proxy: CustomResource,
  field: string,
  conditions: readonly JsonObject[],
  name: string,
): WrittenRoute {
  const path = joinedPath(conditions);
  const why = [
    reason(
      "direct-response",
      `the HTTPProxy ${name} that is included here is not there: Contour answers 502`,
    ),
  ];
  return {
    ...{ proxy, field, why },
    path: path.kind === "refused" ? { kind: "prefix", text: "/" } : path,
    asked: [...headersAsked(conditions), ...queriesAsked(conditions)],
    ...{ toHttps: false, websockets: false, steps: [], isRouted: false, isStandIn: true },
    action: { kind: "respond", status: 502, text: "", why },
    transport: contourTransport(""),
  };
}

function routeOf(
  proxy: CustomResource,
  route: JsonObject,
  field: string,
  { conditions, isSecure, jwt: usual, service }: Way & Pick<PolicyOwner, "service">,
  context: ProxyContext,
): WrittenRoute | undefined {
  const { statuses, settings } = context;
  const own = jsonItems(route.conditions).map(jsonFields);
  const all = [...conditions, ...own];
  const fault = routeFault(route, own, all);
  if (fault !== undefined) return statuses.error(proxy, ["RouteError", ...fault], field);
  const { by, warnings, strategy } = hashingOf(route.loadBalancerPolicy);
  for (const warning of warnings)
    statuses.warning(proxy, ["SpecError", "IgnoredField", warning], `${field}.loadBalancerPolicy`);
  const path = joinedPath(all);
  if (path.kind === "refused") {
    const message = `route: supplied regex: invalid. error: ${path.why}`;
    return statuses.error(proxy, ["RouteError", "PathMatchConditionsNotValid", message], field);
  }
  const replacement = prefixReplacement(route, path);
  if (replacement.kind === "refused")
    return statuses.error(proxy, ["PrefixReplaceError", ...replacement.fault], field);
  const services = servicesOf(proxy, route, field, strategy, context);
  if (services === undefined) return undefined;
  const jwt = jwtOfRoute(route, usual);
  if (jwt.fault !== undefined) return statuses.error(proxy, jwt.fault, `${field}.jwtVerificationPolicy`);
  const filter = filterOf(proxy, route, field, context);
  if (filter === "refused") return undefined;
  const { steps, action, transport } = actionOf(route, path, services.shares, settings);
  const isRouted = action.kind === "forward";
  const isInsecure = jsonBoolean(route.permitInsecure) === true && settings.permitInsecure === "honoured";
  const name = ingressName(proxy);
  return {
    ...{ proxy, field, path, action, transport, filter },
    asked: [...headersAsked(all), ...queriesAsked(all)],
    rewrite: replacement.to,
    toHttps: isSecure && !isInsecure,
    websockets: jsonBoolean(route.enableWebsockets) === true,
    limit: (place) =>
      limitStep(
        route.rateLimitPolicy,
        `${name} ${field} ${place}`,
        policyReason("rateLimitPolicy", name, "limits"),
      ),
    steps: [
      ...headerSteps(proxy, route, service),
      ...steps,
      ...(isRouted && services.mirror !== undefined ? [services.mirror] : []),
      ...(isRouted && by.length > 0 ? [{ kind: "envoy-hash", by } as const] : []),
    ],
    ...{ isRouted, jwt: jwt.provider },
    isUnasked: isUnasked(route) && route.requestRedirectPolicy === undefined,
  };
}

/** Contour leaves the names of a route's last Service in place for the policies of the next route (dynamicHeaders). */
function lastServiceOf(
  { metadata: { namespace } }: CustomResource,
  { services }: JsonObject,
  { objects }: ProxyContext,
): PolicyOwner["service"] {
  const found = jsonItems(services)
    .map(jsonFields)
    .findLast(({ name, port }) => {
      const backend = { namespace, service: jsonString(name) ?? "", port: { number: jsonNumber(port) ?? 0 } };
      return objects.target(backend).kind === "target";
    });
  return found && { name: jsonString(found.name) ?? "", port: jsonNumber(found.port) ?? 0 };
}

/** Not on redirects and direct responses. */
function headerSteps(
  proxy: CustomResource,
  { requestHeadersPolicy, responseHeadersPolicy, services }: JsonObject,
  service: PolicyOwner["service"],
): readonly Step[] {
  if (jsonItems(services).length === 0) return [];
  const owner = { namespace: proxy.metadata.namespace, service, of: "route" } as const;
  const request = headerChanges(writtenPolicy(requestHeadersPolicy), owner);
  const response = headerChanges(writtenPolicy(responseHeadersPolicy), owner).filter(isChangeable);
  return request.length === 0 && response.length === 0 ? [] : [{ kind: "envoy-headers", request, response }];
}

function filterOf(
  proxy: CustomResource,
  route: JsonObject,
  field: string,
  { statuses }: ProxyContext,
): readonly GuardStep[] | "refused" | undefined {
  const filter = ipFilterOf(route);
  if (filter === undefined) return undefined;
  if (filter === "both") {
    const message = "cannot specify both `ipAllowPolicy` and `ipDenyPolicy`";
    statuses.error(proxy, ["IPFilterError", "IncompatibleIPAddressFilters", message], field);
    return "refused";
  }
  for (const message of filter.faults)
    statuses.error(proxy, ["IPFilterError", "InvalidCIDR", message], field);
  if (filter.fatal !== undefined) return "refused";
  const name = filter.side === "allow" ? "ipAllowPolicy" : "ipDenyPolicy";
  return ipSteps(filter, policyReason(name, ingressName(proxy), "addresses"));
}
