import type { Decision, RequestFacts, RespondDecision, Scheme } from "./decision.ts";
import type { Reason } from "./reason.ts";

/**
 * How one data plane reads requests, and how it words what it sends itself. Pure: the same request, the same answer.
 *
 * The compiled table has the plane of its controller; the proxy, `match` and `explain` ask it and know no data plane.
 */
export interface Plane {
  readonly name: string;
  readonly limits: RequestLimits;
  /**
   * The answer to a request that no route is looked for, because it is malformed or of a method that is never answered;
   * `undefined` for every other.
   */
  readonly refuse: (facts: RequestFacts) => RespondDecision | undefined;
  /** What of a request's target routes are looked for with; `undefined`: 400. One char a byte. */
  readonly readPath: (target: string) => ReadPath | undefined;
  /** The host name that routes are looked for with, from a `Host` header; `""` for none. */
  readonly readHost: (header: string) => string;
  /** Sorts the headers of a request by what becomes of them on the way to a backend. Names and values in turn. */
  readonly readHeaders: (raw: readonly string[]) => ReadHeaders;
  /** The value of the header that a variable or a condition names, in lower case; several are joined. */
  readonly header: (raw: readonly string[], name: string) => string | undefined;
  /**
   * The headers of a request to a backend, names and values in turn, as they are sent. `length`: of the body; `""` for none.
   */
  readonly requestHeaders: (read: ReadHeaders, hop: Hop, length: string, set?: LinesSet) => string[];
  /** Headers of a backend's response that do not go on to the client, in lower case, by how the backend is spoken to. */
  readonly hidden: Readonly<Record<SpokenBy, ReadonlySet<string>>>;
  /** `X-Accel-Redirect` and its like in a backend's answer: commands to nginx, or headers like any other. */
  readonly accel: "obeyed" | "passed on";
  /** What is sent with a status of the plane's own making. */
  readonly answer: (facts: AnswerFacts) => OwnAnswer;
  /** The reason phrase of a status line; `""` where there is none for the status. */
  readonly phrase: (status: number) => string;
  /** Statuses after which the connection to the client is closed. */
  readonly closing: ReadonlySet<number>;
}

/** A request's target as a plane reads it. Strings hold one char a byte. */
export interface ReadPath {
  /** Compared with the paths of routes. */
  readonly path: string;
  /** Without `?`, as sent. */
  readonly query: string;
  /** The target's path had a `%` or a `+`: nginx escapes captures in redirects then (`quoted_uri`, `plus_in_uri`). */
  readonly quoted: boolean;
}

/** How large the head of a request may be. unit: bytes */
export interface RequestLimits {
  /** The request line, and each header line. */
  readonly lineBytes: number;
  /** All of the head. */
  readonly headBytes: number;
  readonly headerLines: number;
  /** The answer to a head that is larger, or to a header line that is; a request line is answered with 414. */
  readonly headTooLarge: 400 | 431;
  /** The controller's option that sets them; default: none does */
  readonly option?: string | undefined;
}

/** The protocol that a backend is spoken to by. */
export type SpokenBy = "proxy" | "grpc" | "fastcgi";

/** The headers of a request, read once. Strings hold one char a byte. */
export interface ReadHeaders {
  /** Names and values in turn: what goes on to the backend as it is. */
  kept: string[];
  /** The same of what goes on only where the plane sets nothing under these names: to an error backend, a mirror. */
  claimed: string[];
  /** How often a Host header was there, and the last. */
  hosts: number;
  host: string;
  /** default, of these as well: `""` */
  upgrade: string;
  expect: string;
  contentLength: string;
  transferEncoding: string;
  /** A header that is there twice though the plane takes it once. default: `""` */
  repeated: string;
  requestId: string;
  forwardedFor: string;
  forwardedHost: string;
  /** The client sent `Forwarded` (RFC 7239). */
  forwarded: boolean;
  /** Headers in number, bytes of the longest line, and bytes in all. */
  count: number;
  longest: number;
  bytes: number;
}

/** What the proxy knows of the hop from the client that the client's headers do not say. */
export interface Hop {
  /** `Host` as the client sent it; `""` for none. */
  readonly host: string;
  /** The client's address. */
  readonly remoteAddress: string;
  /** The port that the client used: with `--exact` the cluster's. */
  readonly port: string;
  readonly scheme: Scheme;
  readonly requestId: string;
  /** `exact`: what the cluster would send, byte for byte. */
  readonly exact: boolean;
}

/** What a decision sets on a request to its backend. */
export type LinesSet = Pick<
  Extract<Decision, { kind: "forward" }>,
  "requestHeaders" | "besides" | "errorPage"
>;

/** What an answer is about where its status does not say so. */
export type AnswerCause =
  | "head too large"
  | "bad client certificate"
  | "no client certificate"
  | "plain HTTP on the https port";

/** What a plane has to know to word an answer. */
export interface AnswerFacts {
  readonly status: number;
  /** default: the status says it */
  readonly cause?: AnswerCause | undefined;
  /** In place of the plane's own body. */
  readonly text?: string | undefined;
  /** The `Server` header that goes with it; default: the plane's own name */
  readonly server?: string | undefined;
  /** Headers of the request. default: `""` */
  readonly accept?: string | undefined;
  readonly userAgent?: string | undefined;
  /** Why, for a person who reads the body; default: nothing of ours goes out (`--exact`) */
  readonly why?: readonly Reason[] | undefined;
}

/** An answer of a plane's own. */
export interface OwnAnswer {
  /** `""` for none, which has no type either. */
  readonly body: string;
  readonly contentType: string;
}
