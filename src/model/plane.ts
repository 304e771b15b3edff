import type { Decision, HeaderLine, RequestFacts, RespondDecision, Scheme } from "./decision.ts";
import type { Reason } from "./reason.ts";

/**
 * One data plane's reading of requests and wording of its own answers. Pure.
 *
 * A compiled table has its controller's plane; proxy, `match` and `explain` know no data plane.
 */
export interface Plane {
  readonly name: string;
  /** The proxy's name for itself in headers. default: it tells none */
  readonly ownName?: string | undefined;
  readonly limits: RequestLimits;
  /** In production nothing listens: with `--exact` connections are reset. default: clients are accepted */
  readonly accepts?: "nobody" | undefined;
  /** The answer to a malformed request, or one with a refused method; `undefined` for any other. */
  readonly refuse: (facts: RequestFacts) => RespondDecision | undefined;
  /** The target as routes see it; `undefined`: 400. One char per byte. */
  readonly readPath: (target: string, scheme?: Scheme) => ReadPath | undefined;
  /** The host as routes see it, from a `Host` header; `""` for none. */
  readonly readHost: (header: string) => string;
  /** Changes header lines before anything reads them; names and values alternate. default: as sent */
  readonly received?: ((raw: readonly string[]) => readonly string[]) | undefined;
  /** Sorts request headers by their way to a backend. Names and values alternate. */
  readonly readHeaders: (raw: readonly string[], scheme?: Scheme) => ReadHeaders;
  /** The value of a header by lower-case name, for a variable or condition; repeated ones are joined. */
  readonly header: (raw: readonly string[], name: string, sender?: SentFrom) => string | undefined;
  /** The headers of a backend request, names and values alternating. `length`: of the body; `""` for none */
  readonly requestHeaders: (read: ReadHeaders, hop: Hop, length: string, set?: LinesSet) => string[];
  /** Lower-case backend headers that do not reach the client, by protocol. */
  readonly hidden: Readonly<Record<SpokenBy, ReadonlySet<string>>>;
  /** `X-Accel-Redirect` and similar backend headers: commands to nginx, or ordinary headers. */
  readonly accel: "obeyed" | "passed on";
  /** On every answer, its own and those of backends. default: none */
  readonly everywhere?: readonly HeaderLine[] | undefined;
  /** Response headers of a guard's refusal: those of all steps, or of the steps before it. default: `all` */
  readonly refusalHeaders?: "all" | "earlier" | undefined;
  readonly answer: (facts: AnswerFacts) => OwnAnswer;
  /** Words an own answer for the client's protocol (gRPC). default: as it is */
  readonly reply?: ((decision: RespondDecision, facts: RequestFacts) => RespondDecision) | undefined;
  /** The reason phrase; `""` for none. */
  readonly phrase: (status: number) => string;
  /** The reason phrase of a backend's answer: as it was sent, or the plane's own. default: `sent` */
  readonly backendPhrase?: "sent" | "own" | undefined;
  readonly closing: ReadonlySet<number>;
  /** The status of plain HTTP on an https port. default: 400 */
  readonly plainOnTls?: number | undefined;
  /** Where a backend's certificate is not trusted, or its protocol is another. default: 502 */
  readonly misunderstood?: number | undefined;
  /** A path without its slash: sent with one, or as it is. default: `with slash` */
  readonly unrooted?: "with slash" | "as it is" | undefined;
  /** A success in place of a switch of protocols loses its body. default: the client gets it */
  readonly unswitched?: "without body" | undefined;
  /** A body without a length: read whole first, and sent with one, or passed on as it comes. default: `measured` */
  readonly bodies?: "measured" | "streamed" | undefined;
  /** The answer where a backend failed before its own. `tries`: of this request. default: 504 in time, else 502 */
  readonly failed?: ((end: BackendEnd, tries: number) => FailedAnswer) | undefined;
}

/** Who sent a request, and where to. */
export interface SentFrom {
  readonly scheme: Scheme;
  readonly remoteAddress: string;
}

/** How a backend failed. */
export type BackendEnd = "unreached" | "unreached in time" | "closed" | "unreadable" | "silent" | "idle";

export interface FailedAnswer {
  readonly status: number;
  /** default: the page of the status */
  readonly text?: string | undefined;
}

