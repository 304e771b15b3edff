import { append } from "../../../append.ts";
import type { BlockedValues } from "../../../model/controller.ts";
import type { Problem } from "../../../model/problem.ts";
import type { HostStep } from "../../../model/route/host-step.ts";
import type { LocalRoute, RouteEntry, VirtualHost } from "../../../model/route/selection.ts";
import type { TlsTerms } from "../../../model/server-tls.ts";
import { nginxOrder } from "../../../select/nginx-order.ts";
import type { ControllerFlags } from "../../options.ts";
import type { SharedParts } from "../locations/location-routes.ts";
import type { PatternCache } from "../locations/path-patterns.ts";
import { type ServerLocations, writeLocations } from "../locations.ts";
import type { ServerDraft } from "../servers.ts";
import { regexByOthers } from "./regex-hosts.ts";
import { type ServerSettings, serverSettings } from "./server-settings.ts";
import { passthroughOf } from "./ssl-passthrough.ts";

/** Prefixes that the controller reserves on the server `_` (nginx.tmpl). */
const OWN_PATHS = ["/healthz", "/nginx_status"];

/** Shared by the virtual hosts of one table. */
export interface HostParts extends SharedParts {
  readonly patterns: PatternCache;
  readonly flags: ControllerFlags;
  /** TLS with every client. default: the usual */
  readonly tls: TlsTerms | undefined;
  /** `block-user-agents`, `block-referers`. */
  readonly blocked: readonly BlockedValues[] | undefined;
  /** See `RouteEntry.locally`. */
  readonly locally: LocalRoute | undefined;
}

/** Each server as a virtual host. */
export function writeHosts(
  servers: readonly ServerDraft[],
  parts: HostParts,
): { readonly hosts: ReadonlyMap<ServerDraft, VirtualHost>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const hosts = new Map(servers.map((server) => [server, writeHost(server, parts, problems)]));
  return { hosts, problems };
}

function writeHost(server: ServerDraft, parts: HostParts, problems: Problem[]): VirtualHost {
  const settings = serverSettings(server, parts.tls);
  const written = writeLocations(server, settings, parts, parts.patterns);
  append(problems, [...written.problems, ...regexByOthers(server)]);
  const passthrough = passthroughOf(server, written.entries, parts.flags);
  append(problems, passthrough.problems);
  const isDefault = server.host === "";
  const entries = isDefault ? written.entries.map((entry) => answeredLocally(entry, parts)) : written.entries;
  // `/` is the shortest path, so it is last.
  const miss = entries.at(-1);
  if (miss === undefined) throw new Error(`the server of "${server.host}" has no location /`);
  const { terms } = settings;
  const { route } = passthrough;
  return {
    name: server.host || "_",
    before: stepsBefore(settings, written.appRoot, parts.blocked),
    entries,
    index: nginxOrder(entries, isDefault ? OWN_PATHS : []),
    miss,
    tls: terms === undefined && route === undefined ? undefined : { terms, passthrough: route },
  };
}

function answeredLocally(entry: RouteEntry, { locally }: HostParts): RouteEntry {
  const { action, ingress } = entry.route;
  return action.kind === "respond" && ingress === undefined ? { ...entry, locally } : entry;
}

/** In nginx's order: the handshake, then the directives of the server in nginx.tmpl. */
function stepsBefore(
  { clientAuth: auth, forbidden }: ServerSettings,
  appRoot: ServerLocations["appRoot"],
  lists: HostParts["blocked"],
): readonly HostStep[] {
  return [
    ...(auth === undefined ? [] : [{ kind: "client-certificate", auth } as const]),
    ...(lists === undefined ? [] : [{ kind: "blocked", lists } as const]),
    ...(auth?.matchCn === undefined ? [] : [{ kind: "certificate-subject", auth } as const]),
    ...(forbidden === undefined ? [] : [{ kind: "closed", why: forbidden } as const]),
    ...(appRoot === undefined ? [] : [appRoot]),
  ];
}

/** A host that only redirects. */
export function redirectingHost(
  name: string,
  step: HostStep | undefined,
  { blocked, miss }: Pick<HostParts, "blocked"> & Pick<VirtualHost, "miss">,
): VirtualHost {
  const before: HostStep[] = [];
  if (blocked !== undefined) before.push({ kind: "blocked", lists: blocked });
  if (step !== undefined) before.push(step);
  return { name, before, entries: [], index: nginxOrder([]), miss };
}
