import type { HeaderLine, RequestFacts } from "../../model/decision.ts";
import { SENT_EMPTY } from "../../model/empty-value.ts";
import type { Pattern } from "../../model/pattern.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { answeredBy } from "./target.ts";

/** `headers`: headers of requests and answers, CORS, and hosts that are let in. */
export interface MiddlewareHeadersStep {
  readonly kind: "middleware-headers";
  /** `customRequestHeaders`; an empty value removes one. */
  readonly request: readonly HeaderLine[];
  /** Set on every answer; an empty value removes one. */
  readonly response: readonly HeaderLine[];
  /** `Strict-Transport-Security`, and where it is sent. */
  readonly sts?: { readonly value: string; readonly when: "https" | "always" } | undefined;
  readonly cors?: Cors | undefined;
  /** Others get 500. default: every host */
  readonly allowedHosts?: readonly string[] | undefined;
  readonly by: string;
}

export interface Cors {
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly origins: readonly string[];
  readonly patterns: readonly Pattern[];
  readonly exposed: readonly string[];
  readonly credentials: boolean;
  readonly maxAge?: number | undefined;
  readonly varies: boolean;
}

/** pkg/middlewares/headers */
export function middlewareHeaders(at: Arrival, step: MiddlewareHeadersStep): Change | undefined {
  const { request } = at;
  const { allowedHosts, by, cors } = step;
  if (allowedHosts !== undefined && !allowedHosts.includes(request.authority ?? request.host))
    return answeredBy(at, 500, "Bad Host\n", `${by} lets in ${allowedHosts.join(", ")} alone (allowedHosts)`);
  if (cors !== undefined && isPreflight(request)) {
    const { decision } = answeredBy(at, 200, "", `${by} answers a preflight itself`);
    return { decision, responseHeaders: preflightHeaders(cors, request) };
  }
  const responseHeaders = [
    ...(cors === undefined ? [] : corsHeaders(cors, request)),
    ...step.response,
    ...stsHeaders(step, request),
  ];
  const { request: requestHeaders } = step;
  return {
    responseRewrites: cors?.varies === true ? { listed: [["Vary", "Origin"]] } : undefined,
    requestHeaders: requestHeaders.length === 0 ? undefined : requestHeaders,
    responseHeaders: responseHeaders.length === 0 ? undefined : responseHeaders,
    request: requestHeaders.length === 0 ? undefined : withHeaders(request, requestHeaders),
  };
}

/** The request with the headers as later middlewares see them. */
function withHeaders(request: RequestFacts, lines: readonly HeaderLine[]): RequestFacts {
  const set = new Map(lines.map(([name, value]) => [name.toLowerCase(), value]));
  const host = set.get("host");
  const seen = (name: string) => (set.has(name) ? set.get(name) || undefined : request.header(name));
  return { ...request, header: seen, ...(host ? { host, authority: undefined } : {}) };
}

function isPreflight({ method, header }: RequestFacts): boolean {
  return (
    method === "OPTIONS" &&
    header("access-control-request-method") !== undefined &&
    header("origin") !== undefined
  );
}

/** Stars mean what is asked for where credentials are allowed (go-secure and headers/header.go). */
function preflightHeaders(cors: Cors, { header }: RequestFacts): readonly HeaderLine[] {
  const echo = (list: readonly string[], asked: string) =>
    cors.credentials && list.includes("*") ? (header(asked) ?? "") : list.join(",");
  const methods = echo(cors.methods, "access-control-request-method");
  const headers = echo(cors.headers, "access-control-request-headers");
  return [
    ...credentialsOf(cors),
    ...(headers === "" ? [] : [["Access-Control-Allow-Headers", headers] as const]),
    ...(methods === "" ? [] : [["Access-Control-Allow-Methods", methods] as const]),
    ...originOf(cors, header),
    ...exposedOf(cors),
    ...(cors.maxAge === undefined ? [] : [["Access-Control-Max-Age", String(cors.maxAge)] as const]),
  ];
}

function corsHeaders(cors: Cors, { header }: RequestFacts): readonly HeaderLine[] {
  return [...originOf(cors, header), ...credentialsOf(cors), ...exposedOf(cors)];
}

function credentialsOf({ credentials }: Cors): readonly HeaderLine[] {
  return credentials ? [["Access-Control-Allow-Credentials", "true"]] : [];
}

function exposedOf({ exposed, credentials }: Cors): readonly HeaderLine[] {
  const shown = credentials ? exposed.filter((name) => name !== "*") : exposed;
  return shown.length === 0 ? [] : [["Access-Control-Expose-Headers", shown.join(",")]];
}

function originOf(cors: Cors, header: RequestFacts["header"]): readonly HeaderLine[] {
  const origin = header("origin") ?? "";
  const value = allowedOrigin(cors, origin);
  return value === undefined ? [] : [["Access-Control-Allow-Origin", value || SENT_EMPTY]];
}

function allowedOrigin({ origins, patterns, credentials }: Cors, origin: string): string | undefined {
  for (const each of origins) {
    if (each === "*") return credentials ? origin : "*";
    if (each === origin) return origin;
  }
  const isMatched = patterns.some((pattern) => {
    const found = pattern.exec(origin);
    return found !== null && found !== "too-complex";
  });
  return origin !== "" && isMatched ? origin : undefined;
}

function stsHeaders({ sts }: MiddlewareHeadersStep, { scheme }: RequestFacts): readonly HeaderLine[] {
  if (sts === undefined || (sts.when === "https" && scheme !== "https")) return [];
  return [["Strict-Transport-Security", sts.value]];
}
