import { setMaxListeners } from "node:events";
import type { WebSocket } from "ws";
import type { ApiConnection, ApiRefusal, ApiRequest, ApiResponse } from "../model/cluster.ts";
import type { ChosenContext } from "./context.ts";
import type { KubeConfigPlace } from "./kubeconfig.ts";
import { API_LIMITS, type ApiLimits } from "./limits.ts";
import { send } from "./request.ts";
import { createSessions, type Session } from "./sessions.ts";
import { openWebSocket } from "./web-socket.ts";

export interface ConnectOptions {
  readonly place: KubeConfigPlace;
  /** default: `API_LIMITS` */
  readonly limits?: ApiLimits | undefined;
  /** ms since the epoch. default: the system's clock */
  readonly now?: (() => number) | undefined;
}

/** Joins two signals until released. */
function linked(ended: AbortSignal, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  const both = signal === undefined ? [ended] : [ended, signal];
  const listeners = both.map((signal) => [signal, () => controller.abort(signal.reason)] as const);
  for (const [signal, listener] of listeners) {
    if (signal.aborted) listener();
    else signal.addEventListener("abort", listener);
  }
  const release = () => {
    for (const [signal, listener] of listeners) signal.removeEventListener("abort", listener);
  };
  return { signal: controller.signal, release };
}

/** Rejects on the signal; the work ends by itself. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** A refusal counts as an answer. */
async function opened(opening: Promise<WebSocket>): Promise<WebSocket | ApiRefusal> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof Error && "status" in error)
      return Object.assign(error, { status: Number(error.status) });
    throw error;
  }
}

/**
 * The connection to a context's API server. The first request reads the credentials.
 *
 * A 401 renews them once and asks again. If nothing answers, the next request reads the kubeconfig again: a
 * local cluster gets another port at each start.
 */
export function connect(chosen: ChosenContext, options: ConnectOptions): ApiConnection {
  const { place, limits = API_LIMITS, now = Date.now } = options;
  const ended = new AbortController();
  // Every request listens to it.
  setMaxListeners(0, ended.signal);
  const sessions = createSessions({ place, chosen, limits, now, signal: ended.signal });
  let server = chosen.cluster.server;

  async function ask<T>(
    signal: AbortSignal,
    run: (session: Session) => Promise<T>,
    isUnauthorized: (answer: T) => boolean,
  ): Promise<T> {
    const session = await untilAborted(sessions.current(), signal);
    server = session.server;
    try {
      const answer = await run(session);
      if (!isUnauthorized(answer) || sessions.refused(session) === "kept") return answer;
    } catch (error) {
      if (!signal.aborted) sessions.unreached(session);
      throw error;
    }
    return run(await untilAborted(sessions.current(), signal));
  }

  async function request(path: string, asked: ApiRequest = {}): Promise<ApiResponse> {
    const { signal, release } = linked(ended.signal, asked.signal);
    try {
      const run = (session: Session) => send(path, session, { ...asked, signal }, limits);
      const response = await ask(signal, run, (answer) => {
        if (answer.status === 401) answer.body.resume();
        return answer.status === 401;
      });
      response.body.once("close", release);
      return response;
    } catch (error) {
      release();
      throw signal.aborted ? signal.reason : error;
    }
  }

  async function webSocket(
    path: string,
    protocols: readonly string[],
    asked?: AbortSignal,
  ): Promise<WebSocket> {
    const { signal, release } = linked(ended.signal, asked);
    try {
      const run = (session: Session) => opened(openWebSocket(path, protocols, session, limits, signal));
      const answer = await ask(signal, run, (result) => result instanceof Error && result.status === 401);
      if (answer instanceof Error) throw answer;
      const abort = () => answer.terminate();
      signal.addEventListener("abort", abort, { once: true });
      answer.once("close", release);
      return answer;
    } catch (error) {
      release();
      throw signal.aborted ? signal.reason : error;
    }
  }

  return {
    context: chosen.context.name,
    get server() {
      return server;
    },
    namespace: chosen.context.namespace ?? "default",
    local: chosen.local,
    request,
    webSocket,
    refreshCredentials: sessions.renew,
    close: () => ended.abort(new Error("the connection to the API server was closed")),
  };
}
