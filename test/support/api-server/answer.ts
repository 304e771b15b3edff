import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Fault } from "./fault.ts";
import { reset } from "./listener.ts";
import type { Json } from "./object.ts";
import { failure, type StatusBody } from "./status.ts";

/** An answer before it is sent. */
export interface Answer {
  readonly code: number;
  readonly body: Json | StatusBody | string;
  readonly headers?: readonly (readonly [string, string])[];
}

/** Larger bodies are compressed for clients that accept it (apiserver `defaultGzipThresholdBytes`). */
const GZIP_FROM = 128 * 1024;

function acceptsGzip(response: ServerResponse): boolean {
  const accepted = response.req.headers["accept-encoding"];
  return typeof accepted === "string" && accepted.includes("gzip");
}

/** Sends an answer, changed by the fault. */
export function send(response: ServerResponse, answer: Answer, fault?: Fault): void {
  const { code, body, headers } = alter(answer, fault);
  const plain = Buffer.from(typeof body === "string" ? body : `${JSON.stringify(body)}\n`);
  const compressed = plain.length > GZIP_FROM && acceptsGzip(response);
  const text = compressed ? gzipSync(plain, { level: 1 }) : plain;
  if (compressed) response.setHeader("Content-Encoding", "gzip");
  response.setHeader("Content-Type", typeof body === "string" ? "text/plain" : "application/json");
  response.setHeader("Cache-Control", "no-cache, private");
  response.setHeader("Content-Length", text.length);
  for (const [name, value] of headers ?? []) {
    if (name === "Content-Type") response.setHeader(name, value);
    else response.appendHeader(name, value);
  }
  response.writeHead(code);
  switch (fault?.do) {
    case "truncated":
    case "close":
    case "reset":
      brokenOff(response, text, fault.do === "reset" ? "reset" : "close");
      return;
    case "stalled":
      response.write(half(text));
      return;
    case "slow":
      slowly(response, text, fault.ms, fault.pieces ?? 1);
      return;
    default:
      response.end(text);
  }
}

/** The fault's answer instead of the usual one; `undefined`: the usual one. */
export function refusal(fault: Fault): Answer | undefined {
  if (fault.do !== "status") return undefined;
  const retry = fault.retryAfter === undefined ? undefined : String(fault.retryAfter);
  return {
    code: fault.status,
    body: failure(fault.status, fault.message ?? MESSAGES[fault.status] ?? "an error on the server"),
    ...(retry === undefined ? {} : { headers: [["Retry-After", retry]] }),
  };
}

/** The API server's messages for these codes. */
const MESSAGES: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: 'forbidden: User "dev" cannot do that',
  404: "the server could not find the requested resource",
  410: "The resourceVersion for the provided watch is too old.",
  429: "Too many requests, please try again later.",
  500: "Internal error occurred: etcdserver: request timed out",
  503: "the server is currently unable to handle the request",
};

function alter(answer: Answer, fault: Fault | undefined): Answer {
  if (fault?.do === "garbage") {
    return { code: 200, body: "<html><body>Sign in to the hotel's network</body></html>", headers: HTML };
  }
  if (fault?.do !== "empty-list" || typeof answer.body === "string") return answer;
  const { items: _, ...rest } = answer.body as Json;
  return { ...answer, body: rest };
}

const HTML = [["Content-Type", "text/html"]] as const;

function half(text: Buffer): Buffer {
  return text.subarray(0, Math.max(1, text.length >> 1));
}

function brokenOff(response: ServerResponse, text: Buffer, how: "close" | "reset"): void {
  response.write(half(text), () => {
    if (how === "reset") reset(response.socket);
    else response.socket?.destroySoon();
  });
}

function slowly(response: ServerResponse, text: Buffer, ms: number, pieces: number): void {
  const size = Math.max(1, Math.ceil(text.length / pieces));
  const next = (start: number) => {
    if (response.destroyed) return;
    const end = start + size;
    if (end >= text.length) response.end(text.subarray(start));
    else response.write(text.subarray(start, end));
    if (end < text.length) setTimeout(next, ms, end).unref();
  };
  response.flushHeaders();
  setTimeout(next, ms, 0).unref();
}
