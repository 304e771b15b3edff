import type { ClientRequest } from "../../http1/client-request.ts";
import type { ClientResponse } from "../../http1/client-response.ts";
import type { Http2Response } from "../../http2/http2-response.ts";
import type { HeaderLine } from "../../model/decision.ts";
import type { Plane, ReadHeaders } from "../../model/plane.ts";
import type { ClientBody } from "./client-body.ts";
import type { ClientConnection } from "./client-connections.ts";
import { HitRecord, type HitSubject } from "./hit-record.ts";

/** An answer by HTTP/1 or HTTP/2. */
export type Outgoing = ClientResponse | Http2Response;

/** What both have of a stream. */
export interface OutgoingStream {
  write(bytes: Buffer): boolean;
  end(): unknown;
  end(bytes: Buffer): unknown;
  destroy(error?: Error): unknown;
  emit(event: "drain"): boolean;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/** Current work for a request: guards, or an upstream. */
export interface InFlight {
  /** Aborts it silently. */
  stop(reason: Error): void;
  /** The request is malformed: answers with the error, if no answer has begun. */
  fail(error: Error): void;
}

/** A request that a backend redirected internally (`X-Accel-Redirect`). */
export interface InnerRedirect {
  readonly times: number;
  /** Headers of redirecting answers for the final one, names and values alternating. */
  readonly carried: readonly string[];
  /** It has been counted for a limit. */
  readonly counted: boolean;
}

/** Cookies of an authentication service, and the statuses that get them. */
export interface AuthCookie {
  readonly values: readonly string[];
  readonly when: "always" | "below-400";
  /** Cookies of the backend that are left out, by name. default: none */
  readonly inPlaceOf?: readonly string[] | undefined;
}

/** The immutable parts of an exchange. */
export interface ReceivedRequest {
  readonly request: ClientRequest;
  readonly response: Outgoing;
  readonly connection: ClientConnection;
  /** The plane at the complete head; it stays, whatever table follows. */
  readonly plane: Plane;
  readonly headers: ReadHeaders;
}

/** One request from its head to its hit. Only its methods change it. */
export class Exchange extends HitRecord implements ReceivedRequest {
  readonly request: ClientRequest;
  readonly response: Outgoing;
  readonly connection: ClientConnection;
  readonly plane: Plane;
  readonly headers: ReadHeaders;
  #inFlight: InFlight | undefined;
  #addedHeaders: readonly HeaderLine[] | undefined;
  #authCookie: AuthCookie | undefined;
  #inner: InnerRedirect | undefined;
  #body: ClientBody | undefined;
  #isBodyDropped = false;
  #whenOver: (() => void)[] | undefined;

  constructor(received: ReceivedRequest, subject: HitSubject) {
    super(subject);
    this.request = received.request;
    this.response = received.response;
    this.connection = received.connection;
    this.plane = received.plane;
    this.headers = received.headers;
  }

  get inFlight(): InFlight | undefined {
    return this.#inFlight;
  }

  /** Response headers from the choice of its upstream. */
  get addedHeaders(): readonly HeaderLine[] | undefined {
    return this.#addedHeaders;
  }

  get inner(): InnerRedirect | undefined {
    return this.#inner;
  }

  /** Once an upstream needs it. */
  get body(): ClientBody | undefined {
    return this.#body;
  }

  /** It is too large, so it is sent to nobody (ngx_http_discard_request_body). */
  get isBodyDropped(): boolean {
    return this.#isBodyDropped;
  }

  begin(inFlight: InFlight): void {
    this.#inFlight = inFlight;
  }

  /** The current work is over. */
  settle(): void {
    this.#inFlight = undefined;
  }

  chose(upstream: string, addedHeaders: readonly HeaderLine[] | undefined): void {
    this.tried(upstream);
    this.#addedHeaders = addedHeaders;
  }

  addHeaders(lines: readonly HeaderLine[]): void {
    this.#addedHeaders = [...(this.#addedHeaders ?? []), ...lines];
  }

  authenticated(cookie: AuthCookie): void {
    this.#authCookie = cookie;
  }

  /** Headers that an authentication service adds to this status. */
  addedByAuth(status: number): readonly HeaderLine[] {
    const cookie = this.#authCookie;
    if (cookie === undefined || (cookie.when !== "always" && !ADDING.has(status))) return [];
    return cookie.values.map((value) => ["Set-Cookie", value]);
  }

  /** Cookies that the backend does not set, because its authentication service does. */
  get cookiesOfAuth(): readonly string[] {
    return this.#authCookie?.inPlaceOf ?? [];
  }

  /** The new path asks its authentication service again. */
  redirectedInside(inner: InnerRedirect): void {
    this.#inner = inner;
    this.#authCookie = undefined;
  }

  /** Made once. */
  bodyFor(make: () => ClientBody): ClientBody {
    this.#body ??= make();
    return this.#body;
  }

  dropBody(): void {
    this.#isBodyDropped = true;
  }

  /** Calls back at the end: it is answered, or its client gone. */
  whenOver(act: () => void): void {
    this.#whenOver ??= [];
    this.#whenOver.push(act);
  }

  over(): void {
    for (const act of this.#whenOver ?? []) act();
  }
}

/** Statuses to which nginx's `add_header` applies (ngx_http_headers_filter). */
const ADDING: ReadonlySet<number> = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

export function hasBody({ request, headers }: ReceivedRequest): boolean {
  if (request.httpVersionMajor === 2) return request.hasBody;
  return headers.transferEncoding !== "" || (headers.contentLength !== "" && headers.contentLength !== "0");
}

/** False for POST, LOCK and PATCH (`proxy_next_upstream`, `non_idempotent`). */
export function isIdempotent(method: string): boolean {
  return method !== "POST" && method !== "LOCK" && method !== "PATCH";
}
