import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Decision, HeaderLine, RequestFacts, Scheme } from "../../model/decision.ts";
import type { Plane, ReadHeaders } from "../../model/plane.ts";
import type { Reason } from "../../model/reason.ts";
import type { ClientBody } from "../carry/upload.ts";
import type { ClientConnection } from "./client-connections.ts";

/** A request as Node's servers give it, in HTTP/1.1 or HTTP/2. */
export type Incoming = IncomingMessage | Http2ServerRequest;
/** Its response. */
export type Outgoing = ServerResponse | Http2ServerResponse;

/** What a hit tells of a request. */
export interface Told {
  readonly scheme: Scheme;
  readonly method: string;
  /** Host as sent, or else the host of a target in absolute form; `""` for none. */
  readonly host: string;
  /** In origin form, raw; as it came where it has none. */
  readonly target: string;
  readonly id: string;
  /** `Date.now()` and `performance.now()` when the head had come. */
  readonly time: number;
  readonly startedAt: number;
  /** What is known of the request; `undefined` for a connection that is not HTTP. */
  facts: RequestFacts | undefined;
  decision: Decision | undefined;
  /** 0 until the response has begun. */
  status: number;
  /** Of the response's body. */
  bytes: number;
  upstream: string | undefined;
  /** Why the answer is not what the decision says; takes the place of its `why`. */
  why: readonly Reason[] | undefined;
  /** What went wrong on the way. */
  error: string | undefined;
  /** Whether its hit has been told. */
  told: boolean;
}

/** What is under way for a request: its guards are asked, or an upstream is. */
export interface InFlight {
  /** Aborts it. Nothing is answered or told by it any more. */
  stop(reason: Error): void;
  /** The request turned out to be malformed: answered with what the error says, if the answer has not begun. */
  fail(error: Error): void;
}

/** A request that a backend has sent on to another path (`X-Accel-Redirect`). */
export interface Inner {
  readonly times: number;
  /** Headers of the answers that did so which the last one gets as well, names and values in turn. */
  readonly carried: readonly string[];
  /** It has been counted for a limit. */
  readonly counted: boolean;
}

/** One request and all that becomes of it, from its head to the hit event. Its fields fill up on the way. */
export interface Exchange extends Told {
  readonly request: Incoming;
  readonly response: Outgoing;
  readonly connection: ClientConnection;
  /** The one that was there when its head had come: it holds to the end, whatever table comes meanwhile. */
  readonly plane: Plane;
  readonly headers: ReadHeaders;
  /** The host of a target in absolute form. */
  readonly authority: string | undefined;
  /** The client's: the connection's, until the decision says that its headers are believed another. */
  remoteAddress: string;
  /** What the choice of its upstream adds to the response. */
  addedHeaders: readonly HeaderLine[] | undefined;
  /** The cookies that an authentication service has set, and with which answers they go on. */
  authCookie: { readonly value: string; readonly when: "always" | "below-400" } | undefined;
  /** Its body, once an upstream was to be sent it. */
  body: ClientBody | undefined;
  /** Its body is not to be sent to anybody: it is too large. */
  spent: boolean;
  /** Set for a request that `X-Accel-Redirect` has sent to another path; default: none. */
  inner?: Inner | undefined;
  inFlight: InFlight | undefined;
  /** Called when its answer is out or its client gone: it no longer counts as one in progress. */
  leave: (() => void) | undefined;
}

/** Statuses with which nginx's `add_header` adds something (ngx_http_headers_filter). */
const ADDING: ReadonlySet<number> = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

/** What an authentication service adds to an answer with this status. */
export function addedByAuth({ authCookie }: Exchange, status: number): readonly HeaderLine[] {
  if (authCookie === undefined || (authCookie.when !== "always" && !ADDING.has(status))) return [];
  return [["Set-Cookie", authCookie.value]];
}

/** Whether a body follows the head. */
export function hasBody(exchange: Exchange): boolean {
  const { request, headers } = exchange;
  if (request.httpVersionMajor === 2)
    return "stream" in request && request.stream !== undefined && !request.stream.endAfterHeaders;
  return headers.transferEncoding !== "" || (headers.contentLength !== "" && headers.contentLength !== "0");
}

/** Whether nginx may send a request twice: all but POST, LOCK and PATCH (`proxy_next_upstream`, `non_idempotent`). */
export function isIdempotent(method: string): boolean {
  return method !== "POST" && method !== "LOCK" && method !== "PATCH";
}
