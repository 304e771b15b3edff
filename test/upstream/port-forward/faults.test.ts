import { request as httpRequest, type IncomingMessage } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { DEFAULT_TRANSPORT } from "../../../src/compile/ingress-nginx/settings.ts";
import type { Transport } from "../../../src/model/route/transport.ts";
import { forwardAll, testProxy } from "../../proxy/support.ts";
import type { Fault } from "../../support/api-server/fault.ts";
import { httpPod, openDescriptors, rawPod, type TestCluster, testCluster } from "./support.ts";

/** Repetitions of each fault, which must leave nothing behind. */
const TIMES = 10;
/** Faults that end only by a timeout, shorter here. Others keep theirs, or a busy machine would meet it. */
const LIMITS: Partial<Record<Fault["do"], Partial<Transport>>> = {
  silent: { connectTimeoutMs: 300 },
  "stalled-reader": { sendTimeoutMs: 300 },
  "stalled-writer": { readTimeoutMs: 2_000 },
};
/** A pod's answer, if the fault allows one. */
const BODY = "x".repeat(1_000);

interface Answer {
  readonly status: number;
  readonly body: string;
  /** The response was as long as its head promised. */
  readonly end: "whole" | "cut";
}

function ask(port: number, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { Host: "a.test", ...(body && { "Content-Length": body.length }) };
    const method = body === undefined ? "GET" : "POST";
    const sent = httpRequest({ port, host: "127.0.0.1", agent: false, headers, method });
    sent.on("response", (response: IncomingMessage) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("error", () => {});
      response.on("close", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: text,
          end: response.complete ? "whole" : "cut",
        }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A server that reads nothing cannot notice that the client left. */
type Noticed = "noticed by the server" | "unnoticed by the server";

/** Lets requests meet the fault, and checks that nothing of them remains. */
async function meet(
  cluster: TestCluster,
  podPort: number | undefined,
  fault: Fault | undefined,
  { body, noticed = "noticed by the server" }: { body?: Buffer; noticed?: Noticed } = {},
): Promise<readonly Answer[]> {
  const upstream = cluster.pod("web-1", podPort);
  if (fault !== undefined) cluster.server.fault({ ...fault, subresource: "portforward" });
  const limits = fault && LIMITS[fault.do];
  const { port, hits } = await testProxy(upstream, { decide: forwardAll(limits ?? {}) });
  // Opens what a process opens only once.
  await ask(port, body);
  if (noticed === "noticed by the server") await allLeft(cluster);
  const before = openDescriptors();
  const answers: Answer[] = [];
  if (limits !== undefined)
    answers.push(...(await Promise.all(Array.from({ length: TIMES }, () => ask(port, body)))));
  else for (let at = 0; at < TIMES; at += 1) answers.push(await ask(port, body));
  if (noticed === "noticed by the server") await allLeft(cluster);
  else await cluster.server.close();
  await vi.waitFor(() => expect(openDescriptors()).toBeLessThanOrEqual(before), PATIENCE);
  const errors = hits.slice(1).map(({ error }) => error ?? "");
  return answers.map((answer, at) =>
    answer.status === 200 ? answer : { ...answer, body: errors[at] ?? "" },
  );
}

const PATIENCE = { timeout: 20_000 };

async function allLeft({ server }: TestCluster): Promise<void> {
  await vi.waitFor(() => expect([server.running.length, server.connections]).toEqual([0, 0]), PATIENCE);
}

const GREETING = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
const answering = () => httpPod((_, response) => response.end(BODY));
const podOf = {
  answers: answering,
  "closes without a word": () => rawPod((socket) => void socket.once("data", () => socket.end())),
  "resets without a word": () => rawPod((socket) => void socket.once("data", () => socket.resetAndDestroy())),
  "sends half and closes": () =>
    rawPod((socket) => void socket.once("data", () => socket.end(`${GREETING}${BODY.slice(0, 500)}`))),
  "is not there": async () => undefined,
} as const;
type PodKind = keyof typeof podOf;

const NOT_LISTENING =
  'error forwarding port 80 to pod web-1, uid : failed to execute portforward in network namespace "/var/run/netns/cni-0"';
const FORBIDDEN = 'pods "web-1" is forbidden: User "dev" cannot create resource "pods/portforward"';
const NO_NODE = "error dialing backend: dial tcp 192.168.49.2:10250: connect: connection refused";
const BROKEN = "the API server broke the port-forward protocol: it sent ";
const refusal = (status: number, message: string): Fault => ({ do: "status", status, message });
const socat: Fault = { do: "error-text", text: "exit status 1: socat[9]\r\nE connect(5)" };

describe("before any byte of an answer: 502 or 504, with the reason", () => {
  test.each<[string, PodKind, Fault | undefined, string]>([
    [
      "the pod closes",
      "closes without a word",
      undefined,
      "502 the upstream closed the connection before its answer was complete",
    ],
    ["the pod resets", "resets without a word", undefined, "502 error forwarding port 80 to pod web-1"],
    [
      "the pod is killed",
      "answers",
      { do: "pod-killed", afterBytes: 0 },
      "502 the upstream closed the connection before its answer was complete",
    ],
    ["nothing listens in the pod", "is not there", undefined, `502 ${NOT_LISTENING}`],
    ["401", "answers", refusal(401, "Unauthorized"), "502 the API server answered 401: Unauthorized"],
    ["403", "answers", refusal(403, FORBIDDEN), `502 the API server answered 403: ${FORBIDDEN}`],
    ["404", "answers", refusal(404, "not found"), "502 the API server answered 404: not found"],
    ["500", "answers", refusal(500, NO_NODE), `502 the API server answered 500: ${NO_NODE}`],
    ["a text on the error channel", "answers", socat, "502 exit status 1: socat[9] E connect(5)"],
    [
      "the data ends",
      "answers",
      { do: "data-closes-early", afterBytes: 0 },
      "502 the upstream closed the connection before its answer was complete",
    ],
    ["the connection is closed", "answers", { do: "close" }, "502 the port-forward broke off: "],
    ["the connection is reset", "answers", { do: "reset" }, "502 "],
    [
      "another port",
      "answers",
      { do: "wrong-port", port: 81 },
      `502 ${BROKEN}the port 81 where 80 was asked for`,
    ],
    ["half a port", "answers", { do: "short-port" }, `502 ${BROKEN}a first message of 1 byte on channel 0`],
    [
      "a channel too many",
      "answers",
      { do: "unknown-channel", channel: 7 },
      `502 ${BROKEN}a message on channel 7`,
    ],
    ["a text message", "answers", { do: "text-frame" }, `502 ${BROKEN}a text message`],
    ["no answer", "answers", { do: "silent" }, "504 no connection to pod/web-1:80 within 300 ms"],
    ["no data", "answers", { do: "stalled-writer", afterBytes: 0 }, "504 nothing came for 2000 ms"],
  ])("%s", async (_, kind, fault, expected) => {
    const cluster = await testCluster();
    const answers = await meet(cluster, await podOf[kind](), fault);
    expect(answers).toHaveLength(TIMES);
    for (const { status, body } of answers) expect(`${status} ${body}`).toContain(expected);
  });
});

describe("within an answer: it is cut off, and holds the pod's bytes alone", () => {
  const lost: Fault = { do: "error-text", text: "lost connection to pod", afterBytes: 700 };
  test.each<[string, PodKind, Fault | undefined]>([
    ["the pod closes early", "sends half and closes", undefined],
    ["the pod is killed", "answers", { do: "pod-killed", afterBytes: 700 }],
    ["the data ends early", "answers", { do: "data-closes-early", afterBytes: 700 }],
    ["a text on the error channel", "answers", lost],
    ["nothing more is sent", "answers", { do: "stalled-writer", afterBytes: 700 }],
  ])("%s", async (_, kind, fault) => {
    const cluster = await testCluster();
    const answers = await meet(cluster, await podOf[kind](), fault);
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, end: "cut" });
    for (const { body } of answers) expect(body).toMatch(/^x{1,999}$/);
  });
});

