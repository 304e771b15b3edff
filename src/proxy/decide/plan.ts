import { askAll } from "../../match/outcome/ask-guards.ts";
import {
  afterGuards,
  guardsToAsk,
  sentInside,
  tooLarge,
  withoutEndpoint,
} from "../../match/outcome/settle.ts";
import type { Decision, ForwardDecision, RequestFacts } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { Upstream } from "../../model/upstream.ts";
import { chooseUpstream } from "../carry/choose-upstream.ts";
import { causeOf } from "../connect/connect.ts";
import type { LocalReply } from "../exchange/answering.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { endFaulty } from "../exchange/fault.ts";
import type { Deciding } from "./deciding.ts";
import { askGuard } from "./guards.ts";

/** A request to decide on, or its early answer. */
export type Admission =
  | { readonly kind: "admitted"; readonly exchange: Exchange; readonly facts: RequestFacts }
  | { readonly kind: "refused"; readonly exchange: Exchange; readonly answer: LocalReply };

/** The result of decision, guards and upstreams for one request. */
export type Plan =
  | { readonly kind: "answer"; readonly answer: LocalReply }
  | {
      readonly kind: "forward";
      readonly decision: ForwardDecision;
      readonly upstream: Upstream;
    };

/**
 * Decides on a request and carries the decision out: at once, unless a guard has to wait. Failures are
 * answered 500. Never throws.
 */
export function planRequest(context: Deciding, admission: Admission, carryOut: (plan: Plan) => void): void {
  const { exchange } = admission;
  try {
    const plan: Plan | Promise<Plan> =
      admission.kind === "refused"
        ? { kind: "answer", answer: admission.answer }
        : decide(context, exchange, admission.facts);
    if (plan instanceof Promise) {
      const waiting = waitFor(context, exchange);
      plan
        .then((planned) => waiting.over() || carryOut(planned))
        .catch((fault: unknown) => endFaulty(context, exchange, fault));
    } else carryOut(plan);
  } catch (fault) {
    endFaulty(context, exchange, fault);
  }
}

/** The client may leave while guards wait; nothing is done for it then. */
function waitFor(context: Deciding, exchange: Exchange): { readonly over: () => boolean } {
  let left = false;
  exchange.begin({
    stop() {
      left = true;
    },
    fail(error) {
      exchange.settle();
      left = true;
      exchange.failed(causeOf(error));
      context.answer(exchange, { status: 400, why: [reason("bad-body", causeOf(error))] });
    },
  });
  return {
    over() {
      if (!left) exchange.settle();
      return left;
    },
  };
}

/** Decision, then guards, then upstream. */
function decide(context: Deciding, exchange: Exchange, facts: RequestFacts): Plan | Promise<Plan> {
  const decision = sentInside(context.decide(facts), facts);
  exchange.decided(decision, facts);
  const early = tooLarge(decision, facts);
  if (early !== undefined) return follow(context, exchange, early);
  const guards = guardsToAsk(decision, facts);
  if (guards === undefined) return follow(context, exchange, decision);
  const address = decision.remoteAddress ?? facts.remoteAddress;
  const verdict = askAll(guards, (guard) => askGuard(context, exchange, facts, guard, address));
  return verdict instanceof Promise
    ? verdict.then((known) => follow(context, exchange, afterGuards(decision, known)))
    : follow(context, exchange, afterGuards(decision, verdict));
}

function follow(context: Deciding, exchange: Exchange, decision: Decision): Plan {
  exchange.decided(decision);
  if (decision.kind !== "forward") return { kind: "answer", answer: answerOf(decision) };
  const resolution = chooseUpstream(context, exchange, decision);
  if (resolution.kind === "none") return follow(context, exchange, withoutEndpoint(decision, resolution.why));
  return { kind: "forward", decision, upstream: resolution.upstream };
}

/** The answer that carries a decision out. */
export function answerOf(decision: Exclude<Decision, ForwardDecision>): LocalReply {
  const { status, why, headers } = decision;
  const { text, body } = decision;
  if (decision.kind === "redirect") return { status, why, headers, text, body, location: decision.location };
  const { cause, madeBy } = decision;
  return { status, why, headers, madeBy, cause, text, body };
}
