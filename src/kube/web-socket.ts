import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { ApiRefusal } from "../model/cluster.ts";
import type { ApiLimits } from "./limits.ts";
import type { Session } from "./sessions.ts";

/** Read part of a refusal's body. unit: chars */
const REFUSAL_LIMIT = 4096;

/** Message limit: kubelets send 32 KiB at a time, and each is held whole. unit: bytes */
const MESSAGE_LIMIT = 16 * 1024 * 1024;

/** Time for the connection's end once either side closes. unit: ms */
const CLOSE_LIMIT = 1000;

/** The `message` of a `Status` object, else the text. */
function messageOf(text: string): string {
  try {
    const status: unknown = JSON.parse(text);
    const isStatus = typeof status === "object" && status !== null && "message" in status;
    return isStatus && typeof status.message === "string" ? status.message : text;
  } catch {
    return text;
  }
}

/** The API server's answer other than 101, as an error with its words. */
async function refusalOf(response: IncomingMessage): Promise<ApiRefusal> {
  let text = "";
  try {
    for await (const part of response.setEncoding("utf8")) {
      text += part;
      if (text.length > REFUSAL_LIMIT) break;
    }
  } catch {
    // The status says enough.
  }
  const status = response.statusCode ?? 0;
  const said = messageOf(text.slice(0, REFUSAL_LIMIT)).trim() || (response.statusMessage ?? "");
  return Object.assign(new Error(`the API server answered ${status}: ${said}`), { status });
}

/**
 * Opens a paused WebSocket with a session's credentials. Rejects with an `ApiRefusal` for another answer than
 * 101, with the connection's error, or after the limits for connecting and answering.
 */
export async function openWebSocket(
  path: string,
  protocols: readonly string[],
  { server, access }: Session,
  limits: ApiLimits,
  signal: AbortSignal,
): Promise<WebSocket> {
  const { WebSocket } = await import("ws");
  signal.throwIfAborted();
  // A constant, because the types of `ws` lack `closeTimeout`.
  const options = {
    ...access,
    headers: { ...access.headers, "user-agent": "ingress-dev" },
    handshakeTimeout: limits.connectMs + limits.answerMs,
    perMessageDeflate: false,
    maxPayload: MESSAGE_LIMIT,
    closeTimeout: CLOSE_LIMIT,
  };
  const socket = new WebSocket(`${server.replace(/^http/, "ws")}${path}`, [...protocols], options);
  const abort = () => socket.terminate();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await new Promise<WebSocket>((resolve, reject) => {
      socket.once("open", () => {
        // The first message may arrive with the handshake, before anybody listens.
        socket.pause();
        resolve(socket);
      });
      socket.on("error", (error) => reject(signal.aborted ? signal.reason : error));
      socket.once("unexpected-response", (request, response) => {
        void refusalOf(response).then((refusal) => {
          reject(refusal);
          request.destroy();
        });
      });
    });
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
