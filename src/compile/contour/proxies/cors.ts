import { type Json, jsonBoolean, jsonFields, jsonString, jsonStrings } from "../../../model/json.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import type { CorsOrigin, EnvoyCorsStep } from "../../../step/envoy/cors.ts";
import { timeoutMs } from "../transport.ts";

/** An origin that Go's `url.Parse` reads as scheme and host alone; whatever else is there is an expression. */
const ORIGIN =
  /^[a-z][a-z0-9+.-]*:\/\/(?:\[[\w.:~!$&'()*+,;=-]+\](?::\d*)?|(?!\[)[\w.~!$&'()*+,;=[\]<>"-]+(?::\d*)?)$/;

/** `corsPolicy` of a virtual host; `refused`: the origin that is none. */
export function contourCors(
  policy: Json | undefined,
): EnvoyCorsStep | { readonly kind: "refused"; readonly origin: string } {
  const fields = jsonFields(policy);
  const origins: CorsOrigin[] = [];
  for (const text of jsonStrings(fields.allowOrigin)) {
    if (text === "*") origins.push({ kind: "any" });
    else if (ORIGIN.test(text)) origins.push({ kind: "text", text });
    else {
      const compiled = compileRe2(text, { extent: "whole" });
      if (compiled.kind === "refused") return { kind: "refused", origin: text };
      origins.push({ kind: "pattern", pattern: compiled.pattern });
    }
  }
  const listed = (name: string, list: Json | undefined) => {
    const texts = jsonStrings(list);
    return texts.length === 0 ? [] : [[name, texts.join(",")] as const];
  };
  const age = jsonString(fields.maxAge);
  const seconds = age === undefined ? undefined : halfToEven((timeoutMs(age, 0) ?? 0) / 1_000);
  const credentials =
    jsonBoolean(fields.allowCredentials) === true
      ? [["access-control-allow-credentials", "true"] as const]
      : [];
  return {
    kind: "envoy-cors",
    origins,
    headers: [...credentials, ...listed("access-control-expose-headers", fields.exposeHeaders)],
    privateNetwork: jsonBoolean(fields.allowPrivateNetwork) === true ? "allowed" : undefined,
    preflight: [
      ...listed("access-control-allow-methods", fields.allowMethods),
      ...listed("access-control-allow-headers", fields.allowHeaders),
      ...(seconds === undefined ? [] : [["access-control-max-age", String(seconds)] as const]),
    ],
    why: [],
  };
}

/** As Go's `%.0f` writes a number. */
function halfToEven(number: number): number {
  const below = Math.floor(number);
  return number - below === 0.5 ? below + (below % 2) : Math.round(number);
}

/** Redirects to https know nothing of CORS (cors_filter.cc, decodeHeaders). */
export function corsBehindHttps(step: EnvoyCorsStep): EnvoyCorsStep | undefined {
  return step.only === "http" ? undefined : { ...step, only: "https" };
}
