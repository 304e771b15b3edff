import type { HeaderLine } from "../../model/decision.ts";
import type { Guard } from "../../model/guard.ts";
import type { Route } from "../../model/route.ts";
import type { Arrival } from "./arrival.ts";

/**
 * What is asked of a request before it goes on, in nginx's order. Its preaccess phase comes before its access phase, so
 * a request that is refused for its address or its password counts against a limit, and one over the limit is not asked
 * for a password. (Tried on nginx 1.22.)
 */
export function guardsOf({ route }: Arrival): readonly Guard[] | undefined {
  const { guards } = route.settings;
  if (guards === undefined) return undefined;
  const authentication = needsNone(route) ? [] : [guards.password];
  const access = [guards.addresses, ...authentication].filter((guard) => guard !== undefined);
  const preaccess = [guards.limits].filter((guard) => guard !== undefined);
  if (guards.anyOf === undefined || access.length === 0) return [...preaccess, ...access];
  const why = `${guards.anyOf}: ${access.map((guard) => guard.why).join("; or ")}`;
  return [...preaccess, { kind: "any-of", guards: access, why }];
}

/** Locations below it ask nobody who they are (ConfigMap no-auth-locations, default). */
const ACME_CHALLENGE = "/.well-known/acme-challenge";

function needsNone({ rule }: Route): boolean {
  return rule?.path.startsWith(ACME_CHALLENGE) === true;
}

/** A backend is not told the password that was asked for here, whether it was looked at or not (nginx.tmpl). */
export function withoutPassword({ route }: Arrival): readonly HeaderLine[] | undefined {
  return route.settings.guards?.password === undefined || needsNone(route) ? undefined : NO_AUTHORIZATION;
}

const NO_AUTHORIZATION: readonly HeaderLine[] = [["Authorization", ""]];
