import type { HeaderLine } from "../../model/decision.ts";
import type { Pattern } from "../../model/pattern.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Envoy's `cors` filter (source/extensions/filters/http/cors). */
export interface EnvoyCorsStep {
  readonly kind: "envoy-cors";
  readonly origins: readonly CorsOrigin[];
  /** With the origin on every answer. */
  readonly headers: readonly HeaderLine[];
  /** Beside these on the answer to a preflight. */
  readonly preflight: readonly HeaderLine[];
  readonly why: readonly Reason[];
}

/** `text`: one origin, ignoring case. */
export type CorsOrigin =
  | { readonly kind: "any" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "pattern"; readonly pattern: Pattern };

/** An allowed origin is echoed, and its preflight ends here with 200. All else goes on. */
export function allowEnvoyOrigin(
  { request, route }: Arrival,
  { origins, headers, preflight, why }: EnvoyCorsStep,
): Change | undefined {
  const origin = request.header("origin") ?? "";
  if (origin === "" || !origins.some((each) => isOrigin(each, origin))) return undefined;
  const responseHeaders: readonly HeaderLine[] = [["access-control-allow-origin", origin], ...headers];
  if (request.method !== "OPTIONS" || request.header("access-control-request-method") === undefined)
    return { responseHeaders };
  const because = reason("cors-preflight", "a preflight of an allowed origin is answered by Envoy itself");
  return {
    responseHeaders: [...responseHeaders, ...preflight],
    decision: { kind: "respond", status: 200, text: "", route, why: [because, ...why, ...route.why] },
  };
}

function isOrigin(allowed: CorsOrigin, origin: string): boolean {
  switch (allowed.kind) {
    case "any":
      return true;
    case "text":
      return allowed.text.toLowerCase() === origin.toLowerCase();
    case "pattern": {
      const found = allowed.pattern.exec(origin);
      return found !== null && found !== "too-complex";
    }
  }
}
