import type { Guard } from "../../model/guard.ts";
import type { Arrival } from "./arrival.ts";

/**
 * What is asked of a request before it goes on, in nginx's order. Its preaccess phase comes before its access phase, so
 * a request that is refused for its address or its password counts against a limit, and one over the limit is not asked
 * for a password. (Tried on nginx 1.22.)
 */
export function guardsOf({ route }: Arrival): readonly Guard[] | undefined {
  const { guards } = route.settings;
  if (guards === undefined) return undefined;
  const access = [guards.addresses].filter((guard) => guard !== undefined);
  const preaccess = [guards.limits].filter((guard) => guard !== undefined);
  if (guards.anyOf === undefined || access.length === 0) return [...preaccess, ...access];
  const why = `${guards.anyOf}: ${access.map((guard) => guard.why).join("; or ")}`;
  return [...preaccess, { kind: "any-of", guards: access, why }];
}
