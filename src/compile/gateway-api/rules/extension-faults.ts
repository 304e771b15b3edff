import { type JsonObject, jsonFields, jsonString } from "../../../model/json.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import type { GatewayObjects } from "../objects.ts";

const PATH_EXPRESSION = 'ReplaceRegexMatch Pattern must be set when rewrite path type is "ReplaceRegexMatch"';
const HEADER = 'Header must be set when rewrite path type is "Header"';

/** Why the `urlRewrite` of an HTTPRouteFilter cannot be used (filters.go, processExtensionRefHTTPFilter). */
export function rewriteFault({ path, hostname }: JsonObject): string | undefined {
  const { type, replaceRegexMatch } = jsonFields(path);
  if (type === "ReplaceRegexMatch") {
    const pattern = jsonString(jsonFields(replaceRegexMatch).pattern) ?? "";
    if (pattern === "") return PATH_EXPRESSION;
    if (!isExpression(pattern)) return "ReplaceRegexMatch must be a valid RE2 regular expression";
  }
  const host = jsonFields(hostname);
  return host.type === "Header" && host.header === undefined ? HEADER : undefined;
}

/** Why a `directResponse` cannot be given: its body is not there. */
export function bodyFault(
  { body }: JsonObject,
  namespace: string,
  { configMap }: GatewayObjects,
): string | undefined {
  const { type, valueRef } = jsonFields(body);
  if (type !== "ValueRef") return undefined;
  const key = `${namespace}/${jsonString(jsonFields(valueRef).name) ?? ""}`;
  const found = configMap(key);
  if (found === undefined) return `can't find the referenced configmap ${key}`;
  return found.data.size > 0
    ? undefined
    : `can't find the key response.body in the referenced configmap ${key}`;
}

function isExpression(pattern: string): boolean {
  return compileRe2(pattern, { broken: "refused" }).kind === "compiled";
}
