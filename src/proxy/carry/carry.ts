import type { Duplex } from "node:stream";
import { asError } from "../../contain.ts";
import type { ForwardDecision } from "../../model/decision.ts";
import type { Upstream } from "../../model/upstream.ts";
import { isWatched } from "../../step/traefik/errors.ts";
import { causeOf } from "../connect/connect.ts";
import { InvalidHeader } from "../connect/upstream-fault.ts";
import type { ClientBody } from "../exchange/client-body.ts";
import type { Exchange, InFlight } from "../exchange/exchange.ts";
import { failureOf } from "../exchange/failure.ts";
import { endFaulty } from "../exchange/fault.ts";
import { firstOf } from "../exchange/header-lines.ts";
import { cutOff, discardBody } from "../exchange/reply.ts";
import { accelRedirect } from "./accel.ts";
import { bodyOf } from "./backend-request.ts";
import type { BackendHead, Carrier, Refresh, Sink } from "./carrier.ts";
import { carrierFor } from "./carriers.ts";
import type { Carrying } from "./carrying.ts";
import { type Delivering, Delivery } from "./delivery.ts";
import { gather, isGathered } from "./gather.ts";
import { type HeldResponse, heldResponse } from "./held-response.ts";
import { interceptedAnswer, isIntercepted } from "./intercept.ts";
import { switchProtocols, type Tunnel } from "./switch-protocols.ts";
import { type NextTry, Tries } from "./tries.ts";

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
  const life = new Carry(context, exchange, decision, upstream, tunnel);
  exchange.begin(life);
  life.start();
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
  readonly #body: ClientBody | undefined;
  readonly #tries: Tries;
  #carrier: Carrier | undefined;
  #delivery: Delivery | undefined;
  #held: HeldResponse | undefined;
  #over = false;
  /** The response loses its body. */
  #isBodiless = false;

  constructor(
    context: Carrying,
    exchange: Exchange,
    decision: ForwardDecision,
    upstream: Upstream,
    tunnel: Tunnel | undefined,
  ) {
    this.#context = context;
    this.#exchange = exchange;
    this.#decision = decision;
    this.#tunnel = tunnel;
    this.#body = bodyOf(context, exchange, decision, upstream);
    this.#tries = new Tries(context, exchange, decision, this.#body, upstream);
  }

  /** Starts at once, or after the complete body if that is needed first. */
  start(): void {
    const { upstream } = this.#tries;
    if (!isGathered(this.#context, this.#exchange, this.#decision, upstream)) {
      this.#try({ upstream, connection: "kept" });
      return;
    }
    gather(this.#context, this.#exchange, this.#decision, upstream, this.#body, (error) => {
      if (this.#over) return;
      if (error === undefined) this.#try({ upstream, connection: "kept" });
      else this.fail(error);
    });
  }

  #try(next: NextTry): void {
    this.#tries.begin(next);
    const carrier = carrierFor(
      {
        context: this.#context,
        exchange: this.#exchange,
        decision: this.#decision,
        upstream: next.upstream,
        connection: next.connection,
        body: this.#body,
        asks: this.#tunnel === undefined ? "response" : "upgrade",
      },
      this,
    );
    this.#carrier = carrier;
    carrier.start();
  }

  head(asAnswered: BackendHead): void {
    const carrier = this.#carrier;
    if (carrier === undefined) return;
    try {
      const most = this.#decision.route.transport.buffers?.responseHeadBytes;
      if (most !== undefined && asAnswered.bytes > most) throw tooBigHead(asAnswered.bytes, most);
      this.#isBodiless = this.#isUnswitched(asAnswered);
      const head = this.#isBodiless ? withoutBody(asAnswered) : asAnswered;
      this.#held = heldResponse(head, this.#decision.route.transport.buffers?.responseBytes);
      if (this.#held === undefined) this.#deliver(head, carrier);
    } catch (error) {
      this.fail(asError(error));
    }
  }

  /** Envoy passes no body on where the client asked for another protocol, and the backend goes on with this one. */
  #isUnswitched({ status }: BackendHead): boolean {
    const { plane, headers } = this.#exchange;
    if (this.#tunnel === undefined || headers.upgrade === "") return false;
    return plane.unswitched !== undefined && status >= 200 && status < 300;
  }

  #deliver(head: BackendHead, carrier: Carrier): void {
    if (!this.#takes(head)) return;
    this.#delivery = new Delivery(this.#context, this.#exchange, carrier, this);
    this.#delivery.begin(this.#decision, head);
  }

  /** The whole of a response that was kept. */
  #pour({ head, chunks }: HeldResponse): void {
    this.#held = undefined;
    if (this.#carrier !== undefined) this.#deliver(head, this.#carrier);
    for (const chunk of chunks) this.#delivery?.write(chunk);
  }

  /** False: the response was stopped, and something else started. */
  #takes(head: BackendHead): boolean {
    const mayChange = head.status >= 300 || isWatched(this.#decision.route, head.status);
    if (mayChange && !this.#keeps(head)) return false;
    const target = accelRedirect(this.#exchange.plane, head.raw);
    if (target === undefined) return true;
    this.#finish(new Error("the request goes on to another path (X-Accel-Redirect)"));
    this.#context.inside(this.#exchange, this.#decision, target, head.raw);
    return false;
  }

  /** True if the status leads neither to a retry nor to an error backend. */
  #keeps({ status, raw }: BackendHead): boolean {
    const next = this.#tries.afterStatus(status);
    if (next !== undefined) {
      this.#carrier?.stop(new Error(`status ${status} is asked for once more (proxy-next-upstream)`));
      this.#try(next);
      return false;
    }
    if (this.#follows(status, raw)) return false;
    if (!isIntercepted(this.#decision, status)) return true;
    this.#finish(new Error(`status ${status} is answered for by another backend`));
    this.#context.answer(this.#exchange, interceptedAnswer(this.#decision, status, raw));
    return false;
  }

  #follows(status: number, raw: BackendHead["raw"]): boolean {
    if (this.#decision.route.transport.redirects === undefined) return false;
    const answer = { status, location: firstOf(raw, "location") };
    const follow = this.#context.followed(this.#exchange, this.#decision, answer);
    if (follow === undefined) return false;
    this.#finish(new Error(`the proxy follows the redirect with status ${status} itself`));
    follow();
    return true;
  }

  data(chunk: Buffer): "held" | "free" {
    if (this.#isBodiless) return "free";
    if (this.#held !== undefined) return this.#keep(this.#held, chunk);
    try {
      return this.#delivery?.write(chunk) ?? "free";
    } catch (fault) {
      endFaulty(this.#context, this.#exchange, fault);
      return "held";
    }
  }

  #keep(held: HeldResponse, chunk: Buffer): "held" {
    try {
      held.add(chunk);
    } catch (error) {
      this.#held = undefined;
      this.fail(asError(error));
    }
    return "held";
  }

  trailers(raw: readonly string[]): void {
    this.#delivery?.trailers(raw);
  }

  end(): void {
    try {
      if (this.#held !== undefined) this.#pour(this.#held);
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
      const next = this.#tries.afterFailure(error, refresh);
      if (next === undefined) this.#giveUp(error);
      else this.#try(next);
    } catch (fault) {
      endFaulty(this.#context, this.#exchange, fault);
    }
  }

  #giveUp(error: Error): void {
    const exchange = this.#exchange;
    this.#finish(error);
    exchange.failed(causeOf(error));
    if (exchange.status === 0 && !exchange.response.headersSent) {
      const failure = failureOf(this.#decision, this.#tries.upstream, error, {
        tries: this.#tries.asked,
        plane: this.#exchange.plane,
      });
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
}

function tooBigHead(bytes: number, most: number): InvalidHeader {
  return new InvalidHeader(
    `upstream sent too big header: ${bytes} bytes, where proxy-buffer-size allows ${most}`,
  );
}

const OF_BODIES = /^(?:content-type|content-length|transfer-encoding)$/i;

function withoutBody(head: BackendHead): BackendHead {
  const { raw } = head;
  const kept = raw.filter((_, at) => !OF_BODIES.test(String(raw[at - (at % 2)])));
  return { ...head, raw: [...kept, "content-length", "0"] };
}
