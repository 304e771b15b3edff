import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { ApiRequest, ApiResponse } from "../model/cluster.ts";
import type { ApiLimits } from "./limits.ts";
import type { Session } from "./sessions.ts";

/** Larger than any list of a cluster. unit: bytes */
const TEXT_LIMIT = 256 * 1024 * 1024;
/** Interval of TCP keep-alive on a quiet connection. unit: ms */
const KEEP_ALIVE_MS = 15_000;

/** A connection's failure, worded for the dashboard. */
function silence(server: string, what: string, limitMs: number): Error {
  return new Error(`${server} ${what} within ${limitMs / 1000} s`);
}

/** For https, after the handshake. */
function whenConnected(socket: Socket, isSecure: boolean, then: () => void): void {
  if (!socket.connecting && !(isSecure && "secureConnecting" in socket && socket.secureConnecting === true)) {
    then();
    return;
  }
  socket.once(isSecure ? "secureConnect" : "connect", then);
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > TEXT_LIMIT) throw new Error("the answer is longer than 256 MiB");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function responseOf(message: IncomingMessage, idle: () => Error, idleMs: number): ApiResponse {
  message.setTimeout(idleMs, () => message.destroy(idle()));
  // A body without a reader may still break.
  message.on("error", () => undefined);
  const text = () => textOf(message);
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    body: message,
    text,
    json: async (): Promise<unknown> => JSON.parse(await text()),
  };
}

function open(path: string, { server, access }: Session, request: ApiRequest): ClientRequest {
  const { method = "GET", body, contentType = "application/json", accept = "application/json" } = request;
  const sent = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const headers = {
    ...access.headers,
    accept,
    "user-agent": "ingress-dev",
    ...(sent === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(sent) }),
  };
  const send = server.startsWith("https:") ? httpsRequest : httpRequest;
  const client = send(`${server}${path}`, { ...access, method, headers, signal: request.signal });
  client.end(sent);
  return client;
}

/**
 * Sends one request; resolves with the answer's head. Connecting, the head and each silence within the body
 * have time limits, because a half-open connection (sleep, another network) says nothing.
 */
export function send(
  path: string,
  session: Session,
  request: ApiRequest,
  limits: ApiLimits,
): Promise<ApiResponse> {
  const { server } = session;
  return new Promise((resolve, reject) => {
    const client = open(path, session, request);
    const giveUp = (what: string, ms: number) =>
      setTimeout(() => client.destroy(silence(server, what, ms)), ms);
    let timer = giveUp("could not be reached", limits.connectMs);
    client.once("socket", (socket) => {
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      whenConnected(socket, server.startsWith("https:"), () => {
        clearTimeout(timer);
        if (!client.destroyed) timer = giveUp("did not answer", limits.answerMs);
      });
    });
    client.once("response", (message) => {
      clearTimeout(timer);
      const idleMs = request.idleMs ?? limits.idleMs;
      resolve(responseOf(message, () => silence(server, "said nothing more", idleMs), idleMs));
    });
    client.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    client.once("close", () => clearTimeout(timer));
  });
}
