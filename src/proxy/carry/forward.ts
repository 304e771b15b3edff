import type { NextUpstreamCondition } from "../../model/transport.ts";
import type { Upstream } from "../../model/upstream.ts";
import { causeOf, UpstreamTimeout } from "../connect/connect.ts";
import { isRetired } from "../connect/retirement.ts";
import type { ProxyContext } from "../exchange/context.ts";
import { type Errand, type Exchange, isIdempotent } from "../exchange/exchange.ts";
import { failureOf, isStale, isUnresolved, isUnsent, kindOf } from "../exchange/failure.ts";
import { cutOff, discardBody } from "../exchange/reply.ts";
import { accelRedirect } from "./accel.ts";
import { Attempt, type Journey } from "./attempt.ts";
import { bodyOf, type Forward } from "./backend-request.ts";
import { choose } from "./choose.ts";
import { forwardFastCgi } from "./fastcgi/forward-fastcgi.ts";
import { forwardHttp2, isHttp2 } from "./forward-http2.ts";
import { gather, isGathered } from "./gather.ts";
import { interceptedAnswer, isIntercepted } from "./intercept.ts";
import { conditionOf, type Progress, triesAgain } from "./next-upstream.ts";
import type { ClientBody } from "./upload.ts";

/** What nginx logs for a client that left before it was answered. */
const CLIENT_LEFT = 499;

/** Sends a request on to its upstream, and the response back, both as they come. */
export function forward(
  context: ProxyContext,
  exchange: Exchange,
  decision: Forward,
  upstream: Upstream,
): void {
  if (!isGathered(context, exchange, decision)) send(context, exchange, decision, upstream);
  else gather(context, exchange, decision, upstream, () => send(context, exchange, decision, upstream));
}

function send(context: ProxyContext, exchange: Exchange, decision: Forward, upstream: Upstream): void {
  if (isHttp2(upstream)) {
    forwardHttp2(context, exchange, decision, upstream);
    return;
  }
  if (upstream.protocol === "fcgi") {
    forwardFastCgi(context, exchange, decision, upstream);
    return;
  }
  const forwarding = new Forwarding(context, exchange, decision);
  exchange.errand = forwarding;
  forwarding.try(upstream, "reuse");
}

/** One request on its way to an upstream and back, by one attempt or several. Lives until the response has ended, on either side. */
class Forwarding implements Journey, Errand {
  readonly context: ProxyContext;
  readonly exchange: Exchange;
  readonly decision: Forward;
  readonly #body: ClientBody | undefined;
  #attempt: Attempt | undefined;
  readonly #tried: string[] = [];
  readonly #startedAt: number;
  #tries = 0;
  #refreshed = false;

  constructor(context: ProxyContext, exchange: Exchange, decision: Forward) {
    this.context = context;
    this.exchange = exchange;
    this.decision = decision;
    this.#body = bodyOf(context, exchange, decision);
    this.#startedAt = context.clock();
  }

