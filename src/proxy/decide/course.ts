import type { Decision, RequestFacts } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { Upstream } from "../../model/upstream.ts";
import { choose } from "../carry/choose.ts";
import { causeOf } from "../connect/connect.ts";
import type { Answer, ProxyContext } from "../exchange/context.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { endFaulty } from "../exchange/fault.ts";
import { PASSED, type Verdict } from "./guards/verdict.ts";
import { askAll, joined } from "./guards.ts";

/** A request that may be decided on, or the answer that it gets without. */
export type Admission =
  | { readonly kind: "admitted"; readonly exchange: Exchange }
  | { readonly kind: "refused"; readonly exchange: Exchange; readonly answer: Answer };

/** What a decision, its guards, and the state of the upstreams come to for one request. */
export type Course =
  | { readonly kind: "answer"; readonly answer: Answer }
  | {
      readonly kind: "forward";
      readonly decision: Extract<Decision, { kind: "forward" }>;
      readonly upstream: Upstream;
    };

/**
 * Finds out what becomes of a request, and does it: at once, unless a guard has to wait for something. What goes wrong on
 * the way is answered with 500. Never throws.
 */
export function takeCourse(
  context: ProxyContext,
  admission: Admission,
  carryOut: (course: Course) => void,
): void {
  const { exchange } = admission;
  const fail = (fault: unknown) => endFaulty(context, exchange, fault);
  try {
    const course: Course | Promise<Course> =
      admission.kind === "refused" ? { kind: "answer", answer: admission.answer } : chart(context, exchange);
    if (course instanceof Promise) {
      const waiting = waitFor(context, exchange);
      course.then((charted) => waiting.over() || carryOut(charted)).catch(fail);
    } else carryOut(course);
  } catch (error) {
    fail(error);
  }
}

/** While guards are waited for the client may leave, and nothing is done any more for one that has. */
function waitFor(context: ProxyContext, exchange: Exchange): { readonly over: () => boolean } {
  let left = false;
  exchange.errand = {
    abandon() {
      left = true;
      exchange.errand = undefined;
      exchange.error = "the client closed the connection";
      // What nginx logs for a client that left before it was answered.
      exchange.status = 499;
      context.tell(exchange);
    },
    fail(error) {
      exchange.errand = undefined;
      left = true;
      exchange.error = causeOf(error);
      context.answer(exchange, { status: 400, why: [reason("bad-body", causeOf(error))] });
    },
  };
  return {
    over() {
      exchange.errand = undefined;
      return left;
    },
  };
}

/** Asks for the decision, lets its guards have a look, and asks for the upstream where it is to forward. */
function chart(context: ProxyContext, exchange: Exchange): Course | Promise<Course> {
  const facts: RequestFacts = {
    scheme: exchange.scheme,
    method: exchange.method,
    host: exchange.host,
    authority: exchange.authority,
    target: exchange.target,
    inner: exchange.inner?.to,
    ports: context.ports,
    exact: context.exact,
    header: (name) => exchange.plane.header(exchange.request.rawHeaders, name),
    tls: exchange.connection.tls,
    remoteAddress: exchange.connection.remoteAddress,
    proxied: exchange.connection.proxied,
    chance: Math.random(),
    noEndpoints: context.noEndpoints,
  };
  const decision = sentOn(context.decide(facts), exchange);
  exchange.facts = facts;
  exchange.decision = decision;
  if (decision.remoteAddress !== undefined) exchange.remoteAddress = decision.remoteAddress;
  const limit = decision.route?.transport.bodyLimit ?? 0;
  if (limit > 0 && exchange.inner === undefined && Number(exchange.headers.contentLength) > limit) {
    const text = `the body is larger than ${limit} bytes (proxy-body-size)`;
    const why = [reason("body-limit", text), ...decision.why];
    // nginx refuses it before its rewrite phase: what that sets (CORS) is not there yet.
    exchange.decision = { ...decision, responseHeaders: decision.route?.settings.headers?.response };
    return refuse(exchange, { status: 413, why, madeBy: "arrival" });
  }
  const guards = exchange.inner?.counted === true ? uncounted(decision) : decision.guards;
  if (guards === undefined) return follow(context, exchange, decision);
  const asked = askAll(context, exchange, guards);
  return asked instanceof Promise
    ? asked.then((verdict) => behindGuards(context, exchange, decision, verdict))
    : behindGuards(context, exchange, decision, asked);
}

/** A decision on a request that a backend has sent on, with why it did. */
function sentOn(decision: Decision, { inner }: Exchange): Decision {
  return inner === undefined ? decision : { ...decision, why: [...inner.why, ...decision.why] };
}

/** The guards of a decision, but for those that count. */
function uncounted({ guards }: Decision): Decision["guards"] {
  return guards?.filter(({ kind }) => kind !== "limits");
}

function behindGuards(
  context: ProxyContext,
  exchange: Exchange,
  decision: Decision,
  verdict: Verdict,
): Course {
  if (verdict.kind === "refused") {
    const { answer } = verdict;
    return refuse(exchange, { ...answer, why: [...answer.why, ...decision.why] });
  }
  if (verdict === PASSED || verdict.kind === "abstained") return follow(context, exchange, decision);
  const dressed = withAdded(decision, verdict);
  exchange.decision = dressed;
  return follow(context, exchange, dressed);
}

/** A decision with what the guards have added to the headers it sets. */
function withAdded(decision: Decision, added: Extract<Verdict, { kind: "passed" }>): Decision {
  const responseHeaders = joined(decision.responseHeaders, added.responseHeaders);
  if (decision.kind !== "forward") return { ...decision, responseHeaders };
  return {
    ...decision,
    responseHeaders,
    besides: { ...decision.besides, before: joined(decision.besides?.before, added.requestHeaders) },
  };
}

function refuse(exchange: Exchange, answer: Answer): Course {
  exchange.why = answer.why;
  exchange.refused = { location: answer.location };
  return { kind: "answer", answer };
}

function follow(context: ProxyContext, exchange: Exchange, decision: Decision): Course {
  if (decision.kind === "redirect")
    return {
      kind: "answer",
      answer: { status: decision.status, why: decision.why, location: decision.location },
    };
  if (decision.kind === "respond") return { kind: "answer", answer: ownAnswer(decision) };
  const resolution = choose(context, exchange, decision);
  if (resolution.kind === "none")
    return refuse(exchange, { status: 503, why: [reason("no-endpoints", resolution.why), ...decision.why] });
  return { kind: "forward", decision, upstream: resolution.upstream };
}

/** A page of nginx's that goes out with another status has a cause. */
function ownAnswer({ status, page, text, why }: Extract<Decision, { kind: "respond" }>): Answer {
  if (page === undefined) return { status, text, why };
  return { status, cause: page === 495 ? "bad client certificate" : "no client certificate", why };
}
