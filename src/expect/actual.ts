import type { Outcome } from "../match/outcome.ts";
import type { Decision, HeaderLine } from "../model/decision.ts";
import { textsOf } from "../model/reason.ts";
import type { Backend } from "../model/route.ts";
import { bytesAsText } from "../request/utf8.ts";

/** The result of a request, in the words of a test file. Fields that do not apply are absent. */
export interface Actual {
  readonly decision: Decision["kind"];
  /** Of a forward: assumed. */
  readonly status: number;
  readonly location?: string | undefined;
  /** `NAMESPACE/NAME` */
  readonly service?: string | undefined;
  readonly port?: number | string | undefined;
  readonly path?: string | undefined;
  /** `NAMESPACE/NAME` */
  readonly ingress?: string | undefined;
  readonly canary?: string | undefined;
  readonly rule?: { readonly host: string; readonly path: string; readonly pathType: string } | undefined;
  readonly why: readonly string[];
}

export function actualOf({ decision }: Pick<Outcome, "decision">): Actual {
  const { route, kind } = decision;
  const { ingress, rule } = route ?? {};
  const backend = kind === "forward" ? decision.backend : undefined;
  return {
    decision: kind,
    status: statusOf(decision),
    location: productionLocation(decision),
    service: backend && `${backend.namespace}/${backend.service}`,
    port: backend && backendPort(backend),
    path: kind === "forward" ? bytesAsText(decision.upstreamPath) : undefined,
    ingress: ingress && `${ingress.namespace}/${ingress.name}`,
    canary: canaryOf(decision)?.ingress,
    rule: rule && { host: rule.host, path: rule.path, pathType: rule.pathType },
    why: textsOf(decision.why),
  };
}

/** The cluster's, which names no local port. */
function productionLocation(decision: Decision): string | undefined {
  return decision.kind === "redirect" ? (decision.production ?? decision.location) : undefined;
}

/** A backend's own status is unknown: 200, or the error that an error page is asked for. */
function statusOf(decision: Decision): number {
  return decision.kind === "forward" ? (decision.errorPage ?? 200) : decision.status;
}

function backendPort({ port }: Backend): number | string {
  return "name" in port ? port.name : port.number;
}

/** The canary's path, if it takes the request. */
export function canaryOf(decision: Decision) {
  if (decision.kind !== "forward" || decision.route.action.kind !== "forward") return undefined;
  return decision.route.action.shares.find(({ backend }) => backend === decision.backend)?.from;
}

/** `forward default/web:80 /cart`, `redirect 308 https://shop.test/`, `respond 404` */
export function actualInWords(actual: Actual): string {
  const { decision, service, port, path, status, location } = actual;
  if (decision === "forward") return `forward ${service}:${port} ${path}`;
  return decision === "redirect" ? `redirect ${status} ${location}` : `respond ${status}`;
}

/** Headers set on a response, whoever answers. An empty value removes one. */
export function headersSentBack({ decision, addedHeaders = [] }: Outcome): readonly HeaderLine[] {
  const challenge = decision.kind === "forward" ? undefined : decision.headers;
  const location = productionLocation(decision);
  const first: readonly HeaderLine[] = location === undefined ? [] : [["Location", location]];
  return [...first, ...(decision.responseHeaders ?? []), ...(challenge ?? []), ...addedHeaders];
}
