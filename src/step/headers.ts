import type { SetHeader } from "../model/controller.ts";
import type { HeaderLine } from "../model/decision.ts";
import type { Route } from "../model/route.ts";
import { fillHeaders } from "../request/fill-headers.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** Sets headers, in place of what has the same name. An empty value removes a header. */
export interface HeadersStep {
  readonly kind: "headers";
  /** On responses, whoever makes them: `custom-headers`, `add-headers` and `hide-headers` of the ConfigMap. */
  readonly response?: readonly (HeaderLine | SetHeader)[] | undefined;
  /** On requests to the backend: `upstream-vhost`, `connection-proxy-header`, `x-forwarded-prefix`. */
  readonly request?: readonly (HeaderLine | SetHeader)[] | undefined;
  /** On requests too, but beside what has the same name: `proxy-set-headers` of the ConfigMap. */
  readonly beside?: readonly (HeaderLine | SetHeader)[] | undefined;
  /** `allow-backend-server-header`: a backend's `Server` replaces the one that is set on its response. */
  readonly backendServer?: "passed" | undefined;
}

/**
 * Headers of a route's responses whose values name no variable (`custom-headers`): those that hold before nginx's rewrite
 * phase.
 */
export function literalHeaders({ steps }: Pick<Route, "steps">): readonly HeaderLine[] | undefined {
  const lines: HeaderLine[] = [];
  for (const step of steps) {
    if (step.kind !== "headers") continue;
    for (const [name, value] of step.response ?? []) if (typeof value === "string") lines.push([name, value]);
  }
  return lines.length === 0 ? undefined : lines;
}

export function applyHeaders(at: Arrival, { response, request, beside, backendServer }: HeadersStep): Change {
  return {
    responseHeaders: response,
    requestHeaders: request && fillHeaders(request, at),
    beside: beside && fillHeaders(beside, at),
    backendServer,
  };
}
