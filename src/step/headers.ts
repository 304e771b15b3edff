import type { SetHeader } from "../model/controller.ts";
import type { HeaderLine } from "../model/decision.ts";
import type { Route } from "../model/route.ts";
import { fillHeaders } from "../request/fill-headers.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** Sets headers in place of equal names. An empty value removes one. */
export interface HeadersStep {
  readonly kind: "headers";
  /** On all responses: `custom-headers`; `add-headers` and `hide-headers` of the ConfigMap. */
  readonly response?: readonly (HeaderLine | SetHeader)[] | undefined;
  /** On backend requests: `upstream-vhost`, `connection-proxy-header`, `x-forwarded-prefix`. */
  readonly request?: readonly (HeaderLine | SetHeader)[] | undefined;
  /** On backend requests beside equal names: `proxy-set-headers` of the ConfigMap. */
  readonly beside?: readonly (HeaderLine | SetHeader)[] | undefined;
  /** `allow-backend-server-header`: the backend's `Server` replaces the set one. */
  readonly backendServer?: "passed" | undefined;
}

/** Response headers without variables (`custom-headers`), which apply before nginx's rewrite phase. */
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
