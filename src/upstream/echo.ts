import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { contain } from "../contain.ts";
import { offersHttp2 } from "../http1/h2c.ts";
import { httpDates } from "../http1/http-date.ts";
import { Http1Connection, type Http1Options } from "../http1/http1-connection.ts";
import type { HeadRefusal } from "../model/head-refusal.ts";
import type { DirectHead, DirectListener, DirectRequest } from "../model/upstream/direct.ts";
import { type EchoContext, EchoRequest } from "./echo/direct.ts";
import { answerFault } from "./echo/fault.ts";
import { answerHttp1 } from "./echo/http1.ts";
import { answerHttp2 } from "./echo/http2.ts";
import { createUpgrade } from "./echo/upgrade.ts";
import { streamPair } from "./pair.ts";

export interface EchoPod {
  readonly namespace: string;
  readonly service: string;
  readonly pod: string;
  /** The Service's port number, or its name if the number is unknown. */
  readonly port: number | string;
}

/** The protocol of the echo service: HTTP/1.1, or HTTP/2 with gRPC's trailers for gRPC clients. */
export type EchoProtocol = "http" | "grpc";

/** Stands in for the pods of a missing cluster. */
export interface EchoService {
  /** A new connection to a pod. Fails once the service is closed. */
  open(pod: EchoPod, protocol?: EchoProtocol): Promise<Duplex>;
  /** Has a pod answer a request of HTTP/1.1 without a connection. @throws once the service is closed */
  answer(pod: EchoPod, head: DirectHead, listener: DirectListener): DirectRequest;
  /** Ends every connection and every pending answer. May be called again. */
  close(): Promise<void>;
}

/** A pod ends no connection by itself. Heads may be longer than the proxy's limit, because the proxy adds lines. */
const OPTIONS: Http1Options = {
  buffers: {
    first: 16_384,
    large: 1024 * 1024,
    count: 4,
    lines: Number.POSITIVE_INFINITY,
    requestLine: "any",
  },
  headMs: Number.POSITIVE_INFINITY,
  keepAliveMs: Number.POSITIVE_INFINITY,
  keepAliveRequests: Number.POSITIVE_INFINITY,
};

/**
 * The echo service: answers requests with what it received, as JSON, and WebSocket messages with themselves.
 *
 * It has no port. Ordinary requests are answered by a function; a connection is a pair of streams in this process. Its
 * end is parsed like a client's, so it accepts whatever the proxy does. It closes no idle connection, so no request meets
 * a closing one.
 */
export function createEchoService(): EchoService {
  /** By the server's end of each open connection. */
  const pods = new Map<Duplex, EchoPod>();
  const context: EchoContext = { date: httpDates(Date.now), held: new Set() };
  const upgrade = createUpgrade();
  let closed = false;

  const answer = (pod: EchoPod, head: DirectHead, listener: DirectListener): DirectRequest => {
    if (closed) throw new Error("the echo service is closed");
    return new EchoRequest(context, pod, head, listener);
  };

  const serve = (pod: EchoPod, connection: Duplex) => {
    const state = { closing: false };
    connection.on("error", () => connection.destroy());
    new Http1Connection(connection as Socket, state, OPTIONS, {
      request(request, response, refusal) {
        state.closing = !response.shouldKeepAlive;
        if (request.headers.expect === "100-continue") response.writeContinue();
        if (refusal === undefined && request.method !== "CONNECT")
          answerHttp1((head, listener) => answer(pod, head, listener), request, response);
        else answerFault({ code: faultOf(request.method, refusal) }, connection);
      },
      // Declines an offer of HTTP/2 by an answer in HTTP/1.1, as most servers do.
      isUpgrade: (request) => !offersHttp2(request),
      upgrade(request, rest) {
        upgrade(request.message, connection, rest).catch(() => connection.destroy());
      },
      malformed: () => answerFault({ code: undefined }, connection),
      fault: () => connection.destroy(),
      last: () => connection.end(() => connection.destroy()),
    });
  };

  return {
    answer,
    open: async (pod, protocol = "http") => {
      if (closed) throw new Error("the echo service is closed");
      const [ours, theirs] = streamPair();
      // Like a socket of `net.connect`: the client's end closes when the server has ended.
      theirs.allowHalfOpen = false;
      // Whatever goes wrong here, the proxy sees a connection that breaks off.
      contain(ours, () => ours.destroy());
      pods.set(ours, pod);
      ours.once("close", () => pods.delete(ours));
      if (protocol === "http") serve(pod, ours);
      else answerHttp2(pod, ours);
      return theirs;
    },
    close: async () => {
      closed = true;
      for (const connection of pods.keys()) connection.destroy();
      for (const request of context.held) request.close();
    },
  };
}

function faultOf(method: string | undefined, refusal: HeadRefusal | undefined): string | undefined {
  return method === "CONNECT" ? "CONNECT" : refusal?.page;
}