/** A request's target as a plane reads it; one char per byte. */
export interface ReadPath {
  /** Compared with the paths of routes. */
  readonly path: string;
  /** Without `?`, as sent. */
  readonly query: string;
  /** Path and query on the way to a backend, unless rewritten. default: the target as sent */
  readonly sent?: string | undefined;
  /** Answered 307 with this location, before any host or route (Envoy's UNESCAPE_AND_REDIRECT). */
  readonly moved?: string | undefined;
  /** The path contains `%` or `+`: nginx then escapes captures in redirects (`quoted_uri`, `plus_in_uri`). */
  readonly quoted: boolean;
}

/** Limits of a request's head. unit: bytes */
export interface RequestLimits {
  /** Request line, and each header line. */
  readonly lineBytes: number;
  readonly headBytes: number;
  readonly headerLines: number;
  /** For a head or header line over the limit; a request line gets 414. */
  readonly headTooLarge: 400 | 431;
  /** Every token is a method, and `*` a target (RFC 9110 section 9.1, RFC 9112 section 3.2.4). default: as by nginx */
  readonly requestLine?: "any" | undefined;
  /** The controller's option for them. default: none */
  readonly option?: string | undefined;
}

export type SpokenBy = "proxy" | "grpc" | "fastcgi";

/** Request headers, read once; one char per byte. */
export interface ReadHeaders {
  /** Passed on unchanged; names and values alternate. */
  kept: string[];
  /** Passed on only where the plane sets none of the name: to an error backend or mirror. */
  claimed: string[];
  /** Number of Host headers, and the last one. */
  hosts: number;
  host: string;
  /** default of these too: `""` */
  upgrade: string;
  expect: string;
  contentLength: string;
  transferEncoding: string;
  /** A repeated header that the plane allows once. default: `""` */
  repeated: string;
  requestId: string;
  forwardedFor: string;
  forwardedHost: string;
  /** The client sent `Forwarded` (RFC 7239). */
  forwarded: boolean;
  /** Number of headers, bytes of the longest line, bytes in all. */
  count: number;
  longest: number;
  bytes: number;
}

/** The hop from the client, as the proxy knows it. */
export interface Hop {
  /** `Host` as sent; `""` for none. */
  readonly host: string;
  /** Of an absolute target. */
  readonly authority?: string | undefined;
  /** The endpoint's address, or its name where that is unknown. default: `""`, nobody is asked yet */
  readonly endpoint?: string | undefined;
  /** default: HTTP/1.1 */
  readonly spoken?: "HTTP/2" | undefined;
  /** The host that the endpoint is told. default: `client` */
  readonly told?: "client" | "endpoint" | undefined;
  /** How long the backend is told to have. default: it is told nothing */
  readonly timeoutMs?: number | undefined;
  readonly remoteAddress: string;
  /** default: unknown */
  readonly method?: string | undefined;
  /** default: what the header lines of HTTP/1.1 say */
  readonly hasBody?: boolean | undefined;
  /** The client's port; with `--exact` the cluster's. */
  readonly port: string;
  readonly scheme: Scheme;
  readonly requestId: string;
  /** `exact`: as the cluster, byte for byte. */
  readonly exact: boolean;
}

/** A decision's headers for the backend request. */
export type LinesSet = Pick<
  Extract<Decision, { kind: "forward" }>,
  "requestHeaders" | "besides" | "errorPage"
>;

/** Meanings beyond the status. */
export type AnswerCause =
  | "head too large"
  | "bad client certificate"
  | "no client certificate"
  | "plain HTTP on the https port";

export interface AnswerFacts {
  readonly status: number;
  /** default: by the status */
  readonly cause?: AnswerCause | undefined;
  /** Replaces the plane's own body. */
  readonly text?: string | undefined;
  /** default: the plane's name */
  readonly server?: string | undefined;
  /** Request headers. default: `""` */
  readonly accept?: string | undefined;
  readonly userAgent?: string | undefined;
  /** For a person who reads the body. default: none (`--exact`) */
  readonly why?: readonly Reason[] | undefined;
}

export interface OwnAnswer {
  /** `""`: no body and no type */
  readonly body: string;
  /** `""`: none */
  readonly contentType: string;
  /** Further headers. default: none */
  readonly headers?: readonly HeaderLine[] | undefined;
}
