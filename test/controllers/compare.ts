import type { WireAnswer } from "./ask.ts";
import type { Answer, AuthRequest, RecordedHeaders } from "./given.ts";
import type { PodRequest } from "./pod-request.ts";
import type { Seen } from "./pods.ts";

/** The result of one question here. */
export interface Here {
  readonly answer: WireAnswer;
  /** The last request that a pod saw for it. */
  readonly seen: Seen | undefined;
  readonly service: { readonly service: string; readonly port: number } | undefined;
  readonly auth: readonly PodRequest[];
}

/** Header names that any set records, in lower case. */
export interface Recorded {
  readonly answer: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
  readonly auth: ReadonlySet<string>;
}

/** Characters of a body that are compared. */
const BODY_COMPARED = 100;

/** Differences from the recorded answer, one per line. `local`: what is written here, as it was in the recordings. */
export function differences(
  recorded: Answer,
  here: Here,
  names: Recorded,
  local: (text: string) => string,
): readonly string[] {
  const lines: string[] = [];
  const compare = (what: string, theirs: unknown, ours: unknown) => {
    if (theirs !== ours) lines.push(`${what}: real ${JSON.stringify(theirs)}, here ${JSON.stringify(ours)}`);
  };
  if (recorded.error !== undefined)
    return here.answer.status === 0 ? [] : [`status: real none, here ${here.answer.status}`];
  compare("status", recorded.status, here.answer.status);
  if (recorded.reason !== undefined) compare("reason", recorded.reason, here.answer.reason);
  compare("service", recorded.service, here.service?.service);
  compare("port", recorded.port, here.service?.port);
  if (recorded.cert !== undefined)
    compare("certificate", steadyNames(recorded.cert), steadyNames(here.answer.cert));
  if (recorded.path !== undefined) compare("path", recorded.path, here.seen?.target);
  if (recorded.method !== undefined) compare("method", recorded.method, here.seen?.method);
  if (recorded.bodyBytes !== undefined) compare("body bytes", recorded.bodyBytes, here.seen?.bodyBytes);
  if (recorded.body !== undefined && recorded.service === undefined)
    compare("body", start(recorded.body), start(local(here.answer.body)));
  if (recorded.headers !== undefined) {
    const theirs = recordedOf(recorded.headers);
    compareAll("answer", theirs, named(here.answer.headers, names.answer), compare, local);
  }
  if (recorded.sent !== undefined && here.seen !== undefined) {
    const theirs = recordedOf(recorded.sent);
    compareAll("sent", theirs, lastNamed(here.seen.headers, names.sent), compare, local);
  }
  if (recorded.envoy !== undefined && here.seen !== undefined) {
    const isEnvoys = ([name]: readonly [string, string]) => name.toLowerCase().startsWith("x-envoy-");
    // A try behind the first is told the rest of the time.
    const isLate = recorded.attempts !== undefined;
    const ours = here.seen.headers.filter(isEnvoys).filter(([name]) => !isLate || !/timeout/i.test(name));
    compareAll("sent", recordedOf(recorded.envoy), named(ours), compare, local);
  }
  if (recorded.authSaw !== undefined) compareAuth(recorded.authSaw, here.auth, names, compare, local);
  return lines;
}

type Compare = (what: string, theirs: unknown, ours: unknown) => void;

function compareAuth(
  recorded: readonly AuthRequest[],
  seen: readonly PodRequest[],
  names: Recorded,
  compare: Compare,
  local: (text: string) => string,
): void {
  compare("requests to the authentication service", recorded.length, seen.length);
  for (const [index, theirs] of recorded.entries()) {
    const ours = seen[index];
    if (ours === undefined) return;
    compare("auth method", theirs.method, ours.method);
    compare("auth target", theirs.target, local(ours.target));
    const left = recordedOf(theirs.headers);
    compareAll("auth", left, lastNamed(ours.headers, names.auth), compare, local);
  }
}

function compareAll(
  what: string,
  theirs: ReadonlyMap<string, string>,
  ours: ReadonlyMap<string, string>,
  compare: Compare,
  local: (text: string) => string,
): void {
  for (const name of new Set([...theirs.keys(), ...ours.keys()])) {
    const value = ours.get(name);
    compare(`${what} ${name}`, steady(theirs.get(name)), value === undefined ? value : steady(local(value)));
  }
}

function recordedOf(headers: RecordedHeaders): ReadonlyMap<string, string> {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one): readonly [string, string] => [name, one]),
  );
  return named(lines);
}

export function recordedNames(answers: readonly Answer[]): Recorded {
  const low = (headers: RecordedHeaders = {}) => Object.keys(headers).map((name) => name.toLowerCase());
  return {
    answer: new Set(answers.flatMap(({ headers }) => low(headers))),
    sent: new Set(answers.flatMap(({ sent }) => low(sent))),
    auth: new Set(answers.flatMap(({ authSaw = [] }) => authSaw.flatMap(({ headers }) => low(headers)))),
  };
}

/** By lower-case name; repeated values are joined. */
function named(
  headers: readonly (readonly [string, string])[],
  among?: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (among?.has(key) === false) continue;
    const before = byName.get(key);
    byName.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return byName;
}

/** The last value of each name; the recording pods kept no other. */
function lastNamed(
  headers: readonly (readonly [string, string])[],
  among: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const lines = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return new Map(lines.filter(([name]) => among.has(name)));
}

/** Hides the name that Traefik draws for its default certificate. */
function steadyNames(certificate: string | undefined): string | undefined {
  return certificate?.replace(/(TRAEFIK DEFAULT CERT).*/, "$1");
}

/** Hides what differs in each run: the key and expiry of an affinity cookie, the nonce of a digest. */
function steady(value: string | undefined): string | undefined {
  return value
    ?.replace(/=(?:\d+(?:\.\d+){2,3}|[0-9a-f]{32})\|[0-9a-f]{32}/g, "=KEY|HASH")
    .replace(/Expires=[^;]*/gi, "Expires=TIME")
    .replace(/(nonce|opaque)="[^"]*"/g, '$1="RANDOM"');
}

function start(body: string): string {
  return body.replace(/\s+/g, " ").trim().slice(0, BODY_COMPARED);
}
