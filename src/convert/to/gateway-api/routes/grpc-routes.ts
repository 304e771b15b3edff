import { Kept, kept, type Made, type MadeFields, type MadeObject, plainMade } from "../../made.ts";
import type { IngressParts } from "../parts.ts";

/** Filters that a GRPCRoute has as well. */
const FILTERS: ReadonlySet<unknown> = new Set([
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "RequestMirror",
]);

/** HTTPRoutes of Services that speak gRPC as GRPCRoutes, by which Envoy speaks it to the pods; the others stay. */
export function grpcRoutes(parts: IngressParts, routes: readonly MadeObject[]): readonly MadeObject[] {
  if (parts.nginx.settings.transport.protocol !== "GRPC") return routes;
  const made = routes.map(grpcRoute);
  const name = "backend-protocol";
  if (made.includes(undefined))
    parts.say(
      name,
      "a GRPCRoute has no such paths or filters, so the pods are spoken to by HTTP/1.1 until the Service's port says appProtocol: kubernetes.io/h2c",
      {},
      "Write appProtocol: kubernetes.io/h2c at the port of the Service.",
    );
  return routes.map((route, at) => made[at] ?? route);
}

/** `undefined`: a GRPCRoute cannot say it */
function grpcRoute(route: MadeObject): MadeObject | undefined {
  const { rules, ...spec } = plainMade(route.spec) as MadeFields;
  const made = (plainMade(rules) as readonly Made[]).map(grpcRule);
  if (made.includes(undefined)) return undefined;
  return { ...route, kind: "GRPCRoute", spec: { ...spec, rules: made as readonly Made[] } };
}

function grpcRule(made: Made): Made | undefined {
  const rule = plainMade(made) as MadeFields;
  const { matches = [], filters = [], backendRefs, ...more } = rule;
  if (more.timeouts !== undefined || backendRefs === undefined) return undefined;
  const types = (plainMade(filters) as readonly Made[]).map(
    (filter) => (plainMade(filter) as MadeFields).type,
  );
  const own = (plainMade(matches) as readonly Made[]).map(grpcMatch);
  if (own.includes(undefined) || types.some((type) => !FILTERS.has(type))) return undefined;
  const said = (own as readonly MadeFields[]).filter((match) =>
    Object.values(match).some((each) => each !== undefined),
  );
  return like({ ...rule, matches: said.length === 0 ? undefined : said }, made);
}

function grpcMatch(made: Made): MadeFields | undefined {
  const { path, headers } = plainMade(made) as MadeFields;
  const { type, value } = plainMade(path ?? {}) as MadeFields;
  const kind = plainMade(type);
  const text = String(plainMade(value) ?? "/");
  const [, service = "", method] = /^\/([\w.]+)(?:\/(\w+))?\/?$/.exec(text) ?? [];
  if (kind === "PathPrefix" && text === "/") return { headers };
  if (kind === "PathPrefix" && service !== "" && method === undefined)
    return { method: { service }, headers };
  if (kind === "Exact" && method !== undefined)
    return { method: { service: like(service, value), method }, headers };
  return undefined;
}

/** With the comments of what it stands for. */
function like(made: Made, before: Made | undefined): Made {
  return before instanceof Kept ? kept(made, before.field) : made;
}
