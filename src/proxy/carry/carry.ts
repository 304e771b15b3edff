import type { Duplex } from "node:stream";
import { asError } from "../../contain.ts";
import type { ForwardDecision } from "../../model/decision.ts";
import type { NextUpstreamCondition } from "../../model/transport.ts";
import type { Upstream } from "../../model/upstream.ts";
import { ConnectTimeout, causeOf } from "../connect/connect.ts";
import { isRetired } from "../connect/retirement.ts";
import type { ClientBody } from "../exchange/client-body.ts";
import { type Exchange, type InFlight, isIdempotent } from "../exchange/exchange.ts";
import { failureOf, InvalidHeader, isUnresolved, isUnsent, kindOf } from "../exchange/failure.ts";
import { endFaulty } from "../exchange/fault.ts";
import { cutOff, discardBody } from "../exchange/reply.ts";
import { accelRedirect } from "./accel.ts";
import { bodyOf } from "./backend-request.ts";
import type { BackendHead, Carrier, Refresh, Sink } from "./carrier.ts";
import { carrierFor } from "./carriers.ts";
import type { Carrying } from "./carrying.ts";
import { chooseUpstream } from "./choose-upstream.ts";
import { type Delivering, Delivery } from "./delivery.ts";
import { gather, isGathered } from "./gather.ts";
import { interceptedAnswer, isIntercepted } from "./intercept.ts";
import { conditionOf, type TriesSoFar, triesAgain } from "./next-upstream.ts";
import { switchProtocols, type Tunnel } from "./switch-protocols.ts";

/**
 * Forwards a request to its upstream and streams the response back. With `tunnel` the backend may switch
 * protocols on the client's connection.
 */
export function carry(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  upstream: Upstream,
  tunnel?: Tunnel,
): void {
  const life = new Carry(context, exchange, decision, tunnel);
  exchange.begin(life);
  life.start(upstream);
}

/**
 * One forwarded request over any protocols: tries at one or several upstreams, one response, one end. Ends
 * with the response, another answer, or the client's leaving.
 */
class Carry implements Sink, InFlight, Delivering {
  readonly #context: Carrying;
  readonly #exchange: Exchange;
  readonly #decision: ForwardDecision;
  readonly #tunnel: Tunnel | undefined;
  readonly #startedAt: number;
  readonly #tried: string[] = [];
  #body: ClientBody | undefined;
  #upstream: Upstream | undefined;
  #carrier: Carrier | undefined;
  #delivery: Delivery | undefined;
  #tries = 0;
  #refreshed = false;
  #over = false;

  constructor(context: Carrying, exchange: Exchange, decision: ForwardDecision, tunnel: Tunnel | undefined) {
    this.#context = context;
    this.#exchange = exchange;
    this.#decision = decision;
    this.#tunnel = tunnel;
    this.#startedAt = context.clock();
  }

