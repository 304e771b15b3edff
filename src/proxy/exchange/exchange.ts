import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Decision, HeaderLine, RequestFacts, Scheme } from "../../model/decision.ts";
import type { Plane, ReadHeaders } from "../../model/plane.ts";
import type { Reason } from "../../model/reason.ts";
import type { ClientBody } from "../carry/upload.ts";
import type { ClientConnection } from "./client-connections.ts";

/** A request of Node's servers, HTTP/1.1 or HTTP/2. */
export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

/** The facts of a request for its hit. */
export interface Told {
  readonly scheme: Scheme;
  readonly method: string;
  /** As sent, else from a target in absolute form; `""` for none. */
  readonly host: string;
  /** Origin form, raw; otherwise as sent. */
  readonly target: string;
  readonly id: string;
  /** `Date.now()` and `performance.now()` at the complete head. */
  readonly time: number;
  readonly startedAt: number;
  /** `undefined` for a connection that is not HTTP. */
  facts: RequestFacts | undefined;
  decision: Decision | undefined;
  /** 0 before the response. */
  status: number;
  /** Of the response's body. */
  bytes: number;
  upstream: string | undefined;
  /** Replaces the decision's `why` if the answer differs from it. */
  why: readonly Reason[] | undefined;
  error: string | undefined;
  /** Its hit was sent. */
  told: boolean;
}

/** Current work for a request: guards, or an upstream. */
export interface InFlight {
  /** Aborts it silently. */
  stop(reason: Error): void;
  /** The request is malformed: answers with the error, if no answer has begun. */
  fail(error: Error): void;
}

/** A request that a backend redirected internally (`X-Accel-Redirect`). */
export interface Inner {
  readonly times: number;
  /** Headers of redirecting answers for the final one, names and values alternating. */
  readonly carried: readonly string[];
  /** It has been counted for a limit. */
  readonly counted: boolean;
}

/** One request from its head to its hit; fields fill in on the way. */
export interface Exchange extends Told {
  readonly request: Incoming;
  readonly response: Outgoing;
  readonly connection: ClientConnection;
  /** The plane at the complete head; it stays, whatever table follows. */
  readonly plane: Plane;
  readonly headers: ReadHeaders;
  /** The host of a target in absolute form. */
  readonly authority: string | undefined;
  /** The connection's, unless the decision trusts headers with another. */
  remoteAddress: string;
  /** Response headers from the choice of its upstream. */
  addedHeaders: readonly HeaderLine[] | undefined;
  /** Cookies of an authentication service, and the statuses that get them. */
  authCookie: { readonly value: string; readonly when: "always" | "below-400" } | undefined;
  /** Once an upstream needs it. */
  body: ClientBody | undefined;
  /** It is too large, so it is sent to nobody. */
  spent: boolean;
  /** For a request after `X-Accel-Redirect`. default: none */
  inner?: Inner | undefined;
  inFlight: InFlight | undefined;
  /** Ends its count as in progress: it is answered, or its client gone. */
  leave: (() => void) | undefined;
}

/** Statuses to which nginx's `add_header` applies (ngx_http_headers_filter). */
const ADDING: ReadonlySet<number> = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

/** Headers that an authentication service adds to this status. */
export function addedByAuth({ authCookie }: Exchange, status: number): readonly HeaderLine[] {
  if (authCookie === undefined || (authCookie.when !== "always" && !ADDING.has(status))) return [];
  return [["Set-Cookie", authCookie.value]];
}

export function hasBody(exchange: Exchange): boolean {
  const { request, headers } = exchange;
  if (request.httpVersionMajor === 2)
    return "stream" in request && request.stream !== undefined && !request.stream.endAfterHeaders;
  return headers.transferEncoding !== "" || (headers.contentLength !== "" && headers.contentLength !== "0");
}

/** False for POST, LOCK and PATCH (`proxy_next_upstream`, `non_idempotent`). */
export function isIdempotent(method: string): boolean {
  return method !== "POST" && method !== "LOCK" && method !== "PATCH";
}
