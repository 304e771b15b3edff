import type { Rate } from "../../../model/guard.ts";
import {
  type Json,
  type JsonObject,
  jsonBoolean,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
} from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { Condition, TextTest } from "../../../model/route/selection.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { LocalLimitRule } from "../../../step/envoy/local-limit.ts";
import type { Step } from "../../../step/step.ts";
import { readAddresses } from "../../nginx-annotations/addresses.ts";
import { ingressName } from "../../problem.ts";
import { placeOf } from "../../route.ts";

/** `rateLimit.local` of a BackendTrafficPolicy. `told`: whether answers say what is left */
export function localLimits(
  policy: CustomResource,
  route: string,
  told: "x-ratelimit" | undefined,
): Step | undefined {
  const { local } = jsonFields(policy.spec.rateLimit);
  if (local === undefined) return undefined;
  const written = jsonItems(jsonFields(local).rules).map(jsonFields);
  const zone = `${ingressName(policy)} ${route}`;
  const rules: LocalLimitRule[] = [];
  let otherwise: Rate | undefined;
  for (const [at, rule] of written.entries()) {
    const rate = rateOf(jsonFields(rule.limit), `${zone} ${at}`);
    if (rate === undefined) continue;
    const selectors = jsonItems(rule.clientSelectors).map(jsonFields);
    if (selectors.length === 0) otherwise ??= rate;
    else rules.push(ruleOf(rate, selectors));
  }
  if (rules.length === 0 && otherwise === undefined) return undefined;
  const why = reason(
    "limits",
    `the rateLimit of ${policy.kind} ${ingressName(policy)}`,
    placeOf(policy, "spec.rateLimit"),
  );
  return { kind: "envoy-local-limit", rules, otherwise, told, why };
}

/** unit: s */
const UNITS: ReadonlyMap<Json | undefined, number> = new Map([
  ["Second", 1],
  ["Minute", 60],
  ["Hour", 3_600],
  ["Day", 86_400],
  ["Month", 2_592_000],
  ["Year", 31_536_000],
]);

function rateOf({ requests, unit }: JsonObject, zone: string): Rate | undefined {
  const most = jsonNumber(requests);
  const seconds = UNITS.get(unit);
  if (most === undefined || seconds === undefined) return undefined;
  return { zone, annotation: "rateLimit", perSecond: (1_000 * most) / seconds, burst: most - 1 };
}

function ruleOf(rate: Rate, selectors: readonly JsonObject[]): LocalLimitRule {
  const headers = selectors.flatMap((each) => jsonItems(each.headers)).map(jsonFields);
  const networks = selectors
    .map(({ sourceCIDR }) => jsonFields(sourceCIDR))
    .filter(({ value }) => value !== undefined);
  const isDistinct = ({ type }: JsonObject) => type === "Distinct";
  return {
    rate,
    when: [
      ...headers.filter((header) => !isDistinct(header)).map(headerCondition),
      ...selectors.flatMap(({ methods }) => methodCondition(methods)),
      ...selectors.flatMap(({ path }) => pathCondition(path)),
      ...networks.flatMap(({ value }) => networkCondition(jsonString(value) ?? "")),
    ],
    byHeaders: headers.filter(isDistinct).map(({ name }) => (jsonString(name) ?? "").toLowerCase()),
    byAddress: networks.some(isDistinct),
  };
}

function textTest(type: Json | undefined, value: Json | undefined): TextTest {
  const text = jsonString(value) ?? "";
  if (type !== "RegularExpression") return { kind: "is", text: textAsBytes(text) };
  const compiled = compileRe2(text, { extent: "whole", broken: "refused" });
  return compiled.kind === "compiled" ? { kind: "pattern", pattern: compiled.pattern } : { kind: "is", text };
}

function headerCondition({ name, type, value, invert }: JsonObject): Condition {
  const header: Condition = {
    ...{ kind: "header", name: (jsonString(name) ?? "").toLowerCase() },
    value: textTest(type, value),
  };
  return jsonBoolean(invert) === true ? { kind: "not", of: header } : header;
}

function methodCondition(list: Json | undefined): readonly Condition[] {
  const methods = new Set(jsonItems(list).flatMap((item) => jsonString(jsonFields(item).value) ?? []));
  return methods.size === 0 ? [] : [{ kind: "method", methods }];
}

/** Envoy compares the path with its query here. */
function pathCondition(field: Json | undefined): readonly Condition[] {
  if (field === undefined) return [];
  const { type, value, invert } = jsonFields(field);
  const path = textAsBytes(jsonString(value) ?? "/");
  const test = textTest("RegularExpression", value);
  const condition: Condition =
    type === "RegularExpression" && test.kind === "pattern"
      ? {
          kind: "path",
          path: { kind: "pattern", pattern: test.pattern, path, exact: false },
          withQuery: true,
        }
      : { kind: "path", path: { kind: type === "Exact" ? "exact" : "prefix-char", path }, withQuery: true };
  return [jsonBoolean(invert) === true ? { kind: "not", of: condition } : condition];
}

function networkCondition(network: string): readonly Condition[] {
  const addresses = readAddresses(network);
  return addresses === undefined ? [] : [{ kind: "from", addresses, whose: "client" }];
}
