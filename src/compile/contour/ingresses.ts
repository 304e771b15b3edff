import { reason } from "../../model/reason.ts";
import type { Ingress, IngressPath } from "../../model/resource.ts";
import type { Action } from "../../model/route/action.ts";
import type { Step } from "../../step/step.ts";
import { backendOf, defaultBackendRoute, pathRoute, type RouteParts } from "../route.ts";
import { hopSteps } from "../shared/envoy-hops.ts";
import type { RouteDraft } from "./draft.ts";
import { pathAsked } from "./ingresses/paths.ts";
import { CONTOUR_PREFIX, type IngressPolicy, ingressPolicy } from "./ingresses/policy.ts";
import type { Objects, ServiceTarget } from "./objects.ts";
import { corsBehindHttps } from "./proxies/cors.ts";
import { FOR_ALL } from "./proxies/guards/authorization.ts";
import { serviceSteps } from "./proxies/services.ts";
import type { ContourSettings } from "./settings.ts";
import { contourTransport } from "./transport.ts";
import { ONLY_WEBSOCKET } from "./upgrades.ts";

/** A path that Contour makes no route of, or a whole rule from this path on. */
export interface LostPath {
  readonly ingress: Ingress;
  readonly field: string;
  /** Subject and verb of a sentence. */
  readonly what: string;
  readonly why: string;
}

/** What an Ingress gives to the table. */
export interface IngressRoutes {
  readonly policy: IngressPolicy;
  readonly drafts: readonly { readonly host: string; readonly draft: RouteDraft }[];
  readonly lost: readonly LostPath[];
}

const TO_HTTPS: Step = {
  ...{ kind: "envoy-redirect", status: 301, only: "http", scheme: "https" },
  why: [reason("ssl-redirect", "http is redirected to https: force-ssl-redirect is set")],
};
const NO_WEBSOCKET_BY_HTTP: Step = {
  ...{ kind: "no-upgrade", setting: "nothing", only: "http" },
};
const NO_WEBSOCKET: Step = { kind: "no-upgrade", setting: `${CONTOUR_PREFIX}websocket-routes` };

/** The default backend comes first, so a path of the same key replaces it. `ofHost`: what HTTPProxies say of a host */
export function routesOfIngress(
  ingress: Ingress,
  objects: Objects,
  settings: ContourSettings,
  ofHost: (host: string) => readonly Step[],
): IngressRoutes {
  const policy = ingressPolicy(ingress);
  const drafts: { readonly host: string; readonly draft: RouteDraft }[] = [];
  const lost: LostPath[] = [];
  const { defaultBackend, rules } = ingress.spec;
  const backend = backendOf(ingress, defaultBackend);
  if (backend !== undefined) {
    const target = objects.target(backend);
    const path = { kind: "prefix", text: "/" } as const;
    if (target.kind === "missing")
      lost.push({ ingress, field: "spec.defaultBackend", ...lostFor("", target.why) });
    else {
      const parts = partsTo(
        target,
        policy,
        "",
        { before: [], behind: globalSteps(target, settings) },
        settings,
      );
      const route = defaultBackendRoute(ingress, "", parts, []);
      drafts.push({ host: "*", draft: { path, asked: [], owner: ingress, route } });
    }
  }
  for (const { host, paths = [] } of rules)
    for (const path of paths) {
      const backend = backendOf(ingress, path.backend);
      const target = backend && objects.target(backend);
      if (target === undefined) continue;
      if (target.kind === "missing") {
        lost.push({ ingress, field: `${path.field}.backend`, ...lostFor(path.path, target.why) });
        continue;
      }
      // What has no Service is left out before its expression is looked at.
      const asked = pathAsked(path);
      if (asked.kind === "refused") {
        const what = `path ${path.path} and all later ones of its rule`;
        lost.push({ ingress, field: path.field, what, why: asked.why });
        break;
      }
      const route = routeTo(
        ingress,
        host,
        path,
        asked.kind === "regex",
        partsTo(
          target,
          policy,
          path.path,
          { before: ofHost(host), behind: globalSteps(target, settings) },
          settings,
        ),
      );
      drafts.push({ host: host || "*", draft: { path: asked, asked: [], owner: ingress, route } });
    }
  return { policy, drafts, lost };
}

function lostFor(path: string, why: string): Pick<LostPath, "what" | "why"> {
  return { what: path === "" ? "the default backend" : `path ${path}`, why };
}

function routeTo(ingress: Ingress, host: string, path: IngressPath, regex: boolean, parts: RouteParts) {
  return pathRoute(ingress, { host, path, regex }, parts, []);
}

/** Envoy refuses an upgrade before it redirects. */
function partsTo(
  { backend, spoken, breakers }: ServiceTarget,
  { toHttps, websockets, timeoutMs, retries }: IngressPolicy,
  path: string,
  { before, behind }: { readonly before: readonly Step[]; readonly behind: readonly Step[] },
  { authorization, connectMs, streamIdleMs }: ContourSettings,
): RouteParts {
  const action: Action = { kind: "forward", shares: [{ backend, weight: 1 }] };
  const isOpen = websockets.has(path === "" ? "/" : path);
  const refusal = isOpen ? [...(toHttps ? [NO_WEBSOCKET_BY_HTTP] : []), ONLY_WEBSOCKET] : [NO_WEBSOCKET];
  const asked = authorization === undefined ? [] : [FOR_ALL];
  const made = [
    ...refusal,
    ...before.map((step) => (toHttps && step.kind === "envoy-cors" ? corsBehindHttps(step) : step)),
    ...(toHttps ? [TO_HTTPS] : []),
    ...asked,
    ...breakers,
    ...behind,
  ];
  return {
    steps: made.filter((step) => step !== undefined),
    action,
    transport: contourTransport(spoken, timeoutMs, { retries, idleMs: streamIdleMs, connectMs }),
  };
}

/** Trusted hops, and `policy` with `applyToIngress`. */
function globalSteps({ backend }: ServiceTarget, settings: ContourSettings): readonly Step[] {
  const { namespace, service, port } = backend;
  const told = hopSteps(settings.hops);
  if (!settings.policy.onIngresses) return told;
  const named = { namespace, name: service, port: "number" in port ? port.number : 0 };
  return [...told, ...serviceSteps({}, named, settings)];
}
