import type { ExternalAuthGuard, ExternalAuthSettings } from "../../model/guard.ts";
import { reason } from "../../model/reason.ts";
import type { Backend } from "../../model/route.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** `ext_authz` of Envoy by HTTP: the service is asked at a prefix and the request's own target. */
export interface EnvoyExtAuthStep {
  readonly kind: "envoy-ext-auth";
  readonly service: Backend;
  /** Before the request's target; `""` for none. */
  readonly prefix: string;
  /** Of the service's answer, for the backend. */
  readonly toBackend: readonly string[];
  /** Lets everybody in while the service gives no answer. default: 403 */
  readonly failure?: "open" | undefined;
  /** default: all requests */
  readonly only?: "https" | undefined;
  /** `the extAuth of SecurityPolicy default/p` */
  readonly named: string;
}

export function askExtAuth({ request, path }: Arrival, step: EnvoyExtAuthStep): Change | undefined {
  if (step.only === "https" && request.scheme !== "https") return undefined;
  const { service, prefix, toBackend, named, failure } = step;
  const target = path.sent ?? request.target;
  const settings: ExternalAuthSettings = {
    named,
    url: literal(`http://${service.service}.${service.namespace}${prefix}`),
    host: literal(request.host),
    responseHeaders: toBackend,
    setHeaders: [],
    cookie: "below-400",
    asker: "ext_authz",
    failure,
  };
  const guard: ExternalAuthGuard = {
    kind: "external-auth",
    settings,
    target: { kind: "service", backend: service, scheme: "http" },
    method: request.method,
    path: prefix + target,
    headers: [
      ["Content-Length", "0"],
      ["Host", request.host],
    ],
    why: reason(
      "external-auth",
      `${named} asks ${service.namespace}/${service.service} at ${prefix}${target}: 200 lets the request in`,
    ),
  };
  return { guards: [guard] };
}

function literal(source: string): ExternalAuthSettings["url"] {
  return { source, parts: [source] };
}
