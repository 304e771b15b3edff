import { append } from "../../append.ts";
import { reason } from "../../model/reason.ts";
import type { Action, ForwardAction, Share } from "../../model/route/action.ts";
import type { Transport } from "../../model/route/transport.ts";
import type { Backend } from "../../model/route.ts";
import type { Step } from "../../step/step.ts";
import { ingressName } from "../problem.ts";
import type { Canary } from "./canaries.ts";
import type { Context } from "./context.ts";
import { isDefault, type Location } from "./location.ts";
import type { Unbuilt } from "./matching.ts";
import { shareAffinity, withAffinity } from "./services/affinity.ts";
import { limitSteps, sourceRangeSteps } from "./steps/access.ts";
import { bodyLimitSteps } from "./steps/buffering.ts";
import { corsSteps } from "./steps/cross-origin.ts";
import { errorPageSteps } from "./steps/error-pages.ts";
import { authSteps } from "./steps/external-auth.ts";
import { passwordSteps } from "./steps/passwords.ts";
import { rootRedirectSteps, sslRedirectSteps, urlRedirectSteps } from "./steps/redirects.ts";
import { rewriteSteps, sentHostSteps } from "./steps/rewrite.ts";
import { certificateSteps, upstreamHashSteps } from "./steps/to-pods.ts";
import { wayToPods } from "./steps/transport.ts";

type Part = (location: Location, context: Context) => readonly Step[] | Unbuilt;

/** In the order in which they act. */
const PARTS: readonly Part[] = [
  sslRedirectSteps,
  errorPageSteps,
  rootRedirectSteps,
  urlRedirectSteps,
  passwordSteps,
  bodyLimitSteps,
  sourceRangeSteps,
  corsSteps,
  rewriteSteps,
  sentHostSteps,
  limitSteps,
  certificateSteps,
  authSteps,
  upstreamHashSteps,
];

/** A default backend carries neither of these. */
const NOT_OF_DEFAULTS: ReadonlySet<Part> = new Set([errorPageSteps, passwordSteps]);

/** What a router does with its requests before the Service. */
export interface Way {
  readonly steps: readonly Step[];
  readonly transport: Transport;
}

export function wayOf(location: Location, context: Context): Way | Unbuilt {
  const steps: Step[] = [];
  for (const part of PARTS) {
    if (isDefault(location) && NOT_OF_DEFAULTS.has(part)) continue;
    const made = part(location, context);
    if ("why" in made) return made;
    append(steps, made);
  }
  const transport = wayToPods(location, context);
  return "why" in transport ? transport : { steps, transport };
}

/** Why every path of the Ingress is answered 503: `custom-headers` without the controller's allow list. */
export function refusedHeaders({ annotations, path }: Location, { configMap }: Context): Action | undefined {
  const named = annotations.text("custom-headers");
  if (named === undefined || path === undefined) return undefined;
  const [namespace = "", name = "", ...more] = named.split("/");
  const found =
    more.length === 0 && namespace === annotations.namespace ? configMap(namespace, name) : undefined;
  if (found !== undefined && found.data.size === 0) return undefined;
  const what =
    found === undefined
      ? `custom-headers names no ConfigMap of its namespace: ${JSON.stringify(named)}`
      : `the headers of ConfigMap ${named} are not in globalAllowedResponseHeaders, which is empty`;
  const why = annotations.because("custom-headers", "custom-headers", `${what}: every path answers 503`);
  return { kind: "respond", status: 503, why: [why] };
}

/** To the Service; `default-backend` answers for one without endpoints. */
export function forwardTo(location: Location, context: Context, shares: "all" | "canary" | "main"): Action {
  const { canary } = location;
  if (location.backend === undefined) return { kind: "respond", status: 503, why: [NO_SERVICE] };
  const backend = withAffinity(location.backend, location);
  const main = shareTo(backend, context);
  const standIn = standInFor(location, context);
  if (canary === undefined || shares === "main") return { kind: "forward", shares: [main], standIn };
  const other: Share = {
    backend: withAffinity(canary.backend, location),
    weight: canary.weight,
    from: fromOf(canary, location.host),
  };
  // A canary without endpoints is none.
  if (shares === "canary")
    return {
      kind: "forward",
      shares: [{ ...other, weight: 1 }],
      standIn: { kind: "backend", backend, told: "nothing" },
    };
  const kept = shareAffinity(location.backend, location);
  return {
    kind: "forward",
    shares: [
      { ...main, weight: canary.total - canary.weight, sessions: kept?.main },
      { ...other, sessions: kept?.canary },
    ],
    choose: { kind: "canary", header: "", value: "", cookie: "", first: "drawn" },
    sharing: "turns",
    standIn,
  };
}

const NO_SERVICE = reason("no-endpoints", "its backend is no Service");

/** A port of another name or number is none, even where it is a targetPort. */
function shareTo(backend: Backend, { services }: Context): Share {
  const fault = services.fault(backend);
  const why = fault === undefined ? [] : [reason("no-endpoints", fault)];
  return {
    backend,
    weight: 1,
    unusable: fault === undefined ? undefined : { kind: "respond", status: 503, why },
  };
}

/** The first port of the `default-backend`; not where the Service itself or its port is missing. */
function standInFor({ annotations, backend }: Location, { services }: Context): ForwardAction["standIn"] {
  const service = annotations.text("default-backend") ?? "";
  const { namespace } = annotations;
  if (service === "" || backend === undefined || service === backend.service) return undefined;
  if (services.fault(backend) !== undefined || !services.mayExist(namespace, service)) return undefined;
  return { kind: "backend", backend: services.firstPort(namespace, service), told: "nothing" };
}

function fromOf({ annotations, path: { path, pathType } }: Canary, host: string): Share["from"] {
  return { ingress: ingressName(annotations.ingress), rule: { host, path: path || "/", pathType } };
}
