import type { Upstream } from "../../model/upstream.ts";
import type { Http1Request } from "../connect/http1-client.ts";
import type { Pools } from "../connect/pool.ts";
import type { Carrier, Sink } from "./carrier.ts";
import { ordinary } from "./carriers/direct/head.ts";
import { DirectCarrier } from "./carriers/direct.ts";
import { Http1Carrier } from "./carriers/http1.ts";

/** One try over HTTP/1.1. unit of times: ms */
export interface Http1Try {
  readonly upstream: Upstream;
  readonly request: Http1Request;
  readonly connectTimeoutMs: number;
  /** `kept`: on an idle connection, if there is one. */
  readonly connection: "kept" | "fresh";
  /** It may be sent twice; only then it waits for an upstream that restarts. */
  readonly idempotent: boolean;
}

/** HTTP/1.1 by the upstream's own function, if it has one that takes the request; else on a connection. */
export function directOrHttp1(pools: Pools, attempt: Http1Try, sink: Sink): Carrier {
  const { upstream, request, connectTimeoutMs, connection, idempotent } = attempt;
  const answer = upstream.connection.kind === "stream" ? upstream.connection.answer : undefined;
  const direct = answer === undefined ? undefined : ordinary(request);
  if (answer !== undefined && direct !== undefined) return new DirectCarrier(answer, direct, sink);
  const lane = pools.take(upstream, connectTimeoutMs, { connection, idempotent });
  return new Http1Carrier(pools, upstream, lane, request, sink);
}
