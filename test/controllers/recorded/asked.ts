import { setTimeout } from "node:timers/promises";
import type { Recorded, RecordedAsk, RecordedSet } from "../../answers/recorded.ts";
import { ask } from "../ask.ts";
import { differences, type Here, type Recorded as RecordedNames } from "../compare.ts";
import type { Ask, RecordedHeaders } from "../given.ts";
import { HELLO, type Pods } from "../pods.ts";
import type { ServedSet } from "../serve-set.ts";
import { askedOften } from "./ask-often.ts";
import { askByProtocol, type ProtocolAnswer } from "./ask-protocol.ts";

/** What recordings tell of headers: those of answers with all of them, and of the others. */
export interface KeptNames {
  readonly all: RecordedNames;
  readonly some: RecordedNames;
}

/** Asks all questions of a set in order; each line names a difference from the real controller. */
export async function askedBySockets(
  set: RecordedSet,
  served: ServedSet,
  pods: Pods,
  told: KeptNames,
  recorded: (text: string) => string,
  joint = " | ",
  answerJoint = joint === "last" ? " | " : joint,
): Promise<readonly string[]> {
  const lines: string[] = [];
  /** Cookies of each answer, as a client sends them back. */
  const cookies: (readonly string[])[] = [];
  pods.take();
  for (const [at, { ask: question, answer, oneOf = [], varies }] of set.answers.entries()) {
    if (question.raw !== undefined) continue;
    if (question.sleep !== undefined) await setTimeout(question.sleep * 1_000);
    const names = question.all === true ? told.all : told.some;
    const port = localPort(question, served);
    const asked = JSON.stringify(inWords(question));
    if (port === undefined) {
      if (answer.error === undefined) lines.push(`${asked} nothing listens on its port`);
      continue;
    }
    const once = (cookies: readonly string[] = []): Promise<ProtocolAnswer> =>
      isHttp1(question)
        ? ask(inBytes(question), { http: port, https: port }, cookies)
        : askByProtocol(question, port);
    if (question.parallel !== undefined || question.times !== undefined) {
      const often = await askedOften(set.answers[at] as Recorded, once, pods, served.serviceAt);
      lines.push(...often.map((line) => `${asked} ${line}`));
      continue;
    }
    const kept = question.cookieFrom === undefined ? [] : (cookies[question.cookieFrom] ?? []);
    const wire = await once(kept);
    cookies[at] = cookiesOf(wire.headers);
    const taken = pods.take();
    // Only a pod's own answer names the pod; another answer in its place hides it.
    const [, podPort] = /^\{"at":"[^"]*:(\d+)"/.exec(wire.body) ?? [];
    const seen =
      (wire.came === HELLO ? taken.pods.at(-1) : taken.pods.findLast((pod) => String(pod.at) === podPort)) ??
      (isCompressed(wire.headers) ? taken.pods.at(-1) : undefined);
    const here: Here = {
      answer: { ...wire, headers: joined(inText(wire.headers), answerJoint) },
      seen: seen && { ...seen, target: decoded(seen.target), headers: joined(inText(seen.headers), joint) },
      service: seen && served.serviceAt(seen.at),
      auth: taken.auth,
    };
    const known = set.addresses === undefined ? withoutAddresses : (text: string) => text;
    const possible = [answer, ...oneOf].map((each) => [
      ...differences(mapped(comparable(each, question, here), known), here, names, (text) =>
        known(recorded(text)),
      ),
      ...protocolDifferences(each, wire),
    ]);
    if (possible.some((each) => each.length === 0)) continue;
    // What production drew otherwise says nothing of the rest of the answer; functions are asked for each draw.
    if (varies === true && oneOf.length === 0 && isDrawnOtherwise(answer, here)) continue;
    lines.push(...(possible[0] ?? []).map((line) => `${asked}${varies === true ? " varies:" : ""} ${line}`));
  }
  return lines;
}

/** Pages of controllers are shorter than what is compressed. */
function isCompressed(headers: readonly (readonly [string, string])[]): boolean {
  return headers.some(([name, value]) => /^content-encoding$/i.test(name) && value !== "identity");
}

function isDrawnOtherwise({ status, service, path, headers }: Recorded["answer"], here: Here): boolean {
  const target = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "location")?.[1];
  const sent = here.answer.headers.find(([name]) => name.toLowerCase() === "location")?.[1];
  return (
    status !== here.answer.status ||
    service !== here.service?.service ||
    path !== here.seen?.target ||
    target !== sent
  );
}

