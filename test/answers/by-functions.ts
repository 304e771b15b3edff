import { requestFacts } from "../../src/cli/predict/request-facts.ts";
import { workOut } from "../../src/cli/predict/work-out.ts";
import { compile } from "../../src/compile/compile.ts";
import type { ControllerName } from "../../src/compile/controllers.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import type { Decision, ForwardDecision, RequestFacts } from "../../src/model/decision.ts";
import type { Backend, RouteTable } from "../../src/model/route.ts";
import { EMPTY_SNAPSHOT } from "../../src/model/snapshot.ts";
import type { Resolution } from "../../src/model/upstream.ts";
import { planeFor } from "../../src/select/table.ts";
import { fallbackFor } from "../../src/step/action/fallback.ts";
import { isReplaced, pageFor, withoutPage } from "../../src/step/error-pages.ts";
import { manifestsOf } from "../controllers/given.ts";
import { clientCounts } from "../support/client-counts.ts";
import { parseManifest } from "../support/parse-manifest.ts";
import { type KnownServices, knownServices } from "./known-services.ts";
import type { Recorded, RecordedAsk, RecordedSet } from "./recorded.ts";

/** What became of a question, as far as functions know it. */
interface Found {
  readonly status: number;
  readonly service?: string | undefined;
  readonly port?: number | undefined;
  readonly path?: string | undefined;
  readonly location?: string | undefined;
  readonly body?: string | undefined;
}

/** Asks all questions of a set through `compile` and `outcome`; each line names a difference from the real controller. */
export async function askedByFunctions(
  controller: ControllerName,
  set: RecordedSet,
): Promise<readonly string[]> {
  const parsed = parseManifest(await manifestsOf(set as never), "given.json");
  const { snapshot } = snapshotOf(parsed.resources);
  const options = {
    controller,
    classless: "ignored",
    completeness: "whole",
    controllerFlags: set.flags,
  } as const;
  const compiled = compile(snapshot, options);
  // What is refused leaves the configuration before it, which was empty.
  const isStopped = set.sentinelNeverReady === true && compiled.stops.length > 0;
  const { table } = isStopped ? compile(EMPTY_SNAPSHOT, options) : compiled;
  const services = knownServices(snapshot, set.noEndpoints);
  const { noEndpoints } = services;
  const resolve = (backend: Backend): Resolution => {
    const why = noEndpoints(backend);
    if (why !== undefined) return { kind: "none", why };
    const connection = { kind: "tcp", host: "127.0.0.1", port: 1 } as const;
    return { kind: "upstream", upstream: { name: "pod", protocol: "http", connection, basePath: "" } };
  };
  const counts = clientCounts();
  const lines: string[] = [];
  for (const { ask, answer, oneOf, varies } of set.answers) {
    if (!isForFunctions(ask)) continue;
    const foundOf = async (drawn: number, chance: number): Promise<Worked> => {
      const entryPoint = entryPointFor(ask, table);
      const sample = sampleOf(ask);
      const plane = planeFor(table, { scheme: sample.scheme, entryPoint, host: "" });
      const facts = {
        ...requestFacts(sample, plane, {
          ports: { http: 80, https: 443 },
          exact: true,
          remoteAddress: ask.from ?? "127.0.0.1",
          chance,
          noEndpoints,
          tls: ask.tls
            ? { servername: ask.sni ?? ask.host?.replace(/:\d+$/, ""), ...NO_CERTIFICATE }
            : undefined,
        }),
        entryPoint,
        drawn,
      };
      const { decision, asked } = await workOut(table, { resolve }, facts, counts);
      // Only the network knows what an authentication service says.
      const isOpen = asked.some(({ verdict }) => verdict === "later");
      return {
        isOpen,
        others: decision.oneOf?.length ?? 0,
        found: foundIn(decision, facts, ask, { table, services }),
      };
    };
    const first = await foundOf(0, CHANCES[0]);
    if (first.isOpen) continue;
    const possible = [first.found];
    if (varies)
      for (let drawn = 0; drawn <= first.others; drawn += 1)
        for (const chance of CHANCES) possible.push((await foundOf(drawn, chance)).found);
    const wrong = [answer, ...(oneOf ?? [])].flatMap((each) =>
      possible.map((found) => differing(each, found, ask.method)),
    );
    if (wrong.every((each) => each.length > 0))
      lines.push(
        `${ask.method ?? "GET"} ${ask.host}${ask.path} ${JSON.stringify(ask.headers ?? {})}: ${wrong[0]?.join("; ")}`,
      );
  }
  return lines;
}

/** Of a request whose share is drawn by weight. */
const CHANCES = [0.999_999, 0, 0.2, 0.4, 0.6, 0.8] as const;

