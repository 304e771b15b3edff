import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { contain } from "../contain.ts";
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

/** Beyond what any request that came through the proxy can have, headers that it adds included. */
const MOST_HEADER_BYTES = 1024 * 1024;

/**
 * The echo service: answers every request with what it received, as JSON, and every WebSocket message with itself.
 *
 * It has no port: a connection is one end of a pair of streams in this process, the other end is given to an HTTP
 * server that never listens. It closes no idle connection, so no request ever meets one that is about to be closed.
 */
export function createEchoService(): EchoService {
  /** By the server's end of each open connection. */
  const pods = new Map<Duplex, EchoPod>();
  const upgrade = createUpgrade();
  let closed = false;

  const server = createServer({
    maxHeaderSize: MOST_HEADER_BYTES,
    requireHostHeader: false,
    keepAliveTimeout: 0,
    headersTimeout: 0,
    requestTimeout: 0,
  });
  server.maxHeadersCount = 0;

  const podOf = (request: IncomingMessage) => pods.get(request.socket);
  server.on("request", (request, response) => answer(podOf(request), request, response));
  // An expectation other than 100-continue is ignored, as most servers do.
  server.on("checkExpectation", (request, response) => answer(podOf(request), request, response));
  server.on("clientError", answerFault);
  server.on("connect", (_request, socket) => answerFault({ code: "CONNECT" }, socket));
  server.on("upgrade", (request, socket, head) => {
    upgrade(request, socket, head).catch(() => socket.destroy());
  });

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
      if (protocol === "http") server.emit("connection", ours);
      else answerHttp2(pod, ours);
      return theirs;
    },
    close: async () => {
      closed = true;
      for (const connection of pods.keys()) connection.destroy();
    },
  };
}
