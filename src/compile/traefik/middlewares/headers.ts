import type { HeaderLine } from "../../../model/decision.ts";
import { type Json, jsonFields, jsonNumber, jsonString, jsonStrings } from "../../../model/json.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { Cors, MiddlewareHeadersStep } from "../../../step/traefik/headers.ts";
import { Lost } from "../lost.ts";
import { type Build, expressions } from "./building.ts";

/** Security headers with a value of their own. */
const VALUES: readonly (readonly [field: string, header: string])[] = [
  ["contentSecurityPolicy", "Content-Security-Policy"],
  ["contentSecurityPolicyReportOnly", "Content-Security-Policy-Report-Only"],
  ["referrerPolicy", "Referrer-Policy"],
  ["permissionsPolicy", "Permissions-Policy"],
  ["publicKey", "Public-Key-Pins"],
];

export const buildHeaders: Build = ({ spec, by }) => {
  const fields = jsonFields(spec);
  if (Object.keys(fields).length === 0)
    return new Lost("its headers are empty", "Write the headers, or remove it.");
  const patterns = expressions(jsonStrings(fields.accessControlAllowOriginListRegex));
  if (patterns instanceof Lost) return patterns;
  const isSet =
    Object.keys(fields).some((name) => name.startsWith("accessControl")) || fields.addVaryHeader === true;
  const allowed = jsonStrings(fields.allowedHosts);
  const step: MiddlewareHeadersStep = {
    kind: "middleware-headers",
    request: linesOf(fields.customRequestHeaders),
    response: [...securityLines(fields), ...linesOf(fields.customResponseHeaders)],
    sts: stsOf(fields),
    cors: isSet ? corsOf(fields, patterns) : undefined,
    allowedHosts: allowed.length === 0 || fields.isDevelopment === true ? undefined : allowed,
    by,
  };
  return { steps: [step] };
};

function linesOf(value: Json | undefined): readonly HeaderLine[] {
  return Object.entries(jsonFields(value)).map(
    ([name, text]) => [name, textAsBytes(String(text ?? ""))] as const,
  );
}

function securityLines(fields: { readonly [key: string]: Json | undefined }): readonly HeaderLine[] {
  const lines: HeaderLine[] = [];
  const frame = jsonString(fields.customFrameOptionsValue) || (fields.frameDeny === true ? "DENY" : "");
  if (frame !== "") lines.push(["X-Frame-Options", frame]);
  if (fields.contentTypeNosniff === true) lines.push(["X-Content-Type-Options", "nosniff"]);
  const xss =
    jsonString(fields.customBrowserXSSValue) || (fields.browserXssFilter === true ? "1; mode=block" : "");
  if (xss !== "") lines.push(["X-Xss-Protection", xss]);
  for (const [field, header] of VALUES) {
    const value = jsonString(fields[field]);
    if (value) lines.push([header, textAsBytes(value)]);
  }
  return lines;
}

function stsOf(fields: { readonly [key: string]: Json | undefined }): MiddlewareHeadersStep["sts"] {
  const seconds = jsonNumber(fields.stsSeconds) ?? 0;
  if (seconds === 0 || fields.isDevelopment === true) return undefined;
  const domains = fields.stsIncludeSubdomains === true ? "; includeSubDomains" : "";
  const preload = fields.stsPreload === true ? "; preload" : "";
  const when = fields.forceSTSHeader === true ? "always" : "https";
  return { value: `max-age=${seconds}${domains}${preload}`, when };
}

function corsOf(fields: { readonly [key: string]: Json | undefined }, patterns: Cors["patterns"]): Cors {
  return {
    methods: jsonStrings(fields.accessControlAllowMethods),
    headers: jsonStrings(fields.accessControlAllowHeaders),
    origins: jsonStrings(fields.accessControlAllowOriginList),
    patterns,
    exposed: jsonStrings(fields.accessControlExposeHeaders),
    credentials: fields.accessControlAllowCredentials === true,
    maxAge: jsonNumber(fields.accessControlMaxAge) || undefined,
    varies: fields.addVaryHeader === true,
  };
}
