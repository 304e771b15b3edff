import type { LoggedRequest } from "../../../har/access-log/logged-request.ts";
import type { RecordedRequest } from "../../../har/recorded.ts";
import type { Outcome } from "../../../match/outcome.ts";
import type { Scheme } from "../../../model/decision.ts";
import { type Backend, mainBackend, type Route, type RouteTable } from "../../../model/route.ts";
import { hostName } from "../../../request/host.ts";
import { hostNames } from "../../../select/table.ts";
import type { Predictor } from "../../predict.ts";
import { contradictionOf } from "../../recorded/contradiction.ts";
import type { ReadLocation } from "../../recorded/location.ts";
import { type Said, saidByDecision } from "../../recorded/said.ts";
import { type ListenerFacts, sampleOf } from "../../recorded/sample.ts";
import { portOf } from "../route-in-words.ts";

/** A logged request with what becomes of it. */
export interface PlacedRequest {
  readonly request: RecordedRequest;
  readonly outcome: Outcome;
  /** default: it may have been answered as the log says */
  readonly contradiction?: { readonly recorded: Said; readonly now: Said } | undefined;
}

/** Finds what a line of a log hits. */
export interface Placer {
  /** `undefined`: the line names no host, and nothing else tells it. */
  readonly place: (logged: LoggedRequest, line: number) => PlacedRequest | undefined;
  readonly placeRecorded: (request: RecordedRequest) => PlacedRequest;
}

/** Names of upstreams that are no Service's. */
const NO_SERVICE: ReadonlySet<string> = new Set(["", "-", "internal", "upstream-default-backend"]);
/** For rules of every host. */
const ANY_HOST = "any-host.invalid";

/** @param defaultHost for lines without one */
export function createPlacer(
  table: RouteTable,
  predictor: Predictor,
  listeners: ListenerFacts,
  defaultHost: string | undefined,
  read: ReadLocation,
): Placer {
  const hosts = new Map<string, Set<string>>();
  for (const { rule, action } of table.routes)
    for (const { backend } of action.kind === "forward" ? action.shares : []) {
      const name = upstreamName(backend);
      const known = hosts.get(name) ?? new Set();
      hosts.set(name, known.add(asName(rule?.host ?? "")));
    }
  const named = hostNames(table);
  const only = named.length === 1 ? named.map(asName) : [];
  const placeRecorded = (request: RecordedRequest): PlacedRequest => {
    const outcome = predictor.outcome(sampleOf(request, listeners));
    return { request, outcome, contradiction: contradictionOf(request, outcome, read) };
  };
  const hostsFor = ({ host, upstream = "" }: LoggedRequest): Iterable<string> => {
    if (host !== undefined) return [host];
    if (defaultHost !== undefined) return [defaultHost];
    return hosts.get(upstream) ?? only;
  };
  return {
    placeRecorded,
    place(logged, line) {
      let first: PlacedRequest | undefined;
      for (const host of hostsFor(logged))
        for (const scheme of schemesFor(logged, host, table)) {
          const placed = placeRecorded(asRecorded(logged, host, scheme, line));
          const contradiction = placed.contradiction ?? upstreamContradiction(logged, placed, read);
          if (contradiction === undefined) return placed;
          first ??= { ...placed, contradiction: withUpstream(contradiction, logged) };
        }
      return first;
    },
  };
}

/** A host that a rule's host covers. */
function asName(host: string): string {
  return host === "" ? ANY_HOST : host.replace(/^\*/, "any");
}

/** Most logs do not say: the one that agrees with what was answered counts. */
function schemesFor(
  { scheme, status = 200 }: LoggedRequest,
  host: string,
  table: RouteTable,
): readonly Scheme[] {
  if (scheme !== undefined) return [scheme];
  const name = hostName(host);
  const hasTls = table.tlsNames.has(name) || table.tlsNames.has(name.replace(/^[^.]*/, "*"));
  if (!hasTls) return ["http"];
  return status >= 300 && status < 400 ? ["http", "https"] : ["https", "http"];
}

function asRecorded(
  { method, target, status, location, known }: LoggedRequest,
  host: string,
  scheme: Scheme,
  line: number,
): RecordedRequest {
  const answer = status === undefined ? undefined : { status, location };
  return { ...{ line, scheme, method, host, target, answer, known }, headers: [["Host", host]], bodySize: 0 };
}

/** ingress-nginx: `NAMESPACE-SERVICE-PORT` (upstreamName in pkg/ingress/controller/util.go). */
function upstreamName(backend: Backend): string {
  return `${backend.namespace}-${backend.service}-${portOf(backend)}`;
}

function withUpstream(
  { recorded, now }: NonNullable<PlacedRequest["contradiction"]>,
  { upstream }: LoggedRequest,
): PlacedRequest["contradiction"] {
  return { recorded: { ...recorded, service: recorded.service ?? upstream }, now };
}

/** The location that answered names its Service, even if it redirects or refuses. */
function upstreamContradiction(
  { upstream = "" }: LoggedRequest,
  { request, outcome: { decision } }: PlacedRequest,
  read: ReadLocation,
): PlacedRequest["contradiction"] {
  const isDefault = upstream === "upstream-default-backend";
  if (NO_SERVICE.has(upstream) && !isDefault) return undefined;
  const main = decision.route && mainBackend(decision.route);
  const backend = decision.kind === "forward" ? decision.backend : main;
  if (
    isDefault
      ? decision.kind !== "forward" || decision.route.rule === undefined
      : isShare(upstream, decision.route, backend)
  )
    return undefined;
  return {
    recorded: { status: request.answer?.status, service: upstream, why: [] },
    now: saidByDecision(decision, request, read),
  };
}

function isShare(upstream: string, route: Route | undefined, backend: Backend | undefined): boolean {
  if (backend !== undefined && upstreamName(backend) === upstream) return true;
  const shares = route?.action.kind === "forward" ? route.action.shares : [];
  return shares.some((share) => upstreamName(share.backend) === upstream);
}
