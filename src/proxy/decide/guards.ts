import { judgeAddress, type Opinion, signinOf } from "../../match/access.ts";
import type { HeaderLine } from "../../model/decision.ts";
import type { Guard } from "../../model/guard.ts";
import { reason } from "../../model/reason.ts";
import type { ProxyContext } from "../exchange/context.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { askPassword } from "./guards/basic-auth.ts";
import { askDigest } from "./guards/digest-auth.ts";
import { askService } from "./guards/external-auth.ts";
import { askLimits } from "./guards/limits.ts";
import { ABSTAINED, type Asked, PASSED, refused, type Verdict, whenAsked } from "./guards/verdict.ts";

/**
 * Asks what a location wants to have asked. A 401 at a location with `auth-signin`, whoever says it, is a redirect to there
 * (`error_page 401 = @…`, nginx.tmpl).
 */
export function askAll(context: ProxyContext, exchange: Exchange, guards: readonly Guard[]): Asked {
  return whenAsked(askGuards(context, exchange, guards), (verdict) => {
    if (verdict.kind !== "refused" || verdict.answer.status !== 401) return verdict;
    const location = signinOf(guards);
    if (location === undefined) return verdict;
    const why = [...verdict.answer.why, AUTH_SIGNIN];
    // A challenge that was made stays with it (tried on nginx 1.22).
    const { headers } = verdict.answer;
    return { kind: "refused", answer: { status: 302, location, why, headers } };
  });
}

const AUTH_SIGNIN = reason("auth-signin", "auth-signin redirects whoever has to sign in");

/** Asks guards one after the other. The first that refuses is the verdict; else what all of them add is. */
function askGuards(
  context: ProxyContext,
  exchange: Exchange,
  [guard, ...rest]: readonly Guard[],
  soFar: Verdict = PASSED,
): Asked {
  if (guard === undefined) return soFar;
  return whenAsked(ask(context, exchange, guard), (verdict) => {
    const both = withBoth(soFar, verdict);
    return both.kind === "refused" ? both : askGuards(context, exchange, rest, both);
  });
}

function ask(context: ProxyContext, exchange: Exchange, guard: Guard): Asked {
  switch (guard.kind) {
    case "limits":
      return askLimits(context, exchange, guard);
    case "addresses":
      return verdictOf(judgeAddress(guard, exchange.remoteAddress));
    case "basic-auth":
      return askPassword(context, exchange, guard);
    case "digest-auth":
      return askDigest(context, exchange, guard);
    case "external-auth":
      return askService(context, exchange, guard);
    case "any-of":
      return askAny(context, exchange, guard.guards, ABSTAINED);
  }
}

/**
 * `satisfy any` (ngx_http_core_access_phase): the first that lets the request in ends the asking. Where none does, a 401
 * goes before a 403, so that a password can be given; any other refusal counts at once.
 */
function askAny(
  context: ProxyContext,
  exchange: Exchange,
  [guard, ...rest]: readonly Guard[],
  soFar: Verdict,
): Asked {
  if (guard === undefined) return soFar;
  return whenAsked(ask(context, exchange, guard), (verdict) => {
    if (verdict.kind === "passed") return verdict;
    if (verdict.kind === "abstained") return askAny(context, exchange, rest, soFar);
    const { status } = verdict.answer;
    if (status !== 401 && status !== 403) return verdict;
    const kept = soFar.kind === "refused" && soFar.answer.status === 401 ? soFar : verdict;
    return askAny(context, exchange, rest, kept);
  });
}

function verdictOf(opinion: Opinion): Verdict {
  if (opinion.kind === "refused") return refused(opinion.status, ...opinion.why);
  return opinion.kind === "passed" ? PASSED : ABSTAINED;
}

function withBoth(before: Verdict, next: Verdict): Verdict {
  if (next === PASSED || next.kind === "abstained") return before;
  if (next.kind === "refused" || before.kind !== "passed") return next;
  return {
    kind: "passed",
    requestHeaders: joined(before.requestHeaders, next.requestHeaders),
    responseHeaders: joined(before.responseHeaders, next.responseHeaders),
  };
}

/** Both lists of header lines, one behind the other. */
export function joined(
  one: readonly HeaderLine[] | undefined,
  other: readonly HeaderLine[] | undefined,
): readonly HeaderLine[] | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : [...one, ...other];
}
