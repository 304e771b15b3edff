import { type JsonObject, jsonFields, jsonItems } from "../../../../model/json.ts";
import { headersFault } from "../conditions/header-conditions.ts";
import { pathFault } from "../conditions/path-conditions.ts";
import { queriesFault } from "../conditions/query-conditions.ts";
import { cookiesFault } from "../cookie-rewrites.ts";
import { limitFault } from "../guards.ts";
import { policyFault, writtenPolicy } from "../header-policy.ts";

type Fault = readonly [reason: string, message: string];

/** The first thing for which Contour drops all routes of an HTTPProxy. `all`: with the conditions of its includes. */
export function routeFault(
  route: JsonObject,
  own: readonly JsonObject[],
  all: readonly JsonObject[],
): Fault | undefined {
  const { requestRedirectPolicy, directResponsePolicy, services } = route;
  const actions = [
    jsonItems(services).length > 0,
    requestRedirectPolicy !== undefined,
    directResponsePolicy !== undefined,
  ].filter(Boolean);
  if (actions.length !== 1)
    return [
      "RouteActionCountNotValid",
      "must set exactly one of route.services or route.requestRedirectPolicy or route.directResponsePolicy",
    ];
  const path = pathFault(own);
  if (path !== undefined) return ["PathMatchConditionsNotValid", `route: ${path}`];
  const headers = headersFault(all);
  if (headers !== undefined) return ["HeaderMatchConditionsNotValid", headers];
  const queries = queriesFault(all);
  if (queries !== undefined) return ["QueryParameterMatchConditionsNotValid", queries];
  const request = policyFault(writtenPolicy(route.requestHeadersPolicy), "request");
  if (request !== undefined) return ["RequestHeadersPolicyInvalid", `${request} on request headers`];
  const response = policyFault(writtenPolicy(route.responseHeadersPolicy), "response");
  if (response !== undefined) return ["ResponseHeaderPolicyInvalid", `${response} on response headers`];
  const cookies = cookiesFault(route.cookieRewritePolicies);
  if (cookies !== undefined)
    return ["CookieRewritePoliciesInvalid", `${cookies} on route cookie rewrite rules`];
  const limit = limitFault(route.rateLimitPolicy);
  if (limit !== undefined) return ["RateLimitPolicyNotValid", `route.rateLimitPolicy is invalid: ${limit}`];
  const redirect = jsonFields(requestRedirectPolicy);
  if (redirect.path !== undefined && redirect.prefix !== undefined)
    return [
      "RequestRedirectPolicy",
      "route.requestRedirectPolicy is invalid: cannot specify both redirect path and redirect prefix",
    ];
  return undefined;
}
