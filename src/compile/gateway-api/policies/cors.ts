import { type JsonObject, jsonBoolean, jsonNumber, jsonString, jsonStrings } from "../../../model/json.ts";
import { type Reason, reason } from "../../../model/reason.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import type { CorsOrigin, EnvoyCorsStep } from "../../../step/envoy/cors.ts";
import { secondsOf } from "../rules/durations.ts";

type Lines = EnvoyCorsStep["headers"];

/** A CORS filter, or a SecurityPolicy's `cors`. `named`: where it is written */
export function corsStep(cors: JsonObject, named: Reason["text"], at: Reason["at"]): EnvoyCorsStep {
  const isTrusting = jsonBoolean(cors.allowCredentials) === true;
  const credentials: Lines = isTrusting ? [["access-control-allow-credentials", "true"]] : [];
  const exposed = jsonStrings(cors.exposeHeaders);
  const methods = listed("methods", jsonStrings(cors.allowMethods), isTrusting);
  const headers = listed("headers", jsonStrings(cors.allowHeaders), isTrusting);
  const maxAge = jsonNumber(cors.maxAge) ?? secondsOf(jsonString(cors.maxAge)) ?? DEFAULT_MAX_AGE;
  return {
    kind: "envoy-cors",
    origins: jsonStrings(cors.allowOrigins).map(originOf),
    headers: [
      ...credentials,
      ...(exposed.length === 0 ? [] : [["access-control-expose-headers", exposed.join(", ")] as const]),
    ],
    preflight: [...methods.lines, ...headers.lines, ["access-control-max-age", String(maxAge)]],
    asked: [...methods.asked, ...headers.asked],
    strangers: credentials,
    why: [reason("cors-preflight", named, at)],
  };
}

/** unit: s */
const DEFAULT_MAX_AGE = 5;

/** With credentials `*` means the ones asked for. */
function listed(what: "methods" | "headers", values: readonly string[], isTrusting: boolean) {
  const name = `access-control-allow-${what}`;
  const from = `access-control-request-${what === "methods" ? "method" : "headers"}`;
  const none: { lines: Lines; asked: NonNullable<EnvoyCorsStep["asked"]> } = { lines: [], asked: [] };
  if (values.length === 0) return none;
  if (isTrusting && values.includes("*")) return { ...none, asked: [[name, from] as const] };
  const text = values.includes("*") ? "*" : values.join(", ");
  return { ...none, lines: [[name, text]] as Lines };
}

/** `*` stands for any characters. */
function originOf(origin: string): CorsOrigin {
  if (origin === "*") return { kind: "any" };
  const source = origin.split("*").map(literal).join(".*");
  const compiled = compileRe2(source, { extent: "whole", broken: "refused" });
  return compiled.kind === "compiled"
    ? { kind: "pattern", pattern: compiled.pattern }
    : { kind: "text", text: origin };
}

function literal(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
