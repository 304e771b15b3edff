import type { ForwardDecision } from "../../model/decision.ts";
import type { NextUpstreamCondition } from "../../model/route/transport.ts";
import type { Upstream } from "../../model/upstream.ts";
import { ConnectTimeout } from "../connect/connect.ts";
import { isRetired } from "../connect/retirement.ts";
import type { ClientBody } from "../exchange/client-body.ts";
import { type Exchange, isIdempotent } from "../exchange/exchange.ts";
import { isUnresolved, isUnsent, kindOf } from "../exchange/failure.ts";
import type { Refresh } from "./carrier.ts";
import type { Carrying } from "./carrying.ts";
import { chooseUpstream } from "./choose-upstream.ts";
import { conditionOf, type TriesSoFar, triesAgain } from "./next-upstream.ts";

/** The next try: at an upstream, on an idle connection if there is one, or on a fresh one. */
export interface NextTry {
  readonly upstream: Upstream;
  readonly connection: "kept" | "fresh";
}

/** The tries of one request: those made, and whether another follows. */
export class Tries {
  readonly #context: Carrying;
  readonly #exchange: Exchange;
  readonly #decision: ForwardDecision;
  readonly #body: ClientBody | undefined;
  readonly #startedAt: number;
  readonly #tried: string[] = [];
  #upstream: Upstream;
  readonly #begun: Upstream[] = [];
  #refreshed = false;

  constructor(
    context: Carrying,
    exchange: Exchange,
    decision: ForwardDecision,
    body: ClientBody | undefined,
    first: Upstream,
  ) {
    this.#context = context;
    this.#exchange = exchange;
    this.#decision = decision;
    this.#body = body;
    this.#upstream = first;
    this.#startedAt = context.clock();
  }

  /** Without those at pods that are retired by now: a rollout may retire several in a row. */
  get count(): number {
    return this.#begun.filter((upstream) => !isRetired(upstream)).length;
  }

  /** Without the one on a fresh connection in place of an idle one. */
  get asked(): number {
    return this.count - (this.#refreshed ? 1 : 0);
  }

  /** The upstream of the last try. */
  get upstream(): Upstream {
    return this.#upstream;
  }

  begin({ upstream }: NextTry): void {
    this.#upstream = upstream;
    this.#begun.push(upstream);
  }

  /** The try that follows on a response with this status. */
  afterStatus(status: number): NextTry | undefined {
    const condition = conditionOf(status);
    return condition === undefined ? undefined : this.#next(condition, "sent");
  }

  /** The try that follows on a failure; none once the client has received anything. */
  afterFailure(error: Error, refresh: Refresh | undefined): NextTry | undefined {
    const upstream = this.#upstream;
    if (refresh !== undefined && this.#mayRefresh(refresh)) {
      // One refresh is always allowed (ngx_http_upstream_next, peer.cached), and counts as a try.
      this.#refreshed = true;
      return { upstream, connection: "fresh" };
    }
    const kind = kindOf(error);
    const next = kind === "client" ? undefined : this.#next(kind, isUnsent(error) ? "unsent" : "sent");
    return next === undefined || isHopeless(upstream, next.upstream, error) ? undefined : next;
  }

  #next(condition: NextUpstreamCondition, sent: TriesSoFar["sent"]): NextTry | undefined {
    const exchange = this.#exchange;
    const { nextUpstream } = this.#decision.route.transport;
    if (exchange.status !== 0 || exchange.response.headersSent) return undefined;
    const again = triesAgain(nextUpstream, condition, {
      tries: this.count,
      elapsedMs: this.#context.clock() - this.#startedAt,
      sent,
      idempotent: isIdempotent(exchange.method),
      whole: this.#body?.whole !== false,
    });
    const upstream = again ? this.#another(nextUpstream?.tries === "each-once") : undefined;
    return upstream && { upstream, connection: "kept" };
  }

  /** The same upstream again if there is no other, as in balancer.lua, unless each is to be tried once. */
  #another(isEachOnce: boolean): Upstream | undefined {
    const last = this.#upstream.name;
    this.#tried.push(last);
    const resolution = chooseUpstream(this.#context, this.#exchange, this.#decision, this.#tried);
    if (resolution.kind === "none") return undefined;
    const { upstream } = resolution;
    if (!isEachOnce || !this.#tried.includes(upstream.name)) return upstream;
    this.#exchange.tried(last);
    return undefined;
  }

  /** nginx's rule for a reused connection: it may have been closed while sending. */
  #mayRefresh(refresh: Refresh): boolean {
    if (this.#refreshed || this.#exchange.status !== 0 || this.#body?.whole === false) return false;
    return refresh === "unprocessed" || isIdempotent(this.#exchange.method);
  }
}

/**
 * A silent API server is not asked for the same pod again, which would only repeat the timeout. A name that
 * does not resolve will not resolve at once either.
 */
function isHopeless(upstream: Upstream, next: Upstream, error: Error): boolean {
  if (next !== upstream) return false;
  return (
    (error instanceof ConnectTimeout && upstream.connection.kind === "stream") ||
    isUnresolved(upstream, error)
  );
}
