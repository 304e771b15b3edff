import type { Decision, ForwardDecision, HeaderLine, RequestFacts } from "../model/decision.ts";
import type { RouteTable } from "../model/route.ts";
import type { Resolution } from "../model/upstream.ts";
import { judgeAddress } from "./access.ts";
import { match } from "./match.ts";
import { askAll, type SingleGuard } from "./outcome/ask-guards.ts";
import { type DigestCheck, judgeDigest } from "./outcome/digest.ts";
import { unaskable } from "./outcome/external.ts";
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
  /** The answer, or where the request is sent: guards, limits and error pages are worked in. */
  readonly decision: Decision;
  /** Guards that were asked, in this order, and what each said. One said `later` is taken to let the request in. */
  readonly asked: readonly AskedGuard[];
  /** Serves a forward now, by name. */
  readonly upstream?: string | undefined;
  /** Added to the response: the cookie of a session, the challenge of an error that another backend answers for. */
  readonly addedHeaders?: readonly HeaderLine[] | undefined;
}

/** A guard, and what it said. */
export interface AskedGuard {
  readonly guard: SingleGuard;
  readonly verdict: Verdict["kind"];
}

/** What an outcome depends on beside the table and the request. */
export interface Known {
  readonly endpoint: (forward: ForwardDecision) => Resolution;
  /** Compares a password with a hash of an htpasswd file; both one char a byte. */
  readonly password: (hash: string, password: string) => boolean | "later";
  readonly digest: DigestCheck;
}

/**
 * All that becomes of a request, malformed ones and guards included. Never throws.
 *
 * The proxy takes the same steps, one by one, because there a guard may have to be waited for. Limits count nobody
 * here: they say what a first request meets.
 */
export function outcome(table: RouteTable, facts: RequestFacts, known: Known): Outcome {
  const refused = table.plane.refuse(facts);
  if (refused !== undefined) return { facts, decision: refused, asked: [] };
  const decision = sentInside(match(table, facts), facts);
  const early = tooLarge(decision, facts);
  if (early !== undefined) return answered(early, facts, known, []);
  const asked: AskedGuard[] = [];
  const verdict = askAll(guardsToAsk(decision, facts) ?? [], (guard) => {
    const judged = judge(guard, decision, facts, known);
    asked.push({ guard, verdict: judged.kind });
    return judged;
  });
  return carriedOut(afterGuards(decision, verdict), facts, known, asked);
}

function judge(guard: SingleGuard, decision: Decision, facts: RequestFacts, known: Known): Verdict {
  switch (guard.kind) {
    case "limits":
      return PASSED;
    case "addresses":
      return judgeAddress(guard, decision.remoteAddress ?? facts.remoteAddress);
    case "basic-auth":
      return judgePassword(guard, facts.header("authorization"), known.password);
    case "digest-auth":
      return judgeDigest(guard, facts.header("authorization"), facts, known.digest);
    case "external-auth":
      return unaskable(guard, facts) ?? LATER;
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
  if (found.kind === "none") return answered(withoutEndpoint(decision, found.why), facts, known, asked);
  return { facts, decision, asked, upstream: found.upstream.name, addedHeaders: found.addedHeaders };
}

/** By what stands in for an error at its location, or by a page of the data plane's own. */
function answered(
  decision: Exclude<Decision, ForwardDecision>,
  facts: RequestFacts,
  known: Known,
  asked: readonly AskedGuard[],
): Outcome {
  const page = pageInstead(decision, facts);
  if (page === undefined) return { facts, decision, asked };
  const headers = challengeOf(decision.headers);
  if (page.kind !== "forward") return { facts, decision: { ...page, headers }, asked };
  const found = known.endpoint(page);
  if (found.kind === "none") {
    const { route, why } = page;
    return { facts, decision: { kind: "respond", status: 404, route, headers, why }, asked };
  }
  return { facts, decision: page, asked, upstream: found.upstream.name, addedHeaders: headers };
}

/** The challenge of a 401 stays with what answers in its place. */
function challengeOf(headers: readonly HeaderLine[] | undefined): readonly HeaderLine[] | undefined {
  return headers?.filter(([name]) => name.toLowerCase() === "www-authenticate");
}
