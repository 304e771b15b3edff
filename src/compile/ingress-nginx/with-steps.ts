import type { Route } from "../../model/route.ts";
import { actionOf, type ForwardActions } from "./actions.ts";
import { serverSettings } from "./server-settings.ts";
import type { ServerDraft } from "./servers.ts";
import { type ControllerSteps, type ServerOfSteps, stepsOf } from "./steps.ts";
import type { UpstreamDrafts } from "./upstream-drafts.ts";

export interface RouteSteps {
  readonly upstreams: UpstreamDrafts;
  readonly actions: ForwardActions;
  readonly steps: ControllerSteps;
}

export function serverOf(server: ServerDraft): ServerOfSteps {
  return { host: server.host, aliases: server.aliases, clientAuth: serverSettings(server).clientAuth };
}

export function withSteps(
  route: Route,
  server: ServerOfSteps,
  { upstreams, actions, steps }: RouteSteps,
): Route {
  const { settings, transport } = route;
  const action = actionOf(route, settings, upstreams, actions);
  return { ...route, action, steps: stepsOf(settings, transport.protocol, server, steps) };
}
