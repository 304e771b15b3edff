import type { Ingress } from "../../../model/resource.ts";
import { DEFAULT_TIMEOUT_MS, type Retries, timeoutMs } from "../transport.ts";

/** The annotations of an Ingress that act on its routes. */
export interface IngressPolicy {
  /** `force-ssl-redirect` */
  readonly toHttps: boolean;
  /** `allow-http: "false"` */
  readonly withoutHttp: boolean;
  /** `websocket-routes`: paths as written */
  readonly websockets: ReadonlySet<string>;
  readonly timeoutMs: number | undefined;
  readonly retries?: Retries | undefined;
  /** Annotations whose negative value Envoy refuses. */
  readonly negative: readonly string[];
}

export const CONTOUR_PREFIX = "projectcontour.io/";

export function ingressPolicy({ metadata: { annotations } }: Ingress): IngressPolicy {
  const own = (name: string) => annotations.get(CONTOUR_PREFIX + name) ?? "";
  const name = own("response-timeout") === "" ? "request-timeout" : "response-timeout";
  const timeout = timeoutMs(own(name), DEFAULT_TIMEOUT_MS);
  const retries = own("retry-on") === "" ? undefined : retriesOf(own);
  const negative = [
    ...((timeout ?? 0) < 0 ? [CONTOUR_PREFIX + name] : []),
    ...((retries?.perTryMs ?? 0) < 0 ? [`${CONTOUR_PREFIX}per-try-timeout`] : []),
  ];
  return {
    toHttps: annotations.get("ingress.kubernetes.io/force-ssl-redirect") === "true",
    withoutHttp: annotations.get("kubernetes.io/ingress.allow-http") === "false",
    websockets: new Set(
      own("websocket-routes")
        .split(",")
        .map((path) => path.trim()),
    ),
    timeoutMs: timeout,
    retries,
    negative,
  };
}

function retriesOf(own: (name: string) => string): Retries {
  const written = own("num-retries");
  const number = /^[+-]?\d+$/.test(written) ? Number(written) : 0;
  return {
    on: own("retry-on").split(","),
    many: number === -1 ? 0 : Math.max(number, 1),
    perTryMs: timeoutMs(own("per-try-timeout"), undefined),
  };
}
