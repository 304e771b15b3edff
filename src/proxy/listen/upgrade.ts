import type { Socket } from "node:net";
import type { ClientRequest } from "../../http1/client-request.ts";
import { ClientResponse } from "../../http1/client-response.ts";
import type { Scheme } from "../../model/decision.ts";
import { carry } from "../carry/carry.ts";
import { type Admission, planRequest } from "../decide/plan.ts";
import { admit } from "../decide/receive.ts";
import { clientLeft } from "../exchange/client-left.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { containAll } from "../exchange/fault.ts";
import { lingerOn } from "../exchange/reply.ts";
import type { Listening } from "./listening.ts";

/**
 * Answers a request for another protocol, mostly WebSocket. The backend decides: a 101 opens a tunnel, any
 * other answer goes to the client. Never throws.
 */
export function upgrade(
  context: Listening,
  scheme: Scheme,
  request: ClientRequest,
  socket: Socket,
  head: Buffer,
): void {
  const connection = context.connections.ofSocket(socket);
  socket.on("error", () => socket.destroy());
  const response = new ClientResponse(request, socket, () => {
    response.release();
    socket.destroySoon();
  });
  const admission: Admission = admit(context, scheme, connection, request, response);
  const { exchange } = admission;
  adopt(context, exchange, response, socket);
  planRequest(context, admission, (plan) => {
    if (plan.kind === "answer") context.answer(exchange, plan.answer);
    else carry(context, exchange, plan.decision, plan.upstream, { socket, early: collect(socket, head) });
  });
}

/** Nobody else reads the socket: its response is the last, and we watch its end. */
function adopt(context: Listening, exchange: Exchange, response: ClientResponse, socket: Socket): void {
  const { connection } = exchange;
  context.connections.begin(connection);
  connection.closing = true;
  lingerOn(socket, context.limits.lingerMs);
  containAll(context, exchange, response);
  socket.on("drain", () => response.emit("drain")).on("timeout", () => response.emit("timeout"));
  socket.on("close", () => {
    response.close();
    clientLeft(context, exchange);
    exchange.over();
    context.connections.finish(connection);
  });
}

const EARLY_BYTES = 65_536;

/**
 * Reads on while the backend thinks, because only reading shows that a client left. Keeps the bytes for the
 * tunnel, at most 64 KiB.
 */
function collect(socket: Socket, head: Buffer): () => Buffer {
  const chunks = [head];
  let bytes = head.length;
  const take = (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= EARLY_BYTES) socket.pause();
  };
  const leave = () => socket.destroy();
  socket.on("data", take).on("end", leave).resume();
  return () => {
    socket.off("data", take).off("end", leave).pause();
    return Buffer.concat(chunks);
  };
}
