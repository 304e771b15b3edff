import type { HeaderLine, Scheme } from "../../model/decision.ts";
import type { Pattern } from "../../model/pattern.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Envoy's `cors` filter (source/extensions/filters/http/cors). */
export interface EnvoyCorsStep {
  readonly kind: "envoy-cors";
  /** default: all requests */
  readonly only?: Scheme | undefined;
  readonly origins: readonly CorsOrigin[];
  /** With the origin on every answer. */
  readonly headers: readonly HeaderLine[];
  /** Beside these on the answer to a preflight. */
  readonly preflight: readonly HeaderLine[];
  /** Beside these too: headers with what the preflight asks for. default: none */
  readonly asked?: readonly (readonly [name: string, from: string])[] | undefined;
  /** A preflight of another origin is answered with these and the last two. default: it goes on */
  readonly strangers?: readonly HeaderLine[] | undefined;
  /** Preflights may ask for a private network (`allow_private_network_access`). default: they are not answered */
  readonly privateNetwork?: "allowed" | undefined;
  readonly why: readonly Reason[];
}

/** `text`: one origin, ignoring case. */
export type CorsOrigin =
  | { readonly kind: "any" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "pattern"; readonly pattern: Pattern };

/** An allowed origin is echoed, and its preflight ends here with 200. All else goes on. */
export function allowEnvoyOrigin({ request, route }: Arrival, step: EnvoyCorsStep): Change | undefined {
  const { origins, headers, preflight, asked = [], strangers, only, why } = step;
  if (only !== undefined && request.scheme !== only) return undefined;
  if (!isToBackends({ request, route })) return undefined;
  const origin = request.header("origin") ?? "";
  if (origin === "") return undefined;
  const isPreflight =
    request.method === "OPTIONS" && request.header("access-control-request-method") !== undefined;
  const isAllowed = origins.some((each) => isOrigin(each, origin));
  if (!isAllowed && (strangers === undefined || !isPreflight)) return undefined;
  const own: readonly HeaderLine[] = isAllowed
    ? [["access-control-allow-origin", origin], ...headers]
    : (strangers ?? []);
  if (!isPreflight) return { responseHeaders: own };
  const echoed = asked.flatMap(([name, from]): readonly HeaderLine[] => {
    const value = request.header(from);
    return value === undefined ? [] : [[name, value]];
  });
  const whose = isAllowed ? "an allowed origin" : "an origin that is not allowed";
  const because = reason("cors-preflight", `a preflight of ${whose} is answered by Envoy itself`);
  const isPrivate = isAllowed && step.privateNetwork !== undefined;
  const asksPrivate = request.header("access-control-request-private-network") === "true";
  const privately: readonly HeaderLine[] =
    isPrivate && asksPrivate ? [["access-control-allow-private-network", "true"]] : [];
  return {
    responseHeaders: [...own, ...preflight, ...echoed, ...privately],
    decision: { kind: "respond", status: 200, text: "", route, why: [because, ...why, ...route.why] },
  };
}

/** The filter is for routes to backends: redirects and answers of Envoy itself, also those for want of endpoints, are not its own. */
function isToBackends({ request, route }: Pick<Arrival, "request" | "route">): boolean {
  const { action, transport } = route;
  if (action.kind === "respond") return false;
  if (action.standIn?.kind !== "respond") return true;
  return action.shares.some(({ backend, unusable, transport: own = transport }) => {
    return unusable === undefined && request.noEndpoints(backend, own.protocol) === undefined;
  });
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
