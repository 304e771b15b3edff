import { validateHeaderValue } from "node:http";
import type { Har } from "../../har/read-har.ts";
import type { RecordedRequest } from "../../har/recorded.ts";
import type { Outcome } from "../../match/outcome.ts";
import { textsOf } from "../../model/reason.ts";
import type { RouteTable } from "../../model/route.ts";
import type { Config } from "../options/config.ts";
import { createPredictor, listenerPorts, type Predictor } from "../predict.ts";
import { contradictionOf, isChance } from "../recorded/contradiction.ts";
import { listenersOf, locationReader, type ReadLocation } from "../recorded/location.ts";
import { pickRecorded } from "../recorded/pick-recorded.ts";
import { echoIn, type Said, saidByRecording } from "../recorded/said.ts";
import { type ListenerFacts, sampleOf } from "../recorded/sample.ts";
import { isServed } from "../recorded/served.ts";
import type { Routings } from "../routing.ts";
import { createSender, type Sender, type SentAnswer } from "./send.ts";
import { addLeftOut, createTally, type Tally } from "./tally.ts";

export interface ReplayTarget {
  /** Of settings alone: recorded requests are sent without knowing what they should come to. */
  readonly all: Routings["all"] | readonly [Pick<Config, "settings">];
  /** The proxy's address. default: nothing is sent, the manifests decide */
  readonly to: string | undefined;
}

/** What requests of one controller are asked by. */
interface Replayed {
  readonly listeners: ListenerFacts;
  readonly table?: RouteTable;
  readonly predictor?: Predictor;
  /** default: nothing is sent */
  readonly sender: Sender | undefined;
}

function replayedBy(each: ReplayTarget["all"][number], to: string | undefined): Replayed {
  const { settings } = each;
  const ports = listenerPorts(settings);
  const listeners = { ports, exact: settings.exact };
  const sender = to === undefined ? undefined : createSender(to, ports);
  return "table" in each
    ? { listeners, sender, table: each.table, predictor: createPredictor(each) }
    : { listeners, sender };
}

/** Sends or decides recorded requests in their order. @throws UserError `no-proxy` */
export async function runReplay(har: Har, { all, to }: ReplayTarget): Promise<Tally> {
  const replayed = new Map(all.map((each) => [each, replayedBy(each, to)] as const));
  const listeners = [...replayed.values()].flatMap((each) => listenersOf(each.listeners.ports));
  const read = locationReader(new Set([...har.ports, ...listeners]));
  const { tally, same, differs } = createTally();
  for (const [scheme, count] of har.others) addLeftOut(tally, "they are no requests by HTTP", scheme, count);
  try {
    for (const request of har.requests) {
      const of = replayed.get(controllerOf(all, request)) as Replayed;
      const { predictor, sender } = of;
      const left = leftOutBecause(request, of.table, to === undefined ? "decided" : "sent");
      if (left !== undefined) {
        addLeftOut(tally, left, request.host);
        continue;
      }
      const sample = sampleOf(request, of.listeners);
      const predicted = predictor?.outcome(sample);
      if (sender === undefined) {
        const found = predicted && contradictionOf(request, predicted, read);
        if (found === undefined) same();
        else differs(request, found.recorded, found.now);
        continue;
      }
      const answer = await sender.send(sample, request.body === "cut" ? undefined : request.body);
      const recorded = saidByRecording(request, read);
      const now = saidByAnswer(answer, request, predicted, read);
      if (areSame(recorded, now, predicted)) same();
      else if (isForCredentials(request, recorded, now)) addLeftOut(tally, MASKED, request.host);
      else differs(request, recorded, now);
    }
  } finally {
    for (const { sender } of replayed.values()) sender?.close();
  }
  return tally;
}

function controllerOf(all: ReplayTarget["all"], request: RecordedRequest): ReplayTarget["all"][number] {
  const [first] = all;
  return "table" in first ? pickRecorded(all as Routings["all"], request) : first;
}

const MASKED = "their credentials are masked in the recording (up --record-secrets keeps them)";

/** `undefined`: it is compared. */
function leftOutBecause(
  request: RecordedRequest,
  table: RouteTable | undefined,
  mode: "sent" | "decided",
): string | undefined {
  const { known, answer, body, method } = request;
  if (known === undefined && table !== undefined && !isServed(table, request))
    return "no Ingress names their hosts";
  if (known?.malformed === true || (mode === "sent" && !isSendable(request)))
    return "their heads are of a form that is not sent again";
  // Tools that are proxies record how browsers reach them.
  if (method === "CONNECT" && known === undefined) return "they open tunnels, and ask for nothing";
  if (answer === undefined && (mode === "sent" || known === undefined))
    return "no answer to them is recorded";
  if (body === "cut" && mode === "sent") return "their bodies are not recorded in full";
  return undefined;
}

/** A client of HTTP writes no control character into a header; one that opens a tunnel awaits no answer. */
function isSendable({ method, host, headers }: RecordedRequest): boolean {
  if (method === "CONNECT") return false;
  try {
    for (const [name, value] of [["Host", host] as const, ...headers]) validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function saidByAnswer(
  answer: SentAnswer | string,
  request: RecordedRequest,
  predicted: Outcome | undefined,
  read: ReadLocation,
): Said {
  const reasons = predicted === undefined ? [] : textsOf(predicted.decision.why);
  if (typeof answer === "string") return { error: answer, why: reasons };
  const { status, location, text, why } = answer;
  const echo = echoIn(text);
  return {
    status,
    location: location === undefined ? undefined : read(location, request),
    service: echo?.service,
    path: echo?.path,
    why: why.length > 0 ? why : reasons,
  };
}

/** Services and paths are compared where both are known. */
function areSame(recorded: Said, now: Said, predicted: Outcome | undefined): boolean {
  if (recorded.status !== now.status || recorded.location !== now.location) return false;
  if (recorded.service === undefined || now.service === undefined) return true;
  if (recorded.service !== now.service)
    return predicted !== undefined && isChance(predicted.decision, recorded.service);
  return recorded.path === undefined || now.path === undefined || recorded.path === now.path;
}

/** Refused for want of what the recording does not hold, or let in where it was refused. */
function isForCredentials({ known }: RecordedRequest, recorded: Said, now: Said): boolean {
  const isMasked = known?.masked?.some((name) => /^(?:authorization|cookie)$/.test(name)) === true;
  const refusals = [401, 403];
  return isMasked && [recorded, now].some(({ status = 0 }) => refusals.includes(status));
}
