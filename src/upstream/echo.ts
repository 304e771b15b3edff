import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { contain } from "../contain.ts";
import { offersHttp2 } from "../http1/h2c.ts";
import { Http1Connection, type Http1Options } from "../http1/http1-connection.ts";
import type { HeadRefusal } from "../model/head-refusal.ts";
import { answer } from "./echo-answer.ts";
import { answerFault } from "./echo-fault.ts";
import { answerHttp2 } from "./echo-http2.ts";
import { createUpgrade } from "./echo-upgrade.ts";
import { streamPair } from "./pair.ts";

/** What a connection to the echo service is a connection to. */
export interface EchoPod {
  readonly namespace: string;
  readonly service: string;
  readonly pod: string;
  /** The Service's port, by number; by name where the number is not known. */
  readonly port: number | string;
}

/** What the echo service is spoken to: HTTP/1.1, or HTTP/2 with gRPC's trailers where a client speaks gRPC. */
export type EchoProtocol = "http" | "grpc";

/** Stands in for the pods of a cluster that is not there. */
export interface EchoService {
  /** A new connection to a pod. Fails once the service is closed. */
  open(pod: EchoPod, protocol?: EchoProtocol): Promise<Duplex>;
  /** Ends every connection, and every answer that is still being waited for. May be called again. */
  close(): Promise<void>;
}

/** A pod ends no connection by itself. Heads are longer here than any that came through the proxy, with what it adds. */
const OPTIONS: Http1Options = {
  buffers: { first: 16_384, large: 1024 * 1024, count: 4, lines: Number.POSITIVE_INFINITY },
  headMs: Number.POSITIVE_INFINITY,
  keepAliveMs: Number.POSITIVE_INFINITY,
  keepAliveRequests: Number.POSITIVE_INFINITY,
};

/**
 * The echo service: answers every request with what it received, as JSON, and every WebSocket message with itself.
 *
 * It has no port: a connection is one end of a pair of streams in this process, the other end is read as a client's is. So
 * it takes whatever the proxy does. It closes no idle connection, so no request meets one that is about to be closed.
 */
export function createEchoService(): EchoService {
  /** By the server's end of each open connection. */
  const pods = new Map<Duplex, EchoPod>();
  const upgrade = createUpgrade();
  let closed = false;

  const serve = (pod: EchoPod, connection: Duplex) => {
    const state = { closing: false };
    connection.on("error", () => connection.destroy());
    new Http1Connection(connection as Socket, state, OPTIONS, {
      request(request, response, refusal) {
        state.closing = !response.shouldKeepAlive;
        if (request.headers.expect === "100-continue") response.writeContinue();
        if (refusal === undefined && request.method !== "CONNECT") answer(pod, request, response);
        else answerFault({ code: faultOf(request.method, refusal) }, connection);
      },
      // An offer of HTTP/2 is declined by an answer in HTTP/1.1, as by most servers.
      isUpgrade: (request) => !offersHttp2(request),
      upgrade(request, rest) {
        upgrade(request, connection, rest).catch(() => connection.destroy());
      },
      malformed: () => answerFault({ code: undefined }, connection),
      fault: () => connection.destroy(),
      last: () => connection.end(() => connection.destroy()),
    });
  };

  return {
    open: async (pod, protocol = "http") => {
      if (closed) throw new Error("the echo service is closed");
      const [ours, theirs] = streamPair();
      // As a socket of `net.connect` has it: the client's end closes when the server has ended.
      theirs.allowHalfOpen = false;
      // Whatever goes wrong here, the proxy sees a connection that breaks off, as with any other server.
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
    },
  };
}

function faultOf(method: string | undefined, refusal: HeadRefusal | undefined): string | undefined {
  return method === "CONNECT" ? "CONNECT" : refusal?.page;
}
