import { type Reason, reason } from "../../../model/reason.ts";
import type { ForwardAction } from "../../../model/route/action.ts";
import type { Transport, UpstreamTls } from "../../../model/route/transport.ts";
import type { Route } from "../../../model/route.ts";
import type { ClientAuth } from "../../../model/tls/server-tls.ts";
import type { RewriteStep } from "../../../step/rewrite.ts";
import type { Steps } from "../../../steps.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import { ingressName } from "../../problem.ts";
import type { AskAtLength } from "../../query.ts";
import {
  defaultBackendRoute,
  hostInWords,
  notFoundRoute,
  pathRoute,
  placeOf,
  type RouteParts,
} from "../../route.ts";
import { CONFIG } from "../config.ts";
import { OWNERLESS } from "../config-map/ownerless.ts";
import { certificateOf } from "../servers/certificates.ts";
import type { ServerSettings } from "../servers/server-settings.ts";
import type { LocationDraft, ServerDraft } from "../servers.ts";
import type { IngressSettings } from "../settings.ts";
import { FORWARD, ownAction, withStandIn } from "../steps/actions.ts";
import { CONTROLLER_STEPS, type ControllerSteps } from "../steps/controller-steps.ts";
import { stepsOf } from "../steps.ts";
import { type UpstreamPort, upstreamPort } from "../upstreams/port.ts";
import { isCatchAllOwner } from "./location-form.ts";
import type { LocationSettings } from "./location-settings.ts";

/** Parts that all locations of a server share. */
export interface ServerParts {
  readonly server: ServerDraft;
  /** The ways to the Service ports of the server's locations. */
  readonly ways: ReadonlyMap<UpstreamPort, ForwardAction>;
  readonly controller: ControllerSteps;
  /** For a `/` that no Ingress configures. */
  readonly ownerless: Pick<IngressSettings, "location" | "transport">;
  /** The way to `--default-backend-service`. default: nginx */
  readonly ownWay: ForwardAction | undefined;
  readonly certificate: "possible" | "none";
  readonly clientAuth: ClientAuth | undefined;
  /** Makes every path of the server a regular expression. */
  readonly cause: LocationDraft | undefined;
  readonly tls: UpstreamTls | undefined;
}

export function* serverParts(
  server: ServerDraft,
  { clientAuth }: ServerSettings,
  cause: LocationDraft | undefined,
  ask: AskAtLength,
): Steps<ServerParts> {
  const { locations, ingresses } = server;
  const ways = new Map<UpstreamPort, ForwardAction>();
  for (const { port } of locations)
    if (port !== undefined && !ways.has(port)) ways.set(port, yield* ask.inSteps(FORWARD, port));
  const { backend } = ask.for(CONFIG).config.ownDefault;
  const ownPort = backend && upstreamPort(backend, ask);
  // `proxy-ssl-*` of one Ingress is for the whole server (controller.go, getBackendServers: the first with a CA).
  const tls = ingresses.find(({ settings }) => settings.transport.tls?.ca)?.settings.transport.tls;
  return {
    server,
    ways,
    controller: ask.for(CONTROLLER_STEPS),
    ownerless: ask.for(OWNERLESS),
    ownWay: ownPort && (yield* ask.inSteps(FORWARD, ownPort)),
    certificate: certificateOf(server, ask),
    clientAuth,
    cause,
    tls,
  };
}

export function locationRoute(
  draft: LocationDraft,
  rewrite: RewriteStep | undefined,
  parts: ServerParts,
): Route {
  const { owner, rule } = draft;
  const { server, cause } = parts;
  const said = settingsOf(draft, parts);
  const notes = owner?.settings.notes ?? [];
  if (owner !== undefined && rule !== undefined) {
    const made = partsOf(said, draft.port, rewrite, parts);
    const regex = cause !== undefined;
    const why = cause === undefined ? matchInWords(draft) : regexInWords(server, cause);
    return pathRoute(owner.ingress, { ...rule, regex }, made, [...why, ...notes]);
  }
  const missed =
    server.host === ""
      ? reason("no-rule-for-host", "no Ingress names this host")
      : reason("no-rule-for-path", `no path of ${hostInWords(server.host)} covers this one`);
  const made = partsOf(said, draft.port, rewrite, parts);
  return owner === undefined || draft.port === undefined
    ? notFoundRoute(server.host, made, [missed, ...notes])
    : defaultBackendRoute(owner.ingress, server.host, made, [missed, ...notes]);
}

/** Steps, action and transport of a location. default port: the controller's own default backend */
export function partsOf(
  { location, transport }: Pick<IngressSettings, "location" | "transport">,
  port: UpstreamPort | undefined,
  rewrite: RewriteStep | undefined,
  parts: Omit<ServerParts, "server" | "cause">,
): RouteParts {
  const { tls } = parts;
  const way = port && parts.ways.get(port);
  const carried: Transport =
    tls === undefined || transport.tls !== undefined ? transport : { ...transport, tls };
  const action = way === undefined ? ownAction(parts.ownWay, location) : withStandIn(way, location);
  const steps = stepsOf({ settings: location, protocol: carried.protocol, rewrite }, parts);
  return { action, steps, transport: carried };
}

function settingsOf(
  draft: LocationDraft,
  { ownerless }: ServerParts,
): Pick<IngressSettings, "location" | "transport"> {
  if (draft.owner === undefined) return ownerless;
  const { location, transport } = draft.owner.settings;
  if (!isCatchAllOwner(draft)) return { location, transport };
  return { location: withoutRedirects(location), transport };
}

/** The settings without redirects. */
export function withoutRedirects(location: LocationSettings): LocationSettings {
  return { ...location, redirect: undefined, sslRedirect: "never" };
}

const EXACT = [reason("exact-path", "the path is exactly this one")];
const LONGEST = [reason("longest-prefix", "it is the longest prefix that covers the path")];

function matchInWords({ exact }: LocationDraft): readonly Reason[] {
  return exact ? EXACT : LONGEST;
}

const FIRST_REGEX = reason(
  "first-regex",
  "it is the first of the host's regular expressions that matches, the longest being tried first",
);

function regexInWords(server: ServerDraft, cause: LocationDraft): readonly Reason[] {
  const name = cause.owner === undefined ? "" : ingressName(cause.owner.ingress);
  const setting = cause.owner?.settings.useRegex ? "use-regex" : "rewrite-target";
  const text = `every path of ${server.host || "this server"} is one, anchored at the start and without regard to case, because Ingress ${name} sets ${setting}`;
  const field = `metadata.annotations[${PREFIX}${setting}]`;
  return [FIRST_REGEX, reason("host-regex", text, cause.owner && placeOf(cause.owner.ingress, field))];
}
