import { append } from "../../../append.ts";
import { jsonFields } from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import type { PathType } from "../../../model/resource.ts";
import type { Route } from "../../../model/route.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { GuardStep } from "../../../step/guard.ts";
import type { Step } from "../../../step/step.ts";
import { ingressName } from "../../problem.ts";
import { placeOf, refOf } from "../../route.ts";
import { hopSteps } from "../../shared/envoy-hops.ts";
import { envoyPathInWords, type PathAsked, type RouteDraft } from "../draft.ts";
import type { ContourSettings } from "../settings.ts";
import { ONLY_WEBSOCKET } from "../upgrades.ts";
import { corsBehindHttps } from "./cors.ts";
import { jwtStep } from "./guards/jwt.ts";
import type { Root } from "./root.ts";
import type { WrittenRoute } from "./written-route.ts";

const TO_HTTPS: Step = {
  ...{ kind: "envoy-redirect", status: 301, only: "http", scheme: "https" },
  why: [
    reason(
      "ssl-redirect",
      "http is redirected to https: the virtual host has TLS, and the route no permitInsecure",
    ),
  ],
};

export function draftOf(route: WrittenRoute, root: Root, settings: ContourSettings): RouteDraft {
  const { path, asked, proxy, isStandIn } = route;
  return {
    path,
    asked,
    owner: proxy,
    route: routeFor(route, root, hopSteps(settings.hops)),
    isOwn: isStandIn === true ? false : undefined,
  };
}

/** Envoy's order: upgrades, CORS, limits, addresses, tokens, the authorization service, then the route. */
function stepsOf(route: WrittenRoute, root: Root): readonly Step[] {
  const { steps: host } = root;
  const { websockets, toHttps, isRouted, limit, filter, rewrite, path, steps } = route;
  const made: (Step | undefined)[] = [];
  if (!websockets || !isRouted) made.push({ kind: "no-upgrade", setting: "enableWebsockets" });
  else {
    if (toHttps) made.push({ kind: "no-upgrade", setting: "https", only: "http" });
    made.push(ONLY_WEBSOCKET);
  }
  made.push(host.cors && (toHttps ? corsBehindHttps(host.cors) : host.cors));
  const ownLimit = isRouted ? limit?.(`${root.host}${path.text}`) : undefined;
  append(made, inPlaceOf(listOf(host.limit), ownLimit && [ownLimit], toHttps));
  append(made, inPlaceOf(host.filter, isRouted ? filter : undefined, toHttps));
  // A redirect to https asks no authorization service (buildRoute).
  if (toHttps) made.push(TO_HTTPS);
  if (isRouted) made.push(jwtStep(route.jwt, root.proxy, jsonFields(root.proxy.spec.virtualhost)));
  if (route.isUnasked !== true) made.push(host.auth);
  if (rewrite !== undefined)
    made.push({ kind: "envoy-rewrite", from: textAsBytes(path.text), to: textAsBytes(rewrite) });
  return [...made.filter((step) => step !== undefined), ...steps];
}

function listOf(step: GuardStep | undefined): readonly GuardStep[] {
  return step === undefined ? [] : [step];
}

/** The redirect to https is the host's alone: a route's own settings count behind it. */
function inPlaceOf(
  host: readonly GuardStep[],
  own: readonly GuardStep[] | undefined,
  toHttps: boolean,
): readonly GuardStep[] {
  if (own === undefined) return host;
  if (!toHttps) return own;
  return [
    ...host.map((step): GuardStep => ({ ...step, only: "http" })),
    ...own.map((step): GuardStep => ({ ...step, only: "https" })),
  ];
}

const TYPES: Readonly<Record<PathAsked["kind"], PathType>> = {
  exact: "Exact",
  element: "Prefix",
  prefix: "Prefix",
  regex: "ImplementationSpecific",
};

function routeFor(route: WrittenRoute, root: Root, first: readonly Step[]): Route {
  const { proxy, field, path, asked, action, transport } = route;
  const { host } = root;
  const name = ingressName(proxy);
  const matchers = [envoyPathInWords(path), ...asked.map(({ key }) => askedInWords(key))].join(", ");
  const what = `${envoyPathInWords(path)} of HTTPProxy ${name}, host ${host}`;
  return {
    id: `${name} ${field} ${host}${path.text}`,
    ingress: refOf(proxy, field),
    rule: { host, path: path.text, pathType: TYPES[path.kind], regex: path.kind === "regex" },
    steps: [...first, ...stepsOf(route, root)],
    action,
    transport,
    inWords: { name: host, match: matchers },
    why: [reason("rule", what, placeOf(proxy, field))],
  };
}

/** `header x-a exact 1` */
function askedInWords(key: string): string {
  const parts: unknown = JSON.parse(key);
  return Array.isArray(parts) ? parts.slice(0, 4).join(" ") : key;
}
