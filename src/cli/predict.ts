import { type Outcome, outcome } from "../match/outcome.ts";
import type { HeaderLine, RequestFacts } from "../model/decision.ts";
import type { RouteTable } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { headerIn, isHostLine } from "../request/header-line.ts";
import { textAsBytes } from "../request/utf8.ts";
import { entryPointAt, planeFor } from "../select/table.ts";
import type { Settings } from "./options.ts";
import { OPTIONS } from "./options.ts";
import { requestFacts } from "./predict/request-facts.ts";
import { type RequestUrl, readRequestUrl } from "./predict/request-url.ts";
import { type Explained, knownOffline, workOut } from "./predict/work-out.ts";
import type { Routing } from "./routing.ts";

const THIS_MACHINE = "127.0.0.1";
/** Random choices go to the larger share: a canary takes the low end. */
const MOST_LIKELY = 0.999_999;

/** A request as a user writes it. */
export interface RequestInWords {
  /** As for curl; the scheme is optional. */
  readonly url: string;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  /** unit: bytes */
  readonly bodySize?: number | undefined;
  /** default: this computer's address */
  readonly client?: string | undefined;
}

/** Says what becomes of requests by a table. Opens nothing. */
export interface Predictor {
  /** @throws UserError `bad-url` */
  readonly sample: (request: RequestInWords) => SampleRequest;
  /**
   * Without an explanation; passwords are not compared. For many requests: takes some 10 µs. `client`: one that every
   * guard lets in.
   */
  readonly outcome: (request: SampleRequest, client?: "let in") => Outcome;
  /** A request as the table's plane reads it. */
  readonly facts: (request: SampleRequest) => RequestFacts;
  /** As `outcome`, of facts that another predictor may have read: their plane and options are the same. */
  readonly decide: (facts: RequestFacts, client?: "let in") => Outcome;
  /** `drawn`: of the routes that production draws among. default: 0 */
  readonly answer: (request: SampleRequest, drawn?: number) => Promise<Explained>;
  /** Of the listeners that redirects lead to. */
  readonly ports: RequestFacts["ports"];
}

export function createPredictor({
  table,
  settings,
  resolver,
}: Pick<Routing, "table" | "settings" | "resolver">): Predictor {
  const ports = listenerPorts(settings);
  const surrounding = {
    ports,
    exact: settings.exact,
    remoteAddress: settings.clientAddress ?? THIS_MACHINE,
    chance: MOST_LIKELY,
    noEndpoints: resolver.noEndpoints,
  };
  const factsOf = (request: SampleRequest) => {
    const { scheme, entryPoint, headers } = request;
    const host = headerIn(headers, "host") ?? "";
    return requestFacts(request, planeFor(table, { scheme, entryPoint, host }), surrounding);
  };
  const decide = (facts: RequestFacts, client?: "let in") => {
    const known = knownOffline(resolver, facts);
    return outcome(table, facts, client === undefined ? known : { ...known, client });
  };
  return {
    sample: (request) => sampleOf(request, settings, ports, table),
    outcome: (request, client) => decide(factsOf(request), client),
    facts: factsOf,
    decide: (facts, client) => decide({ ...facts, noEndpoints: resolver.noEndpoints }, client),
    answer: (request, drawn) => workOut(table, resolver, { ...factsOf(request), drawn }),
    ports,
  };
}

/** Replaces a port that the system would pick by the usual one. */
export function listenerPorts({ httpPort, httpsPort }: Settings): RequestFacts["ports"] {
  return {
    http: httpPort === 0 ? OPTIONS.httpPort.fallback : httpPort,
    https: httpsPort === 0 ? OPTIONS.httpsPort.fallback : httpsPort,
  };
}

/** The host as written, with its port. @throws UserError `bad-url` */
export function hostAsked({ url, headers }: Pick<RequestInWords, "url" | "headers">): string {
  const named = headers.find(([name]) => name.toLowerCase() === "host");
  return named?.[1] ?? readRequestUrl(url, 0).host;
}

/** A `Host` header wins over the URL's host, as with curl. */
function sampleOf(
  { url, method, headers, bodySize, client }: RequestInWords,
  settings: Settings,
  ports: RequestFacts["ports"],
  table: Pick<RouteTable, "entryPoints">,
): SampleRequest {
  const asked = readRequestUrl(url, ports.https);
  const isNamed = headers.some(isHostLine);
  const host = isNamed ? "" : hostHeader(asked, settings, ports);
  const { scheme, target } = asked;
  const lines = headers.map(inBytes);
  return {
    ...{ scheme, method, target, bodySize, client },
    entryPoint: entryPointAt(table, scheme, Number(/:(\d+)$/.exec(asked.host)?.[1]))?.name,
    headers: host === "" ? lines : [["Host", host] as const, ...lines],
  };
}

/**
 * A URL without port means the listener of its scheme, whose port is in the `Host` header; with `--exact` it
 * is not.
 */
function hostHeader({ scheme, host }: RequestUrl, { exact }: Settings, ports: RequestFacts["ports"]): string {
  const isUsual = ports[scheme] === (scheme === "http" ? 80 : 443);
  return exact || isUsual || host === "" || /:\d*$/.test(host) ? host : `${host}:${ports[scheme]}`;
}

/** As curl in a terminal sends it. */
function inBytes([name, value]: HeaderLine): HeaderLine {
  return [name, textAsBytes(value)];
}
