import type { HeaderLine } from "../../model/decision.ts";
import type { Guard } from "../../model/guard.ts";
import type { Route } from "../../model/route.ts";
import type { Arrival } from "./arrival.ts";
import { externalAuth } from "./external-auth.ts";

/**
 * What is asked of a request before it goes on, in nginx's order. Its preaccess phase comes before its access phase, so
 * a request that is refused for its address or its password counts against a limit, and one over the limit is not asked
 * for a password. (Tried on nginx 1.22.)
 */
export function guardsOf(arrival: Arrival): readonly Guard[] | undefined {
  const { route } = arrival;
  const { guards } = route.settings;
  if (guards === undefined) return undefined;
  const authentication = asksNobody(route)
    ? []
    : [guards.password, guards.external && externalAuth(arrival, guards.external)];
  const access = [guards.addresses, ...authentication].filter((guard) => guard !== undefined);
  const preaccess = [guards.limits].filter((guard) => guard !== undefined);
  if (guards.anyOf === undefined || access.length === 0) return [...preaccess, ...access];
  const why = `${guards.anyOf}: ${access.map((guard) => guard.why).join("; or ")}`;
  return [...preaccess, { kind: "any-of", guards: access, why }];
}

/** Below some paths nobody is asked who they are (nginx.tmpl, NoAuthLocations). */
function asksNobody({ rule, settings }: Route): boolean {
  return settings.guards?.openPaths?.some((prefix) => rule?.path.startsWith(prefix)) === true;
}

/** A backend is not told the password that was asked for here, whether it was looked at or not (nginx.tmpl). */
export function withoutPassword({ route }: Arrival): readonly HeaderLine[] | undefined {
  return route.settings.guards?.password === undefined || asksNobody(route) ? undefined : NO_AUTHORIZATION;
}

const NO_AUTHORIZATION: readonly HeaderLine[] = [["Authorization", ""]];
