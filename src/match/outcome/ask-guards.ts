import type { HeaderLine } from "../../model/decision.ts";
import type { AnyOfGuard, Guard } from "../../model/guard.ts";
import { reason } from "../../model/reason.ts";
import { signinOf } from "../access.ts";
import {
  ABSTAINED,
  LATER,
  PASSED,
  type PendingVerdict,
  type Refused,
  type Verdict,
  whenKnown,
} from "./verdict.ts";

export type SingleGuard = Exclude<Guard, AnyOfGuard>;

/**
 * Asks a location's guards in order. The verdict is the first refusal, else the sum of their headers.
 *
 * With `auth-signin` any 401 becomes a redirect there (`error_page 401 = @…`, nginx.tmpl).
 */
export function askAll(guards: readonly Guard[], ask: (guard: SingleGuard) => Verdict): Verdict;
export function askAll(guards: readonly Guard[], ask: (guard: SingleGuard) => PendingVerdict): PendingVerdict;
export function askAll(
  guards: readonly Guard[],
  ask: (guard: SingleGuard) => PendingVerdict,
): PendingVerdict {
  return whenKnown(askInTurn(guards, ask, PASSED), (verdict) => {
    if (verdict.kind !== "refused" || verdict.status !== 401) return verdict;
    const location = signinOf(guards);
    if (location === undefined) return verdict;
    // A challenge stays with the redirect (tried on nginx 1.22).
    return { ...verdict, status: 302, location, why: [...verdict.why, AUTH_SIGNIN] };
  });
}

const AUTH_SIGNIN = reason("auth-signin", "auth-signin redirects whoever has to sign in");

function askInTurn(
  [guard, ...rest]: readonly Guard[],
  ask: (guard: SingleGuard) => PendingVerdict,
  before: Verdict,
): PendingVerdict {
  if (guard === undefined) return before;
  const verdict = guard.kind === "any-of" ? askAny(guard.guards, ask, ABSTAINED) : ask(guard);
  return whenKnown(verdict, (next) => {
    const both = withBoth(before, next);
    return both.kind === "refused" ? refusedBy(guard, both) : askInTurn(rest, ask, both);
  });
}

function refusedBy({ pages, refusalHeaders }: Guard, refused: Refused): Refused {
  if (pages === undefined && refusalHeaders === undefined) return refused;
  return { ...refused, pages, responseHeaders: refusalHeaders };
}

/**
 * `satisfy any` (ngx_http_core_access_phase): the first guard that admits ends the search. If none does, a
 * 401 wins over a 403, so that a password is possible; any other refusal counts at once.
 */
function askAny(
  [guard, ...rest]: readonly Guard[],
  ask: (guard: SingleGuard) => PendingVerdict,
  before: Verdict,
): PendingVerdict {
  if (guard === undefined) return before;
  const verdict = guard.kind === "any-of" ? askAny(guard.guards, ask, ABSTAINED) : ask(guard);
  return whenKnown(verdict, (next) => {
    if (next.kind === "passed") return next;
    if (next.kind === "abstained") return askAny(rest, ask, before);
    if (next.kind === "later" || before.kind === "later") return askAny(rest, ask, LATER);
    if (next.status !== 401 && next.status !== 403) return next;
    const kept = before.kind === "refused" && before.status === 401 ? before : next;
    return askAny(rest, ask, kept);
  });
}

function withBoth(before: Verdict, next: Verdict): Verdict {
  if (next === PASSED || next.kind === "abstained") return before;
  if (next.kind !== "passed" || before.kind !== "passed") return before.kind === "later" ? later(next) : next;
  return {
    kind: "passed",
    requestHeaders: joined(before.requestHeaders, next.requestHeaders),
    responseHeaders: joined(before.responseHeaders, next.responseHeaders),
  };
}

/** After an unknown guard only refusals count. */
function later(next: Verdict): Verdict {
  return next.kind === "refused" ? next : LATER;
}

export function joined(
  first: readonly HeaderLine[] | undefined,
  second: readonly HeaderLine[] | undefined,
): readonly HeaderLine[] | undefined {
  if (first === undefined) return second;
  return second === undefined ? first : [...first, ...second];
}
