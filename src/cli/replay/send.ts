import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import { UserError } from "../../errors.ts";
import type { Ports, Scheme } from "../../model/decision.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { headerIn } from "../../request/header-line.ts";
import { serverNameOf } from "../../verify/server-name.ts";
import { decodedBody } from "../recorded/decoded-body.ts";

/** An answer to a request that was sent again. */
export interface SentAnswer {
  readonly status: number;
  /** One char per byte. */
  readonly location: string | undefined;
  /** The body of the echo service, which says who answered. */
  readonly text: string | undefined;
  /** The proxy's own reasons (`X-Ingress-Dev-Why`). */
  readonly why: readonly string[];
}

/** Sends requests one after the other. */
export interface Sender {
  /** A text says what failed. @throws UserError `no-proxy` if nothing listens */
  readonly send: (request: SampleRequest, body: Buffer | undefined) => Promise<SentAnswer | string>;
  readonly close: () => void;
}

/** A proxy's answer is awaited as long as nginx awaits a Service's. unit: ms */
const ANSWER_MS = 60_000;
/** Of a body that says who answered. unit: bytes */
const MOST_BYTES = 512 * 1024;
/** Of a body that has no end. unit: ms */
const REST_MS = 2_000;

export function createSender(address: string, ports: Ports): Sender {
  const agents = {
    http: new Agent({ keepAlive: true, maxSockets: 1 }),
    // The certificates are of this computer's own making.
    https: new HttpsAgent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false }),
  };
  const once = (request: SampleRequest, body: Buffer | undefined) =>
    new Promise<SentAnswer | NodeJS.ErrnoException>((resolve) => {
      const { scheme, method, target, headers } = request;
      const options: RequestOptions = {
        ...{ host: address, port: ports[scheme], method, path: target, setHost: false, timeout: ANSWER_MS },
        headers: headers.flat(),
        agent: agents[scheme],
        // An empty name sends none.
        servername: serverNameOf(headerIn(headers, "host") ?? "") ?? "",
      };
      const sent = (scheme === "http" ? httpRequest : httpsRequest)(options);
      let isReused = false;
      sent.on("socket", () => {
        isReused = sent.reusedSocket;
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer came within ${ANSWER_MS / 1000} s`)));
      sent.on("error", (error) => resolve(Object.assign(error, { isReused })));
      sent.on("response", (response) => void read(response).then(resolve));
      sent.on("upgrade", (response: IncomingMessage, socket) => {
        socket.destroy();
        resolve(answerOf(response, undefined));
      });
      sent.end(body);
    });
  return {
    async send(request, body) {
      let answer = await once(request, body);
      // The proxy may close a connection while it is taken again.
      if (answer instanceof Error && "isReused" in answer && answer.isReused === true)
        answer = await once(request, body);
      if (!(answer instanceof Error)) return answer;
      if (answer.code === "ECONNREFUSED") throw unreachable(address, ports, request.scheme);
      return answer.message;
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function unreachable(address: string, ports: Ports, scheme: Scheme): UserError {
  return new UserError("no-proxy", `Nothing listens on ${address}:${ports[scheme]} (${scheme}).`);
}

/** Reads a body to its end, as the recorded client did; of one without end only its beginning. */
async function read(response: IncomingMessage): Promise<SentAnswer> {
  const timer = setTimeout(() => response.destroy(), REST_MS);
  const isEcho = response.headers["x-ingress-dev-upstream"] === "echo";
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of response) {
      size += piece.length;
      if (isEcho && size <= MOST_BYTES) pieces.push(piece);
    }
  } catch {
    // Its status and headers are there.
  }
  clearTimeout(timer);
  const body = Buffer.concat(pieces);
  const plain = decodedBody(body, response.headers["content-encoding"]) ?? body;
  return answerOf(response, isEcho ? plain.toString("utf8") : undefined);
}

function answerOf(response: IncomingMessage, text: string | undefined): SentAnswer {
  const why = response.headers["x-ingress-dev-why"];
  return {
    status: response.statusCode ?? 0,
    location: response.headers.location,
    text,
    why: typeof why === "string" ? why.split(" | ") : [],
  };
}
