import type { ExternalAuth } from "../../../step/external-auth.ts";
import type { GuardStep } from "../../../step/guard.ts";
import type { LocationGuards } from "../locations/location-settings.ts";

/**
 * nginx's preaccess phase (limits) comes before its access phase: a request that is refused for its address or its
 * password counts against a limit, and one over the limit is not asked for a password. (Tried on nginx 1.22.)
 */
export function guardSteps(
  { limits, addresses, password, external, openPaths: except, anyOf }: LocationGuards,
  about: Pick<ExternalAuth, "chain" | "certificate">,
): readonly GuardStep[] {
  const preaccess: GuardStep[] = limits === undefined ? [] : [{ kind: "guard", guard: limits }];
  const access: GuardStep[] = addresses === undefined ? [] : [{ kind: "guard", guard: addresses }];
  if (password !== undefined) access.push({ kind: "guard", guard: password, except });
  if (external !== undefined)
    access.push({ kind: "guard", guard: { kind: "external-auth", settings: external, ...about }, except });
  if (anyOf === undefined || access.length === 0) return [...preaccess, ...access];
  return [...preaccess, { kind: "guard", guard: { kind: "any-of", steps: access, annotation: anyOf } }];
}