  /** `reuse`: over a connection that is there, where there is one. */
  try(upstream: Upstream, which: "reuse" | "fresh"): void {
    const { connectTimeoutMs } = this.decision.route.transport;
    const { pools } = this.context;
    const wish = { idempotent: isIdempotent(this.exchange.method) && this.#body?.whole !== false };
    const lane =
      which === "reuse"
        ? pools.take(upstream, connectTimeoutMs, wish)
        : pools.open(upstream, connectTimeoutMs, wish);
    this.#tries++;
    this.#attempt = new Attempt(this, upstream, lane, this.#body?.open() ?? null);
    this.#attempt.start();
  }

  takes(attempt: Attempt, status: number, raw: readonly Buffer[]): boolean {
    if (status >= 300 && !this.#keeps(attempt, status, raw)) return false;
    const target = accelRedirect(raw);
    if (target === undefined) return true;
    attempt.stop(new Error("the request goes on to another path (X-Accel-Redirect)"));
    this.#finish();
    this.context.inside(this.exchange, this.decision, target, raw);
    return false;
  }

  /** Neither is another upstream asked in place of one with such a status, nor does another backend answer for it. */
  #keeps(attempt: Attempt, status: number, raw: readonly Buffer[]): boolean {
    const { context, exchange, decision } = this;
    const condition = conditionOf(status);
    const next =
      condition !== undefined && this.#again(condition, "sent") ? this.#next(attempt.upstream) : undefined;
    if (next !== undefined) {
      attempt.stop(new Error(`status ${status} is asked for once more (proxy-next-upstream)`));
      this.try(next, "reuse");
      return false;
    }
    if (!isIntercepted(decision, status)) return true;
    attempt.stop(new Error(`status ${status} is answered for by another backend`));
    this.#finish();
    context.answer(exchange, interceptedAnswer(decision, status, raw));
    return false;
  }

  ended({ upstream, lane }: Attempt): void {
    const { context, exchange } = this;
    this.#finish();
    context.pools.release(upstream, lane);
    exchange.response.end();
    discardBody(context, exchange);
    context.tell(exchange);
  }

  failed({ upstream, lane }: Attempt, error: Error): void {
    if (this.#mayRefresh(lane.reused, error)) {
      // However many tries there are, one more follows on it (ngx_http_upstream_next, peer.cached); it counts as one.
      this.#refreshed = true;
      this.try(upstream, "fresh");
      return;
    }
    // One at a pod that has gone meanwhile does not count: in a rollout that can be one after another.
    if (isRetired(upstream)) this.#tries--;
    const kind = kindOf(error);
    const sent = isUnsent(error) ? "unsent" : "sent";
    const next = kind !== "client" && this.#again(kind, sent) ? this.#next(upstream) : undefined;
    // An API server that does not answer for a pod is not asked for the same pod again: that would be the limit over and over.
    const isHopeless =
      (error instanceof UpstreamTimeout && next === upstream && isStream(upstream)) ||
      (next === upstream && isUnresolved(upstream, error));
    if (next !== undefined && !isHopeless) {
      this.try(next, "reuse");
      return;
    }
    const { context, exchange, decision } = this;
    this.#finish();
    exchange.error = causeOf(error);
    if (exchange.status === 0 && !exchange.response.headersSent) {
      const failure = failureOf(decision, upstream, error, this.#tries);
      exchange.why = failure.why;
      context.answer(exchange, failure);
      return;
    }
    context.tell(exchange);
    cutOff(exchange.response);
  }

  fail(error: Error): void {
    this.#attempt?.onError(error);
  }

  abandon(): void {
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    const { exchange } = this;
    this.#finish();
    exchange.error = "the client closed the connection";
    attempt.stop(new Error(exchange.error));
    if (exchange.status === 0) exchange.status = CLIENT_LEFT;
    this.context.tell(exchange);
  }

  #finish(): void {
    this.#attempt = undefined;
    this.#body?.close();
    this.exchange.errand = undefined;
  }

  /** Whether what went wrong is to be tried again; never once the client has been sent anything. */
  #again(condition: NextUpstreamCondition, sent: Progress["sent"]): boolean {
    const { context, exchange, decision } = this;
    if (exchange.status !== 0 || exchange.response.headersSent) return false;
    return triesAgain(decision.route.transport.nextUpstream, condition, {
      tries: this.#tries,
      elapsedMs: context.clock() - this.#startedAt,
      sent,
      idempotent: isIdempotent(exchange.method),
      whole: this.#body?.whole !== false,
    });
  }

  /** The upstream to go on to; the same once more where there is no other, as balancer.lua has it. */
  #next({ name }: Upstream): Upstream | undefined {
    this.#tried.push(name);
    const resolution = choose(this.context, this.exchange, this.decision, this.#tried);
    return resolution.kind === "upstream" ? resolution.upstream : undefined;
  }

  /** nginx's rule, for a connection that had served before: it may have been closed at the very moment of sending. */
  #mayRefresh(reused: boolean, error: Error): boolean {
    if (!reused || this.#refreshed || this.exchange.status !== 0) return false;
    return isIdempotent(this.exchange.method) && this.#body?.whole !== false && isStale(error);
  }
}

function isStream({ connection }: Upstream): boolean {
  return connection.kind === "stream";
}
