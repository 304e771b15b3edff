import type { HeaderLine } from "../../model/decision.ts";
import type { Guard } from "../../model/guard.ts";
import { reason } from "../../model/reason.ts";
import { type Arrival, isListed } from "./arrival.ts";
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
  const authentication = asksNobody(arrival)
    ? []
    : [guards.password, guards.external && externalAuth(arrival, guards.external)];
  const access = [guards.addresses, ...authentication].filter((guard) => guard !== undefined);
  const preaccess = [guards.limits].filter((guard) => guard !== undefined);
  if (guards.anyOf === undefined || access.length === 0) return [...preaccess, ...access];
  const text = `${guards.anyOf}: ${access.map(({ why }) => why.text).join("; or ")}`;
  return [...preaccess, { kind: "any-of", guards: access, why: reason("any-of", text) }];
}

/** Below some paths nobody is asked who they are (nginx.tmpl, NoAuthLocations). */
function asksNobody({ route, location }: Arrival): boolean {
  return isListed(location, route.settings.guards?.openPaths);
}

/** A backend is not told the password that was asked for here, whether it was looked at or not (nginx.tmpl). */
export function withoutPassword(arrival: Arrival): readonly HeaderLine[] | undefined {
  const { password } = arrival.route.settings.guards ?? {};
  return password === undefined || asksNobody(arrival) ? undefined : NO_AUTHORIZATION;
}

const NO_AUTHORIZATION: readonly HeaderLine[] = [["Authorization", ""]];
