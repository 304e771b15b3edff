import type { HeaderLine, Scheme } from "../model/decision.ts";
import type {
  AddressGuard,
  DigestGuard,
  Guard,
  HealthGuard,
  LimitGuard,
  PasswordGuard,
} from "../model/guard.ts";
import { reason } from "../model/reason.ts";
import { type Arrival, isListed } from "./arrival.ts";
import type { Change } from "./change.ts";
import { type ExternalAuth, questionTo } from "./external-auth.ts";
import { type ClientBy, clientBy } from "./traefik/client.ts";
import { type ForwardAuth, questionOf } from "./traefik/forward-auth.ts";

/**
 * A check that only the running proxy can make. A refusal wins over the decision of later steps and the
 * action.
 */
export interface GuardStep {
  readonly kind: "guard";
  readonly guard: RouteGuard;
  /** `no-auth-locations`: paths with these beginnings are not checked. default: none */
  readonly except?: readonly string[] | undefined;
  /** The way of `Authorization` to the backend. default: a checked password is removed */
  readonly authorization?: "passed" | "removed" | undefined;
  /** Who is counted or let in. default: the client's address */
  readonly client?: ClientBy | undefined;
  /** default: all requests */
  readonly only?: Scheme | undefined;
}

export type RouteGuard =
  | LimitGuard
  | AddressGuard
  | PasswordGuard
  | DigestGuard
  | ExternalAuth
  | ForwardAuth
  | HealthGuard
  /** `satisfy: any`: one is enough. */
  | { readonly kind: "any-of"; readonly steps: readonly GuardStep[]; readonly annotation: string };

export function requireGuard(at: Arrival, step: GuardStep): Change | undefined {
  const asked = guardFor(at, step);
  return asked && { guards: [asked], requestHeaders: hidesPassword(at, step) ? NO_AUTHORIZATION : undefined };
}

function guardFor(at: Arrival, { guard, except, client, only }: GuardStep): Guard | undefined {
  if (only !== undefined && at.request.scheme !== only) return undefined;
  if (isListed(at.location, except)) return undefined;
  if (guard.kind === "forward-auth") return questionOf(at, guard);
  if (guard.kind === "limits" || guard.kind === "addresses") {
    const own = guard.kind === "limits" && guard.apart !== undefined ? atEntryPoint(guard, at) : guard;
    return client === undefined ? own : { ...own, client: clientBy(client, at) };
  }
  if (guard.kind === "external-auth") return questionTo(at, guard);
  if (guard.kind !== "any-of") return guard;
  const guards = guard.steps.map((step) => guardFor(at, step)).filter((asked) => asked !== undefined);
  if (guards.length === 0) return undefined;
  const text = `${guard.annotation}: ${guards.map(({ why }) => why.text).join("; or ")}`;
  return { kind: "any-of", guards, why: reason("any-of", text) };
}

function atEntryPoint(guard: LimitGuard, { request }: Arrival): LimitGuard {
  const zoneAt = (zone: string) => `${zone} ${request.entryPoint ?? request.scheme}`;
  const { rates, connections } = guard;
  return {
    ...guard,
    rates: rates.map((rate) => ({ ...rate, zone: zoneAt(rate.zone) })),
    connections: connections && { ...connections, zone: zoneAt(connections.zone) },
  };
}

/** The backend does not get the password, even if it was not checked (nginx.tmpl). */
function hidesPassword(at: Arrival, step: GuardStep): boolean {
  return step.authorization === undefined ? asksPassword(at, step) : step.authorization === "removed";
}

function asksPassword(at: Arrival, { guard, except }: GuardStep): boolean {
  if (isListed(at.location, except)) return false;
  if (guard.kind === "any-of") return guard.steps.some((step) => asksPassword(at, step));
  return guard.kind === "basic-auth" || guard.kind === "digest-auth";
}

const NO_AUTHORIZATION: readonly HeaderLine[] = [["Authorization", ""]];

/** Every guard of a route, nested ones included. */
export function* guardsAmong(steps: readonly { readonly kind: string }[]): Iterable<RouteGuard> {
  for (const step of steps) {
    if (!isGuardStep(step)) continue;
    yield step.guard;
    if (step.guard.kind === "any-of") yield* guardsAmong(step.guard.steps);
  }
}

function isGuardStep(step: { readonly kind: string }): step is GuardStep {
  return step.kind === "guard";
}
