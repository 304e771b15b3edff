import type { Decision, ForwardDecision, HeaderLine, RequestFacts } from "../model/decision.ts";
import type { RouteTable } from "../model/route.ts";
import type { Resolution } from "../model/upstream.ts";
import { planeFor } from "../select/table.ts";
import { fallbackFor } from "../step/action/fallback.ts";
import { withoutPage } from "../step/error-pages.ts";
import { judgeAddress } from "./access.ts";
import type { Observer } from "./before.ts";
import { match } from "./match.ts";
import { askAll, type SingleGuard } from "./outcome/ask-guards.ts";
import { type DigestCheck, judgeDigest } from "./outcome/digest.ts";
import { unaskable } from "./outcome/external.ts";
import { type ClientCounts, judgeLimits } from "./outcome/limits.ts";
import { judgePassword } from "./outcome/password.ts";
import {
  afterGuards,
  guardsToAsk,
  pageInstead,
  sentInside,
  tooLarge,
  withoutEndpoint,
} from "./outcome/settle.ts";
import { LATER, PASSED, type Verdict } from "./outcome/verdict.ts";

/** All that becomes of a request, up to what only the network knows. */
export interface Outcome {
  readonly facts: RequestFacts;
  /** The answer or target, after guards, limits and error pages. */
  readonly decision: Decision;
  /** Asked guards in order, with their verdicts. `later` counts as admitting the request. */
  readonly asked: readonly AskedGuard[];
  readonly upstream?: string | undefined;
  /** Added to the response: a session cookie, or the challenge of an error that another backend answers. */
  readonly addedHeaders?: readonly HeaderLine[] | undefined;
}

export interface AskedGuard {
  readonly guard: SingleGuard;
  readonly verdict: Verdict["kind"];
}

export interface Known {
  readonly endpoint: (forward: ForwardDecision) => Resolution;
  /** Compares a password with an htpasswd hash; both one char per byte. */
  readonly password: (hash: string, password: string) => boolean | "later";
  readonly digest: DigestCheck;
  /** default: a first request, which no limit refuses */
  readonly counts?: ClientCounts | undefined;
  /** A client that every guard lets in. default: guards judge */
  readonly client?: "let in" | undefined;
}

/**
 * All that becomes of a request, malformed ones and guards included. Never throws.
 *
 * The proxy takes the same steps one by one, because a guard may wait there.
 */
export function outcome(table: RouteTable, facts: RequestFacts, known: Known, see?: Observer): Outcome {
  const refused = planeFor(table, facts).refuse(facts);
  if (refused !== undefined) return { facts, decision: refused, asked: [] };
  const decision = sentInside(match(table, facts, see), facts);
  const { oneOf } = decision;
  const found = settled(decision, facts, known);
  return oneOf === undefined ? found : { ...found, decision: { ...found.decision, oneOf } };
}

/** What guards, limits, endpoints and error pages make of a decision. */
function settled(decision: Decision, facts: RequestFacts, known: Known): Outcome {
  const early = tooLarge(decision, facts);
  if (early !== undefined) return answered(early, facts, known, []);
  const asked: AskedGuard[] = [];
  const verdict = askAll(guardsToAsk(decision, facts) ?? [], (guard) => {
    const judged = known.client === "let in" ? PASSED : judge(guard, decision, facts, known);
    asked.push({ guard, verdict: judged.kind });
    return judged;
  });
  return carriedOut(afterGuards(decision, verdict), facts, known, asked);
}

function judge(guard: SingleGuard, decision: Decision, facts: RequestFacts, known: Known): Verdict {
  const address = decision.remoteAddress ?? facts.remoteAddress;
  switch (guard.kind) {
    case "limits":
      return known.counts === undefined ? PASSED : judgeLimits(guard, address, known.counts);
    case "addresses":
      return judgeAddress(guard, guard.whose === undefined ? address : facts.remoteAddress);
    case "basic-auth":
      return judgePassword(guard, facts.header("authorization"), known.password);
    case "digest-auth":
      return judgeDigest(guard, facts.header("authorization"), facts, known.digest);
    case "external-auth":
      return unaskable(guard, facts) ?? LATER;
    case "health":
      return LATER;
  }
}

function carriedOut(
  decision: Decision,
  facts: RequestFacts,
  known: Known,
  asked: readonly AskedGuard[],
): Outcome {
  if (decision.kind !== "forward") return answered(decision, facts, known, asked);
  const found = known.endpoint(decision);
  if (found.kind === "none") {
    const fallback = fallbackFor(decision, 503);
    return fallback === undefined
      ? answered(withoutEndpoint(decision, found.why), facts, known, asked)
      : carriedOut(fallback, facts, known, asked);
  }
  return { facts, decision, asked, upstream: found.upstream.name, addedHeaders: found.addedHeaders };
}

/** By the location's error backend, or by a page of the data plane. */
function answered(
  decision: Exclude<Decision, ForwardDecision>,
  facts: RequestFacts,
  known: Known,
  asked: readonly AskedGuard[],
): Outcome {
  const { oneOf } = decision;
  const instead = pageInstead(decision, facts);
  if (instead === undefined) return { facts, decision, asked };
  const page = oneOf === undefined ? instead : { ...instead, oneOf };
  const headers = challengeOf(decision.headers);
  if (page.kind !== "forward") return { facts, decision: { ...page, headers }, asked };
  const found = known.endpoint(page);
  if (found.kind === "none") {
    const { route, why } = page;
    return { facts, decision: { kind: "respond", ...withoutPage(page), route, oneOf, headers, why }, asked };
  }
  return { facts, decision: page, asked, upstream: found.upstream.name, addedHeaders: headers };
}

/** The challenge of a 401 stays with the replacing answer. */
function challengeOf(headers: readonly HeaderLine[] | undefined): readonly HeaderLine[] | undefined {
  return headers?.filter(([name]) => name.toLowerCase() === "www-authenticate");
}
