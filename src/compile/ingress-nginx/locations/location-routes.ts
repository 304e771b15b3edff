import { type Reason, reason } from "../../../model/reason.ts";
import type { Action } from "../../../model/route/action.ts";
import type { Transport, UpstreamTls } from "../../../model/route/transport.ts";
import type { Backend, Route } from "../../../model/route.ts";
import type { ClientAuth } from "../../../model/server-tls.ts";
import type { RewriteStep } from "../../../step/rewrite.ts";
import { ingressName } from "../../problem.ts";
import {
  backendOf,
  defaultBackendRoute,
  hostInWords,
  notFoundRoute,
  pathRoute,
  placeOf,
  type RouteParts,
} from "../../route.ts";
import { PREFIX } from "../prefix.ts";
import type { ServerSettings } from "../servers/server-settings.ts";
import type { LocationDraft, ServerDraft } from "../servers.ts";
import type { IngressSettings } from "../settings.ts";
import { actionOf, type ForwardActions, ownAction } from "../steps/actions.ts";
import type { ControllerSteps } from "../steps/controller-steps.ts";
import { stepsOf } from "../steps.ts";
import type { UpstreamDrafts } from "../upstreams/upstream-drafts.ts";
import { isCatchAllOwner } from "./location-form.ts";
import type { LocationSettings } from "./location-settings.ts";

export interface SharedParts {
  readonly upstreams: UpstreamDrafts;
  readonly actions: ForwardActions;
  readonly controller: ControllerSteps;
  /** For a `/` that no Ingress configures. */
  readonly ownerless: Pick<IngressSettings, "location" | "transport">;
  /** `--default-backend-service`. default: nginx */
  readonly ownBackend?: Backend | undefined;
}

export interface ServerParts extends SharedParts {
  readonly server: ServerDraft;
  readonly clientAuth: ClientAuth | undefined;
  /** Makes every path of the server a regular expression. */
  readonly cause: LocationDraft | undefined;
  readonly tls: UpstreamTls | undefined;
}

export function serverParts(
  server: ServerDraft,
  { clientAuth }: ServerSettings,
  cause: LocationDraft | undefined,
  shared: SharedParts,
): ServerParts {
  // `proxy-ssl-*` of one Ingress is for the whole server (controller.go, getBackendServers: the first with a CA).
  const tls = server.ingresses.find(({ settings }) => settings.transport.tls?.ca)?.settings.transport.tls;
  return { ...shared, server, clientAuth, cause, tls };
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
    const made = partsOf(said, backendOf(owner.ingress, rule.path.backend), rewrite, parts);
    const regex = cause !== undefined;
    const why = cause === undefined ? matchInWords(draft) : regexInWords(server, cause);
    return pathRoute(owner.ingress, { ...rule, regex }, made, [...why, ...notes]);
  }
  const missed =
    server.host === ""
      ? reason("no-rule-for-host", "no Ingress names this host")
      : reason("no-rule-for-path", `no path of ${hostInWords(server.host)} covers this one`);
  const backend = owner && backendOf(owner.ingress, owner.ingress.spec.defaultBackend);
  const made = partsOf(said, backend, rewrite, parts);
  return owner === undefined || backend === undefined
    ? notFoundRoute(server.host, made, [missed, ...notes])
    : defaultBackendRoute(owner.ingress, server.host, made, [missed, ...notes]);
}

/** Steps, action and transport of a location; default backend: the controller's. */
export function partsOf(
  { location, transport }: Pick<IngressSettings, "location" | "transport">,
  backend: Backend | undefined,
  rewrite: RewriteStep | undefined,
  parts: ServerParts,
): RouteParts {
  const { tls } = parts;
  const carried: Transport =
    tls === undefined || transport.tls !== undefined ? transport : { ...transport, tls };
  const action: Action =
    backend === undefined ? ownAction(parts.ownBackend, location, parts) : actionOf(backend, location, parts);
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
