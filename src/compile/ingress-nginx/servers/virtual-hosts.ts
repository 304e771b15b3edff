import type { BlockedValues } from "../../../model/controller.ts";
import type { Problem } from "../../../model/problem.ts";
import type { HostStep } from "../../../model/route/host-step.ts";
import type { LocalRoute, RouteEntry, VirtualHost } from "../../../model/route/selection.ts";
import { nginxOrder } from "../../../select/nginx-order.ts";
import type { Steps } from "../../../steps.ts";
import type { OwnRoute } from "../../controller.ts";
import { type AskAtLength, type LongQuery, longQuery } from "../../query.ts";
import { FLAGS } from "../../world.ts";
import { CONFIG } from "../config.ts";
import { LOCAL_DEFAULT } from "../locations/local-default.ts";
import { type ServerLocations, writeLocations } from "../locations.ts";
import { SERVER } from "../servers.ts";
import { regexByOthers } from "./regex-hosts.ts";
import { type ServerSettings, serverSettings } from "./server-settings.ts";
import { passthroughOf } from "./ssl-passthrough.ts";

/** Prefixes that the controller reserves on the server `_` (nginx.tmpl). */
const OWN_PATHS = ["/healthz", "/nginx_status"];

export interface WrittenHost {
  readonly host: VirtualHost;
  /** Routes of Ingresses, in the order of the host's entries. */
  readonly routes: readonly OwnRoute[];
  readonly problems: readonly Problem[];
}

/** A server as a virtual host. */
export const HOST: LongQuery<string, WrittenHost> = longQuery("host", writeHost);

function* writeHost(name: string, ask: AskAtLength): Steps<WrittenHost> {
  const server = yield* ask.inSteps(SERVER, name);
  const { options } = ask.for(CONFIG).config;
  const settings = serverSettings(server, options.tls);
  const written = yield* writeLocations(server, settings, ask);
  const passthrough = passthroughOf(server, written.entries, ask.for(FLAGS));
  const isDefault = name === "";
  const locally = isDefault ? yield* ask.inSteps(LOCAL_DEFAULT) : undefined;
  const entries =
    locally === undefined ? written.entries : written.entries.map((entry) => answeredLocally(entry, locally));
  // `/` is the shortest path, so it is last.
  const miss = entries.at(-1);
  if (miss === undefined) throw new Error(`the server of "${name}" has no location /`);
  const { terms } = settings;
  const { route } = passthrough;
  const index = nginxOrder(entries, isDefault ? OWN_PATHS : []);
  yield* index.prepare();
  const host: VirtualHost = {
    name: name || "_",
    before: stepsBefore(settings, written.appRoot, options.blocked),
    entries,
    index,
    miss,
    tls: terms === undefined && route === undefined ? undefined : { terms, passthrough: route },
  };
  const problems = [...written.problems, ...regexByOthers(server), ...passthrough.problems];
  return { host, routes: written.routes, problems };
}

function answeredLocally(entry: RouteEntry, locally: LocalRoute): RouteEntry {
  const { action, ingress } = entry.route;
  return action.kind === "respond" && ingress === undefined ? { ...entry, locally } : entry;
}

/** In nginx's order: the handshake, then the directives of the server in nginx.tmpl. */
function stepsBefore(
  { clientAuth: auth, forbidden }: ServerSettings,
  appRoot: ServerLocations["appRoot"],
  lists: readonly BlockedValues[] | undefined,
): readonly HostStep[] {
  return [
    ...(auth === undefined ? [] : [{ kind: "client-certificate", auth } as const]),
    ...(lists === undefined ? [] : [{ kind: "blocked", lists } as const]),
    ...(auth?.matchCn === undefined ? [] : [{ kind: "certificate-subject", auth } as const]),
    ...(forbidden === undefined ? [] : [{ kind: "closed", why: forbidden } as const]),
    ...(appRoot === undefined ? [] : [appRoot]),
  ];
}
