import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { EchoPod } from "./echo.ts";

/** Shown bytes of a request's body; the rest is counted and dropped. */
const MOST_BODY_BYTES = 65_536;
const MOST_DELAY_MS = 60_000;
/** Statuses without content (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
export const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Answers with the received request as JSON, once complete. Keeps at most 64 KiB of a body. A client's
 * leaving cancels the answer.
 */
export function answerEcho(pod: EchoPod, request: IncomingMessage, response: ServerResponse): void {
  readBody(request, (body) => {
    const { method = "", url: target = "", httpVersion, rawHeaders } = request;
    const received = receivedBy(pod, { method, target, proto: `HTTP/${httpVersion}`, rawHeaders });
    const { status, delayMs, headers } = answerOptionsOf(received.query);
    const send = () => {
      for (const [name, value] of headers) response.appendHeader(name, value);
      sendJson(response, status, JSON.stringify({ ...received, ...body }));
    };
    if (delayMs === 0) {
      send();
      return;
    }
    const timer = setTimeout(send, delayMs);
    response.once("close", () => clearTimeout(timer));
  });
}

export function readBody(
  stream: Readable,
  done: (body: { readonly body: string; readonly bodyBytes: number }) => void,
): void {
  const decoder = new StringDecoder("utf8");
  let body = "";
  let bodyBytes = 0;
  stream.on("data", (chunk: Buffer) => {
    const room = MOST_BODY_BYTES - bodyBytes;
    if (room > 0) body += decoder.write(room < chunk.length ? chunk.subarray(0, room) : chunk);
    bodyBytes += chunk.length;
  });
  stream.on("end", () => {
    // A character cut in two by the limit is left out; one cut by the client is shown as U+FFFD.
    if (bodyBytes <= MOST_BODY_BYTES) body += decoder.end();
    done({ body, bodyBytes });
  });
}

export interface AnswerOptions {
  readonly status: number;
  readonly delayMs: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A header of the query: a token, and printable ASCII. */
const HEADER = /^([\w!#$%&'*+.^`|~-]+): ?([\x21-\x7e][\x20-\x7e]*)$/;
/** Headers that frame the answer or name its author stay ours. */
const OWN_HEADERS =
  /^(?:connection|content-length|content-type|transfer-encoding|trailer|upgrade|x-ingress-dev-.*)$/i;

/**
 * The answer that the query asks for: `ingress-dev-status` (200 to 599; default: 200), `ingress-dev-delay` (ms, at most
 * 60 s) and `ingress-dev-header` (`NAME:VALUE`, repeatable). Other parameters are for the application that the echo
 * service stands in for.
 */
export function answerOptionsOf(query: string): AnswerOptions {
  if (!query.includes("ingress-dev-")) return { status: 200, delayMs: 0, headers: [] };
  const parameters = new URLSearchParams(query);
  const status = parameters.get("ingress-dev-status") ?? "";
  const delay = parameters.get("ingress-dev-delay") ?? "";
  return {
    status: /^[2-5]\d\d$/.test(status) ? Number(status) : 200,
    delayMs: /^\d+$/.test(delay) ? Math.min(Number(delay), MOST_DELAY_MS) : 0,
    headers: parameters.getAll("ingress-dev-header").flatMap((header) => {
      const [, name = "", value = ""] = HEADER.exec(header) ?? [];
      return name === "" || OWN_HEADERS.test(name) ? [] : [[name, value] as const];
    }),
  };
}

export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly proto: string;
  /** Names and values alternating. */
  readonly rawHeaders: readonly string[];
}

/** The contract's fields except the body, in the contract's order. */
export function receivedBy(pod: EchoPod, { method, target, proto, rawHeaders }: Received) {
  const at = target.indexOf("?");
  const headers = everyHeader(rawHeaders);
  return {
    namespace: pod.namespace,
    service: pod.service,
    pod: pod.pod,
    port: pod.port,
    method,
    path: at < 0 ? target : target.slice(0, at),
    query: at < 0 ? "" : target.slice(at + 1),
    host: headers.host ?? headers[":authority"] ?? "",
    proto,
    scheme: headers["x-forwarded-proto"]?.split(", ")[0] ?? "http",
    headers,
  };
}

/**
 * Lower-case names. Repeated headers are joined as RFC 9110 section 5.3 has it (cookies by `; `, RFC 6265 section 5.4):
 * Node's own `headers` drops the second of some. One character per byte.
 */
function everyHeader(raw: readonly string[]): Record<string, string> {
  // No prototype: `__proto__` is an ordinary header name.
  const headers: Record<string, string> = Object.create(null);
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    const value = raw[at + 1] ?? "";
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}${name === "cookie" ? "; " : ", "}${value}`;
  }
  return headers;
}

function sendJson(response: ServerResponse, status: number, json: string): void {
  response.setHeader("X-Ingress-Dev-Upstream", "echo");
  if (WITHOUT_CONTENT.has(status)) {
    response.writeHead(status, status === 205 ? { "Content-Length": 0 } : {}).end();
    return;
  }
  const length = Buffer.byteLength(json);
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": length }).end(json);
}
