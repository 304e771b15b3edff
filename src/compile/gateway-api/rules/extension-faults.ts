import { type JsonObject, jsonFields, jsonNumber, jsonString } from "../../../model/json.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import type { GatewayObjects } from "../objects.ts";

const PATH_EXPRESSION = 'ReplaceRegexMatch Pattern must be set when rewrite path type is "ReplaceRegexMatch"';
const HEADER = 'Header must be set when rewrite path type is "Header"';
const HOST_EXPRESSION =
  'PathRegex Pattern and Substitution must be set when rewrite hostname type is "PathRegex"';

/** Why the `urlRewrite` of an HTTPRouteFilter cannot be used (filters.go, processExtensionRefHTTPFilter). */
export function rewriteFault({ path, hostname }: JsonObject): string | undefined {
  const { type, replaceRegexMatch } = jsonFields(path);
  if (type === "ReplaceRegexMatch") {
    const pattern = jsonString(jsonFields(replaceRegexMatch).pattern) ?? "";
    if (pattern === "") return PATH_EXPRESSION;
    if (!isExpression(pattern)) return "ReplaceRegexMatch must be a valid RE2 regular expression";
  }
  const host = jsonFields(hostname);
  if (host.type === "Header" && host.header === undefined) return HEADER;
  if (host.type !== "PathRegex") return undefined;
  const { pattern, substitution } = jsonFields(host.pathRegex);
  if (!jsonString(pattern) || !jsonString(substitution)) return HOST_EXPRESSION;
  return isExpression(jsonString(pattern) ?? "")
    ? undefined
    : "PathRegex must be a valid RE2 regular expression";
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

/** An answer with a 2xx would be no message of gRPC. */
export function isEmptySuccess({ statusCode }: JsonObject): boolean {
  const status = jsonNumber(statusCode) ?? 200;
  return status >= 200 && status < 300;
}

function isExpression(pattern: string): boolean {
  return compileRe2(pattern, { broken: "refused" }).kind === "compiled";
}
