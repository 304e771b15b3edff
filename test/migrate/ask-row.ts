import { parseAllDocuments } from "yaml";
import type { ControllerName } from "../../src/compile/controllers.ts";
import { ask, type WireAnswer } from "../controllers/ask.ts";
import { portsOf } from "../controllers/asked.ts";
import type { GivenObject, GivenSet } from "../controllers/given.ts";
import type { PodRequest } from "../controllers/pod-request.ts";
import type { Pods } from "../controllers/pods.ts";
import { type ServedSet, serveSet } from "../controllers/serve-set.ts";
import type { Answer, ExpectedLine, Row, RowRequest } from "./row.ts";

/** Where the rows have their authentication service, and where `serveSet` looks for it. */
const AUTH = ["auth.default.svc.cluster.local:8085", "127.0.0.1:19000"] as const;

function objectsOf(text: string): readonly GivenObject[] {
  return parseAllDocuments(text.replaceAll(...AUTH)).map((document) => document.toJS());
}

const OLD_CONTROLLER: ControllerName = "ingress-nginx";

/** Asks a row's requests through sockets, as in the cluster; each line names an answer that is another one. */
export async function askedRow(
  row: Row,
  controller: ControllerName,
  pods: Pods,
  certsDir: string,
): Promise<readonly string[]> {
  const objects = objectsOf(controller === OLD_CONTROLLER ? row.old : row.text);
  const set: GivenSet = { name: row.file, about: row.sentence, objects, answers: [] };
  const served = await serveSet(set, pods, certsDir, controller);
  const lines: string[] = [];
  pods.take();
  try {
    for (const request of row.requests) {
      const answer = request.answers.get(controller);
      if (answer === undefined) throw new Error(`${row.file}: ${controller} has no answer to ${request.url}`);
      const found = await askedOnce(request, served, pods);
      lines.push(...differing(answer, found).map((line) => `${request.method} ${request.url}: ${line}`));
    }
  } finally {
    await served.close();
  }
  return lines;
}

interface Found {
  readonly answer: WireAnswer;
  /** `200 web /x`, as rows say it. */
  readonly words: string;
  readonly sent: PodRequest | undefined;
  readonly auth: PodRequest | undefined;
}

async function askedOnce(request: RowRequest, served: ServedSet, pods: Pods): Promise<Found> {
  const { method, headers, bodySize } = request;
  const [, scheme, host, path = ""] = /^(https?):\/\/([^/]*)(.*)$/.exec(request.url) ?? [];
  const answer = await ask(
    { tls: scheme === "https", host, path, method, headers, bodySize },
    portsOf(served),
    [],
  );
  const taken = pods.take();
  const sent = answer.body.startsWith('{"at":') ? taken.pods.at(-1) : undefined;
  const service = sent && served.serviceAt(sent.at)?.service.replace(/^default\//, "");
  const location = answer.headers.find(([name]) => name.toLowerCase() === "location")?.[1];
  const words =
    answer.status === 0
      ? "no answer"
      : sent !== undefined
        ? `${answer.status} ${service} ${sent.target}`
        : location !== undefined
          ? `${answer.status} → ${location}`.trimEnd()
          : String(answer.status);
  return { answer, words, sent, auth: taken.auth.at(-1) };
}

function differing(expected: Answer, found: Found): readonly string[] {
  const { answer, words } = found;
  const said = expected.oneOf.map((one) => /^(.*?)(?: "(.*)")?$/.exec(one)?.slice(1) ?? []);
  const lines: string[] = [];
  if (!said.some(([one]) => one === words))
    lines.push(`answered ${words}, not ${expected.oneOf.join(" or ")}`);
  const page = said[0]?.[1];
  const body = answer.body.replace(/\s+/g, " ").trim();
  if (page !== undefined && !body.startsWith(page)) lines.push(`the page begins ${body.slice(0, 60)}`);
  const from = {
    "<": answer.headers,
    ">": found.sent?.headers ?? [],
    "?": found.auth?.headers ?? [],
  };
  for (const line of expected.headers) lines.push(...wrongHeader(line, from[line.of]));
  return lines;
}

function wrongHeader(
  { of, name, value }: ExpectedLine,
  headers: readonly (readonly [string, string])[],
): readonly string[] {
  const found = headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
  const agrees = value === undefined || found === undefined ? value === found : fits(value, found);
  return agrees ? [] : [`${of} ${name} is ${found ?? "absent"}`];
}

function fits(pattern: string, text: string): boolean {
  const parts = pattern.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