interface Worked {
  readonly isOpen: boolean;
  /** Other routes that production might have drawn. */
  readonly others: number;
  readonly found: Found;
}

function foundIn(
  decided: Decision,
  facts: RequestFacts,
  ask: RecordedAsk,
  { table, services }: { readonly table: RouteTable; readonly services: KnownServices },
): Found {
  const decision = decided.kind === "forward" ? answeredBy(decided, facts, wantedStatus(ask)) : decided;
  if (decision.kind === "forward" && services.noEndpoints(decision.backend) !== undefined) {
    const { status, text } = withoutPage(decision);
    return { status, body: table.plane.answer({ status, text }).body };
  }
  if (decision.kind === "forward") {
    const { service, port } = services.reached(decision.backend);
    return { status: decision.status ?? wantedStatus(ask), service, port, path: decision.upstreamPath };
  }
  const { status } = decision;
  if (decision.kind === "redirect") return { status, location: decision.location };
  const { cause, text } = decision;
  return { status, body: table.plane.answer({ status, cause, text }).body };
}

/** A page may replace the status that the pod was asked for. */
function answeredBy(decision: ForwardDecision, facts: RequestFacts, status: number): Decision {
  if (decision.errorPage !== undefined) return decision;
  return (
    fallbackFor(decision, status) ??
    ((isReplaced(decision.route, status) && pageFor(decision.route, facts, status, "backend", [])) ||
      decision)
  );
}

const NO_CERTIFICATE = { verify: "NONE", unknownIssuer: false } as const;

/** Shares, other protocols, and requests that the client gave up need sockets. */
function isForFunctions({ proto = "http", times, raw }: RecordedAsk): boolean {
  return proto === "http" && times === undefined && raw === undefined;
}

function sampleOf({ tls, method = "GET", path = "/", host, headers = [], body, bodySize }: RecordedAsk) {
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  const lines = pairs.map(([name, value]): readonly [string, string] => [bytes(name), bytes(value)]);
  return {
    scheme: tls === true ? ("https" as const) : ("http" as const),
    method,
    target: bytes(path),
    headers: [...(host === undefined ? [] : [["Host", bytes(host)] as const]), ...lines],
    bodySize: bodySize ?? (body === undefined ? undefined : Buffer.byteLength(body)),
  };
}

function bytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function entryPointFor({ port, tls, gateway }: RecordedAsk, { entryPoints }: RouteTable): string | undefined {
  const wanted = port ?? (tls === true ? 443 : 80);
  const first = entryPoints.find((point) => point.gateway !== undefined)?.gateway;
  return entryPoints.find((point) => point.port === wanted && point.gateway === (gateway ?? first))?.name;
}

function wantedStatus({ headers = [] }: RecordedAsk): number {
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  const wanted = pairs.find(([name]) => name.toLowerCase() === "x-want-status")?.[1];
  return wanted === undefined ? 200 : Number(wanted);
}

const PROXY_ERRORS: ReadonlySet<number> = new Set([500, 502, 504]);

/** Characters of a body that are compared. */
const BODY_COMPARED = 100;

function differing(recorded: Recorded["answer"], found: Found, method?: string): readonly string[] {
  const lines: string[] = [];
  const compare = (what: string, theirs: unknown, ours: unknown) => {
    if (theirs !== ours) lines.push(`${what}: real ${JSON.stringify(theirs)}, here ${JSON.stringify(ours)}`);
  };
  // Whether a connection is refused is for sockets to show.
  if (recorded.error !== undefined || recorded.status === undefined) return [];
  // What becomes of a pod that refuses or cannot be understood is for sockets too.
  const { status } = recorded;
  if (found.service !== undefined && status !== found.status && PROXY_ERRORS.has(status)) return [];
  compare("status", recorded.status, found.status);
  // The answer to a HEAD does not name its pod.
  if (method === "HEAD") return lines;
  compare("service", recorded.service, found.service);
  if (recorded.service !== undefined) {
    compare("port", recorded.port ?? undefined, found.port);
    compare("path", recorded.path, found.path && Buffer.from(found.path, "latin1").toString("utf8"));
    return lines;
  }
  const location = Object.entries(recorded.headers ?? {}).find(
    ([name]) => name.toLowerCase() === "location",
  )?.[1];
  if (location !== undefined || found.location !== undefined)
    compare("location", location, found.location && Buffer.from(found.location, "latin1").toString("utf8"));
  if (recorded.body !== undefined && found.location === undefined)
    compare("body", folded(recorded.body), folded(found.body ?? ""));
  return lines;
}

function folded(body: string): string {
  return body.replace(/\s+/g, " ").trim().slice(0, BODY_COMPARED);
}