/** Recordings of other protocols have no status of bytes, no port of WebSockets, and certificates of their own pods. */
function comparable(
  answer: Recorded["answer"],
  question: RecordedAsk,
  { service }: Here,
): Recorded["answer"] {
  if (isHttp1(question)) return answer;
  const { status = 200, port = service?.port, cert, backendTLS } = answer;
  return {
    ...answer,
    status,
    port,
    ...(cert === undefined || backendTLS !== undefined ? { cert: undefined } : {}),
  };
}

function isHttp1({ proto }: RecordedAsk): boolean {
  return (proto ?? "http") === "http";
}

function inWords({ proto, method = "GET", host = "", path = "", sni = "", port }: RecordedAsk): string {
  return host === "" ? `${proto} ${sni === "" ? port : sni}` : `${proto ?? method} ${host}${path}`;
}

function protocolDifferences(
  { grpc, echo, raw }: Recorded["answer"],
  wire: ProtocolAnswer,
): readonly string[] {
  const said = wire.headers.find(([name]) => name.toLowerCase() === "grpc-status")?.[1];
  const ours = wire.grpc ?? (said === undefined ? undefined : Number(said));
  const came = echo ?? raw;
  return [
    ...(grpc === ours ? [] : [`grpc: real ${grpc}, here ${ours}`]),
    ...(came === undefined || came === wire.came ? [] : [`came back: real ${came}, here ${wire.came}`]),
  ];
}

function localPort({ port, tls, gateway }: RecordedAsk, { listeners }: ServedSet): number | undefined {
  const wanted = port ?? (tls === true ? 443 : 80);
  const first = listeners.find((each) => each.gateway !== undefined)?.gateway;
  const found = listeners.filter((each) => each.port === wanted && each.gateway === (gateway ?? first));
  const protocol = tls === true ? "HTTPS" : "HTTP";
  return (found.find((each) => each.protocol === protocol) ?? found[0])?.localPort;
}

/** `NAME=VALUE` of each `Set-Cookie`. */
function cookiesOf(headers: readonly (readonly [string, string])[]): readonly string[] {
  return headers.flatMap(([name, value]) => (/^set-cookie$/i.test(name) ? [value.split(";")[0] ?? ""] : []));
}

/** The recording client sent a length with each POST, PUT and PATCH. */
const WITH_LENGTH: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

function inBytes({ host, path, headers = {}, body, ...rest }: RecordedAsk): Ask {
  const { method = "GET", bodySize } = rest;
  const sent = body ?? (WITH_LENGTH.has(method) && bodySize === undefined ? "" : undefined);
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  return {
    ...rest,
    ...(host === undefined ? {} : { host: bytes(host) }),
    ...(path === undefined ? {} : { path: bytes(path) }),
    ...(sent === undefined ? {} : { body: bytes(sent) }),
    headers: pairs.map(([name, value]) => [bytes(name), bytes(value)] as const),
  };
}

function inText(headers: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return headers.map(([name, value]) => [decoded(name), decoded(value)]);
}

/** Hides pods' addresses, and cookies' values that are made of them. */
function withoutAddresses(text: string): string {
  return text.replace(/\b198\.18\.\d+\.\d+\b/g, "POD").replace(/=[0-9a-f]{16}(?=;)/g, "=KEY");
}

function mapped(answer: Recorded["answer"], change: (text: string) => string): Recorded["answer"] {
  const { sent, headers } = answer;
  const each = (lines: RecordedHeaders) =>
    Object.fromEntries(
      Object.entries(lines).map(([name, value]) => [
        name,
        typeof value === "string" ? change(value) : value.map(change),
      ]),
    );
  return { ...answer, ...(sent && { sent: each(sent) }), ...(headers && { headers: each(headers) }) };
}

/** Lines of one name, as the recordings write them. */
function joined(
  headers: readonly (readonly [string, string])[],
  joint: string,
): (readonly [string, string])[] {
  const byName = new Map<string, readonly [string, string]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = byName.get(key);
    byName.set(
      key,
      before === undefined || joint === "last" ? [name, value] : [before[0], `${before[1]}${joint}${value}`],
    );
  }
  return [...byName.values()];
}

function bytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function decoded(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}
