import { append } from "../../../append.ts";
import {
  type Json,
  type JsonObject,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
  jsonStrings,
} from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { Step } from "../../../step/step.ts";
import { ingressName } from "../../problem.ts";
import { placeOf } from "../../route.ts";
import { resolve } from "../backends.ts";
import type { GatewayObjects } from "../objects.ts";
import { accessRule } from "./access.ts";
import { corsStep } from "./cors.ts";
import { localLimits } from "./local-limits.ts";
import { uncheckedSteps } from "./unchecked.ts";

/** `the extAuth of SecurityPolicy default/p` */
function named(policy: CustomResource, field: string): string {
  return `the ${field} of ${policy.kind} ${ingressName(policy)}`;
}

function because(code: Parameters<typeof reason>[0], policy: CustomResource, field: string) {
  return reason(code, named(policy, field), placeOf(policy, `spec.${field}`));
}

/** Who is let in, in Envoy's order: CORS, service, key, password, addresses. */
export function securitySteps(
  policy: CustomResource,
  { hasCors }: { readonly hasCors: boolean },
  objects: GatewayObjects,
): readonly Step[] {
  const { spec } = policy;
  const steps: Step[] = [];
  if (spec.cors !== undefined && !hasCors)
    steps.push(corsStep(jsonFields(spec.cors), named(policy, "cors"), placeOf(policy, "spec.cors")));
  const service = spec.extAuth === undefined ? undefined : extAuth(policy, objects);
  if (service !== undefined) steps.push(service);
  append(steps, uncheckedSteps(policy));
  if (spec.apiKeyAuth !== undefined) steps.push(keys(policy, jsonFields(spec.apiKeyAuth), objects));
  if (spec.basicAuth !== undefined) steps.push(passwords(policy, jsonFields(spec.basicAuth), objects));
  if (spec.authorization !== undefined) steps.push(access(policy, jsonFields(spec.authorization)));
  return steps;
}

function extAuth(policy: CustomResource, objects: GatewayObjects): Step | undefined {
  const http = jsonFields(jsonFields(policy.spec.extAuth).http);
  if (jsonFields(policy.spec.extAuth).grpc !== undefined) return undefined;
  const [first = http.backendRef] = jsonItems(http.backendRefs);
  const from = { kind: policy.kind, metadata: policy.metadata, group: "gateway.envoyproxy.io" };
  const found = resolve(jsonFields(first), from, objects);
  if (found.kind === "invalid") return undefined;
  return {
    kind: "envoy-ext-auth",
    service: found.backend,
    prefix: jsonString(http.path) ?? "",
    toBackend: jsonStrings(http.headersToBackend),
    failure: jsonFields(policy.spec.extAuth).failOpen === true ? "open" : undefined,
    named: named(policy, "extAuth"),
  };
}

function keys(policy: CustomResource, fields: JsonObject, objects: GatewayObjects): Step {
  const { namespace } = policy.metadata;
  const secrets = jsonItems(fields.credentialRefs).map(
    (ref) => objects.secret(`${namespace}/${jsonString(jsonFields(ref).name)}`)?.data,
  );
  const from = jsonItems(fields.extractFrom).map(jsonFields);
  return {
    kind: "envoy-key",
    keys: new Set(
      secrets.flatMap((data) => [...(data?.values() ?? [])].map((key) => key.toString("latin1"))),
    ),
    from: from.flatMap(({ headers, params, cookies }) => [
      ...jsonStrings(headers).map((name) => ({ kind: "header", name: name.toLowerCase() }) as const),
      ...jsonStrings(params).map((name) => ({ kind: "query", name }) as const),
      ...jsonStrings(cookies).map((name) => ({ kind: "cookie", name }) as const),
    ]),
    why: because("basic-auth", policy, "apiKeyAuth"),
  };
}

/** Other hashes than SHA are refused by Envoy. */
const SHA_LINE = /^([^:]+):\{SHA\}(.+)$/;

function passwords(policy: CustomResource, fields: JsonObject, objects: GatewayObjects): Step {
  const secret = objects.secret(`${policy.metadata.namespace}/${jsonString(jsonFields(fields.users).name)}`);
  const users = new Map<string, string>();
  for (const line of (secret?.data.get(".htpasswd")?.toString("latin1") ?? "").split(/\r?\n/)) {
    const [, user, hash] = SHA_LINE.exec(line.trim()) ?? [];
    if (user !== undefined && hash !== undefined) users.set(user, hash);
  }
  return { kind: "envoy-password", users, why: because("basic-auth", policy, "basicAuth") };
}

function access(policy: CustomResource, { rules, defaultAction }: JsonObject): Step {
  return {
    kind: "envoy-access",
    rules: jsonItems(rules).flatMap(accessRule),
    otherwise: defaultAction === "Allow" ? "in" : "out",
    why: because("addresses", policy, "authorization"),
  };
}

/** What a BackendTrafficPolicy does to requests and answers. */
export function trafficSteps(
  policy: CustomResource,
  route: string,
  told: "x-ratelimit" | undefined,
): readonly Step[] {
  const { spec } = policy;
  const steps: Step[] = [];
  const rules = jsonItems(spec.responseOverride).flatMap(overrideRules);
  if (rules.length > 0)
    steps.push({ kind: "response-override", rules, named: named(policy, "responseOverride") });
  const { abort } = jsonFields(spec.faultInjection);
  const { httpStatus, percentage } = jsonFields(abort);
  const status = jsonNumber(httpStatus);
  if (status !== undefined)
    steps.push({
      kind: "envoy-fault",
      status,
      percent: jsonNumber(percentage) ?? 100,
      why: because("fault", policy, "faultInjection"),
    });
  const limit = localLimits(policy, route, told);
  return limit === undefined ? steps : [...steps, limit];
}

function overrideRules(item: Json) {
  const { match, response } = jsonFields(item);
  const { statusCode, body, contentType } = jsonFields(response);
  const made = {
    status: jsonNumber(statusCode),
    text: jsonString(jsonFields(body).inline) ?? "",
    contentType: jsonString(contentType),
  };
  return jsonItems(jsonFields(match).statusCodes).map((code) => {
    const { value, range } = jsonFields(code);
    const { start, end } = jsonFields(range);
    const [from, to] = [
      jsonNumber(start) ?? jsonNumber(value) ?? 0,
      jsonNumber(end) ?? jsonNumber(value) ?? 0,
    ];
    return { from, to, ...made };
  });
}