  /** Starts at once, or after the complete body if that is needed first. */
  start(upstream: Upstream): void {
    const context = this.#context;
    const exchange = this.#exchange;
    this.#upstream = upstream;
    this.#body = bodyOf(context, exchange, this.#decision, upstream);
    if (!isGathered(context, exchange, this.#decision, upstream)) this.#try(upstream, "kept");
    else
      gather(context, exchange, this.#decision, upstream, this.#body, (error) => {
        if (this.#over) return;
        if (error === undefined) this.#try(upstream, "kept");
        else this.fail(error);
      });
  }

  #try(upstream: Upstream, connection: "kept" | "fresh"): void {
    this.#tries++;
    this.#upstream = upstream;
    const carrier = carrierFor(
      {
        context: this.#context,
        exchange: this.#exchange,
        decision: this.#decision,
        upstream,
        body: this.#body,
        connection,
        asks: this.#tunnel === undefined ? "response" : "upgrade",
      },
      this,
    );
    this.#carrier = carrier;
    carrier.start();
  }

  head(head: BackendHead): void {
    const carrier = this.#carrier;
    if (carrier === undefined) return;
    try {
      const most = this.#decision.route.transport.buffers?.responseHeadBytes;
      if (most !== undefined && head.bytes > most) throw tooBigHead(head.bytes, most);
      if (!this.#takes(head)) return;
      this.#delivery = new Delivery(this.#context, this.#exchange, carrier, this);
      this.#delivery.begin(this.#decision, head);
    } catch (error) {
      this.fail(asError(error));
    }
  }

  /** False: the response was stopped, and something else started. */
  #takes(head: BackendHead): boolean {
    if (head.status >= 300 && !this.#keeps(head)) return false;
    const target = accelRedirect(this.#exchange.plane, head.raw);
    if (target === undefined) return true;
    this.#finish(new Error("the request goes on to another path (X-Accel-Redirect)"));
    this.#context.inside(this.#exchange, this.#decision, target, head.raw);
    return false;
  }

  /** True if the status leads neither to a retry nor to an error backend. */
  #keeps({ status, raw }: BackendHead): boolean {
    const condition = conditionOf(status);
    const next = condition === undefined ? undefined : this.#another(condition, "sent");
    if (next !== undefined) {
      this.#carrier?.stop(new Error(`status ${status} is asked for once more (proxy-next-upstream)`));
      this.#try(next, "kept");
      return false;
    }
    if (!isIntercepted(this.#decision, status)) return true;
    this.#finish(new Error(`status ${status} is answered for by another backend`));
    this.#context.answer(this.#exchange, interceptedAnswer(this.#decision, status, raw));
    return false;
  }

  data(chunk: Buffer): void {
    try {
      this.#delivery?.write(chunk);
    } catch (fault) {
      endFaulty(this.#context, this.#exchange, fault);
    }
  }

  trailers(raw: readonly string[]): void {
    this.#delivery?.trailers(raw);
  }

  end(): void {
    try {
      this.#delivery?.end();
    } catch (fault) {
      endFaulty(this.#context, this.#exchange, fault);
    }
  }

  delivered(): void {
    this.#finish();
    discardBody(this.#context, this.#exchange);
    this.#context.tell(this.#exchange);
  }

  switched(head: BackendHead, stream: Duplex, first: Buffer): void {
    if (this.#tunnel === undefined) return;
    // From here on the tunnel notices the end of either side.
    this.#finish();
    try {
      switchProtocols(this.#context, this.#exchange, this.#decision, this.#tunnel, { head, stream, first });
    } catch (fault) {
      stream.destroy();
      endFaulty(this.#context, this.#exchange, fault);
    }
  }

  fail(error: Error, refresh?: Refresh): void {
    if (this.#over) return;
    this.#carrier?.stop(error);
    try {
      this.#failed(error, refresh);
    } catch (fault) {
      endFaulty(this.#context, this.#exchange, fault);
    }
  }

  #failed(error: Error, refresh: Refresh | undefined): void {
    const upstream = this.#upstream;
    if (upstream === undefined) return;
    if (refresh !== undefined && this.#mayRefresh(refresh)) {
      // One refresh is always allowed (ngx_http_upstream_next, peer.cached), and counts as a try.
      this.#refreshed = true;
      this.#try(upstream, "fresh");
      return;
    }
    // A try at a retired pod does not count: a rollout may retire several in a row.
    if (isRetired(upstream)) this.#tries--;
    const kind = kindOf(error);
    const next = kind === "client" ? undefined : this.#another(kind, isUnsent(error) ? "unsent" : "sent");
    if (next !== undefined && !isHopeless(upstream, next, error)) {
      this.#try(next, "kept");
      return;
    }
    this.#giveUp(upstream, error);
  }

  #giveUp(upstream: Upstream, error: Error): void {
    const exchange = this.#exchange;
    this.#finish(error);
    exchange.failed(causeOf(error));
    if (exchange.status === 0 && !exchange.response.headersSent) {
      const failure = failureOf(this.#decision, upstream, error, this.#tries);
      exchange.answeredBecause(failure.why);
      this.#context.answer(exchange, failure);
      return;
    }
    this.#context.tell(exchange);
    cutOff(exchange.response);
  }

  stop(reason: Error): void {
    if (!this.#over) this.#finish(reason);
  }

  /** @param reason reason for cutting off a running response */
  #finish(reason?: Error): void {
    this.#over = true;
    this.#exchange.settle();
    this.#delivery?.stop();
    if (reason !== undefined) this.#carrier?.stop(reason);
    this.#body?.close();
  }

  /** The upstream of the next try; none once the client has received anything. */
  #another(condition: NextUpstreamCondition, sent: TriesSoFar["sent"]): Upstream | undefined {
    const exchange = this.#exchange;
    const { nextUpstream } = this.#decision.route.transport;
    if (exchange.status !== 0 || exchange.response.headersSent) return undefined;
    const again = triesAgain(nextUpstream, condition, {
      tries: this.#tries,
      elapsedMs: this.#context.clock() - this.#startedAt,
      sent,
      idempotent: isIdempotent(exchange.method),
      whole: this.#body?.whole !== false,
    });
    return again ? this.#next(nextUpstream?.tries === "each-once") : undefined;
  }

  /** The same upstream again if there is no other, as in balancer.lua, unless each is to be tried once. */
  #next(isEachOnce: boolean): Upstream | undefined {
    const last = this.#upstream?.name ?? "";
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

function tooBigHead(bytes: number, most: number): InvalidHeader {
  return new InvalidHeader(
    `upstream sent too big header: ${bytes} bytes, where proxy-buffer-size allows ${most}`,
  );
}
