import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conformanceSuite, type SuiteRequest } from "./cases.ts";
import { manifestsAfter } from "./cluster.ts";
import { generatedObjects } from "./generated.ts";
import { askSuite } from "./sockets/ask.ts";
import { type Backends, type Seen, startBackends } from "./sockets/backends.ts";
import { unlike } from "./sockets/judge-request.ts";
import { type ServedSuite, serveSuite } from "./sockets/serve-suite.ts";

/** The highest number of Service ports in a test. */
const BACKENDS = 48;
/** Requests of which shares are counted. */
const MANY = 100;

const SUITE = conformanceSuite();
const MADE = generatedObjects(SUITE);
const TESTS = SUITE.tests.filter(({ requests }) => requests.length > 0);

const certsDir = mkdtempSync(join(tmpdir(), "ingress-dev-conformance-"));
let backends: Backends;
beforeAll(async () => {
  const pair = MADE.pairs.get("gateway-conformance-infra/tls-checks-certificate");
  if (pair === undefined) throw new Error("the suite's backends have no certificate");
  backends = await startBackends(BACKENDS, pair);
});
afterAll(() => {
  backends.close();
  rmSync(certsDir, { recursive: true, force: true });
});

describe("requests of Gateway API's conformance suite, through sockets", () => {
  it.each(TESTS.map((test) => [test.name, test] as const))("%s", async (_, test) => {
    const lines: string[] = [];
    const stages = [...new Set(test.requests.map(({ afterChange = 0 }) => afterChange))];
    for (const changes of stages) {
      const text = manifestsAfter(SUITE, test, MADE, changes);
      const served = await serveSuite(text, backends.ports, certsDir);
      const pods = (service: string) =>
        test.serviceBackends?.[service] ?? SUITE.serviceBackends[service] ?? service.split("/")[1] ?? "";
      for (const request of test.requests)
        if ((request.afterChange ?? 0) === changes)
          lines.push(...(await asked(request, served, pods)).map((line) => `${request.n}: ${line}`));
      await served.close();
    }
    expect(lines).toEqual([]);
  });
});

async function asked(
  request: SuiteRequest,
  served: ServedSuite,
  pods: (service: string) => string,
): Promise<readonly string[]> {
  const { gateway, listenerPort, scheme, clientCertificate, expect: wanted } = request;
  const port = served.portOf(`${gateway.namespace}/${gateway.name}`, listenerPort, scheme);
  // A port that nobody listens on refuses the connection.
  if (port === undefined) return wanted.connection === undefined ? ["nobody listens"] : [];
  const pair = MADE.pairs.get(clientCertificate?.replace("cert:", "") ?? "");
  const names = { service: served.serviceAt, pods };
  backends.take();
  const percents = (wanted.mirroredTo ?? []).filter(({ percent }) => percent !== undefined);
  if (wanted.distribution === undefined && percents.length === 0) {
    const given = await askSuite(request, port, pair);
    const whole = (wanted.mirroredTo ?? []).map(({ backend }) => backend);
    const isThere = (backend: string, all: readonly Seen[]) =>
      all.some(({ at }) => pods(served.serviceAt(at)).startsWith(backend));
    const all = await seenUntil((seen) => whole.every((backend) => isThere(backend, seen)));
    return unlike(request, given, all, names);
  }
  const lines = new Set<string>();
  const reached = new Map<string, number>();
  for (let at = 0; at < MANY; at += 1) {
    const given = await askSuite(request, port, pair);
    for (const line of unlike(request, given, [], names)) lines.add(line);
    const name = given.seen === undefined ? "" : pods(served.serviceAt(given.seen.at));
    reached.set(name, (reached.get(name) ?? 0) + 1);
  }
  return [...lines, ...sharesUnlike(request, reached), ...copiesUnlike(percents, backends.take(), names)];
}

/** All that backends have seen since the last time, once that is so, or nothing more is to be expected. */
async function seenUntil(isWhole: (seen: readonly Seen[]) => boolean): Promise<readonly Seen[]> {
  const seen = [...backends.take()];
  for (let left = PATIENCE_TURNS; left > 0 && !isWhole(seen); left -= 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.push(...backends.take());
  }
  return seen;
}

/** Of 5 ms, for a copy that is still on its way. */
const PATIENCE_TURNS = 400;

/** Of all tests: within 5 percent, and none at all where none is wanted. */
function sharesUnlike({ expect: { distribution } }: SuiteRequest, reached: ReadonlyMap<string, number>) {
  return Object.entries(distribution ?? {}).flatMap(([backend, share]) => {
    const is =
      [...reached].reduce((sum, [name, many]) => sum + (name.startsWith(backend) ? many : 0), 0) / MANY;
    return Math.abs(is - share) <= (share === 0 ? 0 : 0.05) ? [] : [`${backend}: ${is} for ${share}`];
  });
}

/** Copies are drawn: some of many requests, not all. */
function copiesUnlike(
  percents: readonly { readonly backend: string }[],
  all: readonly Seen[],
  names: { readonly service: (at: number) => string; readonly pods: PodsOf },
) {
  return percents.flatMap(({ backend }) => {
    const many = all.filter(({ at }) => names.pods(names.service(at)).startsWith(backend)).length;
    return many > 0 && many < MANY ? [] : [`${many} of ${MANY} copies for ${backend}`];
  });
}

type PodsOf = (service: string) => string;