test("a body that nobody reads: 504 after proxy-send-timeout", async () => {
  const cluster = await testCluster();
  const body = Buffer.alloc(20_000_000);
  const answers = await meet(
    cluster,
    await answering(),
    { do: "stalled-reader" },
    { body, noticed: "unnoticed by the server" },
  );
  for (const { status, body } of answers)
    expect(`${status} ${body}`).toBe("504 the upstream does not take the request's body");
});

test("an API server that is not there: 502", async () => {
  const cluster = await testCluster();
  const answers = await meet(cluster, await answering(), { do: "down" });
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 502, body: expect.stringContaining("ECONNREFUSED") });
});

test("the right token after one refresh: nothing of the 401 is seen", async () => {
  const cluster = await testCluster({ token: "right" });
  cluster.server.fault({ do: "status", status: 401, subresource: "portforward", count: 1 });
  const { port } = await testProxy(cluster.pod("web-1", await answering()));
  expect(await ask(port)).toEqual({ status: 200, body: BODY, end: "whole" });
});

test("an upgrade that is never answered is waited for once, as the controller's tries would only repeat it", async () => {
  const cluster = await testCluster();
  cluster.server.fault({ do: "silent", subresource: "portforward" });
  await (await cluster.api.request("/version")).text();
  const { nextUpstream } = DEFAULT_TRANSPORT;
  const decide = forwardAll({ nextUpstream, connectTimeoutMs: 300 });
  const { port } = await testProxy(cluster.pod("web-1", await answering()), { decide });
  expect((await ask(port)).status).toBe(504);
  expect(cluster.server.requests.filter(({ target }) => target?.subresource === "portforward")).toHaveLength(
    1,
  );
});
