import type { Ports } from "../../src/model/decision.ts";
import { ask } from "./ask.ts";
import { differences, type Here, type Recorded } from "./compare.ts";
import type { Answer, Ask, GivenSet } from "./given.ts";
import type { Pods } from "./pods.ts";
import type { ServedSet } from "./serve-set.ts";

/** Asks all questions of a set in order; each line names a difference from the real controller. */
export async function askedOf(
  set: GivenSet,
  served: ServedSet,
  pods: Pods,
  names: Recorded,
): Promise<readonly string[]> {
  const lines: string[] = [];
  const jar = new Map<string, string>();
  const local = (text: string) => text.replaceAll(`127.0.0.1:${pods.authPort}`, "127.0.0.1:19000");
  pods.take();
  for (const { ask: question, answer, varies } of set.answers) {
    // The recording client gave up before the answer: nothing to compare.
    if (answer.error?.startsWith("TimeoutError")) continue;
    const found =
      question.times === undefined
        ? differences(answer, await askOnce(question, served, pods, jar), names, local)
        : await askOften(question, answer, varies === true, served, pods);
    const asked = question.raw ?? `${question.method ?? "GET"} ${question.host}${question.path}`;
    lines.push(...found.map((line) => `${JSON.stringify(asked)} ${line}`));
  }
  return lines;
}

async function askOnce(
  question: Ask,
  served: ServedSet,
  pods: Pods,
  jar: Map<string, string>,
): Promise<Here> {
  const cookies = question.jar === true ? [...jar].map(([name, value]) => `${name}=${value}`) : [];
  const answer = await ask(question, portsOf(served), cookies);
  for (const [name, value] of answer.headers) {
    const [, cookie, text] = /^set-cookie$/i.test(name) ? (/^([^=]+)=([^;]*)/.exec(value) ?? []) : [];
    if (cookie !== undefined && text !== undefined) jar.set(cookie, text);
  }
  const taken = pods.take();
  // Only a pod's own answer names the pod; another answer in its place hides it.
  const seen = answer.body.startsWith('{"at":') ? taken.pods.at(-1) : undefined;
  const service = seen === undefined ? undefined : served.serviceAt(seen.at);
  return { answer, seen, service, auth: taken.auth };
}

/** Limits and weighted shares vary from answer to answer, so only the set of answers is compared. */
async function askOften(
  question: Ask,
  answer: Answer,
  varies: boolean,
  served: ServedSet,
  pods: Pods,
): Promise<readonly string[]> {
  const statuses: number[] = [];
  const outcomes = new Set<string>();
  for (let i = 0; i < (question.times ?? 0); i += 1) {
    const here = await askOnce(question, served, pods, new Map());
    statuses.push(here.answer.status);
    outcomes.add([here.answer.status, here.service?.service].filter(Boolean).join(" "));
  }
  const theirs = Object.keys(answer.outcomes ?? {}).sort();
  const ours = [...outcomes].sort();
  const lines = String(theirs) === String(ours) ? [] : [`outcomes: real ${theirs}, here ${ours}`];
  if (!varies && answer.sequence !== undefined && String(answer.sequence) !== String(statuses))
    lines.push(`statuses: real ${answer.sequence}, here ${statuses}`);
  return lines;
}

/** The listeners of http and https. */
export function portsOf({ listeners }: ServedSet): Ports {
  const portOf = (wanted: number) => listeners.find(({ port }) => port === wanted)?.localPort ?? 0;
  return { http: portOf(80), https: portOf(443) };
}
