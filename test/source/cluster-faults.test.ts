import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import type { ApiServerOptions } from "../support/api-server/api-server.ts";
import type { Fault } from "../support/api-server/fault.ts";
import {
  ingress,
  namesOf,
  PATIENCE,
  QUICK,
  type Watching,
  type World,
  watching,
  world,
} from "./cluster-support.ts";

/** Repetitions of each fault, each in its own cluster. */
const TIMES = 10;
const KINDS = 6;

interface Trouble {
  /** Server options, if it needs particular ones. */
  readonly server?: ApiServerOptions;
  /** The connection runs through a relay that can be frozen. */
  readonly relayed?: "relayed";
  /** Causes the trouble; returns how to end it. */
  readonly begin: (world: World) => undefined | (() => void) | Promise<undefined | (() => void)>;
  /** The report of the cluster meanwhile; `undefined`: none */
  readonly said?: RegExp;
  /** When a change becomes visible. */
  readonly seen?: "meanwhile" | "afterwards";
}

const fault =
  (one: Fault): Trouble["begin"] =>
  ({ server }) =>
    server.fault(one);
/** A fault for a time, or for a number of requests, that also hits running watches. */
const watches = (one: Omit<Fault, "watch"> & Fault): Trouble["begin"] => fault({ ...one, watch: true });

/** A server name that never resolves, without asking a resolver: a label has at most 63 characters. */
const NO_SUCH_HOST = `${"a".repeat(64)}.test`;

const TROUBLES: readonly (readonly [string, Trouble])[] = [
  [
    "410 Gone as the answer to a watch",
    {
      begin: ({ server }) => {
        server.fault({ do: "status", status: 410, watch: true, count: KINDS });
        server.fault({ do: "end", count: KINDS });
        return undefined;
      },
      seen: "meanwhile",
    },
  ],
  [
    "410 in an ERROR event",
    { begin: watches({ do: "error-event", status: 410, count: KINDS }), seen: "meanwhile" },
  ],
  [
    "a past that is forgotten, again and again",
    {
      begin: ({ server }) => {
        const timer = setInterval(() => {
          server.compact();
          server.fault({ do: "end", count: KINDS });
        }, 50);
        return () => clearInterval(timer);
      },
      seen: "meanwhile",
    },
  ],
  [
    "401: the token has run out, and the file has another",
    {
      server: { token: "old" },
      begin: ({ server, kubeconfig, rewrite }) => {
        const token = `${kubeconfig}-token`;
        writeFileSync(token, "new");
        rewrite(server.kubeconfig({ user: { tokenFile: token } }));
        server.acceptToken("new");
        server.fault({ do: "end", count: KINDS });
        return undefined;
      },
      seen: "meanwhile",
    },
  ],
  [
    "401 for a while: nobody takes any token",
    {
      server: { token: "good" },
      begin: ({ server }) => {
        server.acceptToken("another");
        server.fault({ do: "end", count: KINDS });
        return () => server.acceptToken("good");
      },
      said: /^unauthorized the API server answered 401: Unauthorized$/,
    },
  ],
  [
    "403 for a while",
    {
      begin: ({ server }) => {
        const allow = server.deny({ verbs: ["list", "watch"] });
        server.fault({ do: "end", count: KINDS });
        return allow;
      },
    },
  ],
  ["404 for a while", { begin: fault({ do: "status", status: 404 }) }],
  [
    "429 with Retry-After",
    {
      begin: ({ server }) => {
        server.fault({ do: "status", status: 429, retryAfter: 1, message: "slow down", count: KINDS });
        server.fault({ do: "end", count: KINDS });
        return undefined;
      },
      said: /^reconnecting \w+: the API server answered 429: slow down$/,
      seen: "meanwhile",
    },
  ],
  [
    "500 for a while",
    {
      begin: ({ server }) => {
        const lift = server.fault({ do: "status", status: 500, message: "etcdserver: no leader" });
        server.fault({ do: "end", count: KINDS });
        return lift;
      },
      said: /^reconnecting \w+: the API server answered 500: etcdserver: no leader$/,
    },
  ],
  [
    "a line that ends in the middle",
    {
      begin: watches({ do: "truncated", count: KINDS }),
      said: /^reconnecting the API server broke off/,
      seen: "meanwhile",
    },
  ],
  [
    "a page of HTML in the place of everything",
    {
      begin: ({ server }) => {
        const lift = server.fault({ do: "garbage" });
        server.fault({ do: "end", count: KINDS });
        return lift;
      },
      said: /^reconnecting \w+: the API server answered something that is not JSON$/,
    },
  ],
  [
    "lists without items",
    {
      begin: ({ server }) => {
        const lift = server.fault({ do: "empty-list" });
        server.compact();
        server.fault({ do: "error-event", status: 410, count: KINDS });
        return lift;
      },
      said: /^reconnecting \w+: the API server answered something that is not a list$/,
    },
  ],
  [
    "bookmarks, and nothing else",
    {
      begin: ({ server }) => {
        const timer = setInterval(() => server.bookmark(), 20);
        return () => clearInterval(timer);
      },
      seen: "meanwhile",
    },
  ],
  ["watches that tell nothing", { begin: watches({ do: "stalled", count: KINDS }), seen: "meanwhile" }],
  [
    "connections whose other end is gone without a word",
    {
      relayed: "relayed",
      begin: ({ relay }) => relay.freeze("old connections"),
      said: /^reconnecting .* said nothing more within 1.3 s$/,
      seen: "meanwhile",
    },
  ],
  [
    "another network: nothing comes through",
    {
      relayed: "relayed",
      begin: ({ relay }) => relay.freeze("all connections"),
      said: /^reconnecting .* did not answer within 0.4 s$/,
    },
  ],
  [
    "no answer at all",
    {
      begin: ({ server }) => {
        const lift = server.fault({ do: "silent" });
        server.fault({ do: "end", count: KINDS });
        return lift;
      },
      said: /^reconnecting .* did not answer within 0.4 s$/,
    },
  ],
  [
    "connections that are reset",
    {
      begin: watches({ do: "reset", count: KINDS }),
      said: /^reconnecting (the connection broke off|.*ECONNRESET|socket hang up)$/,
      seen: "meanwhile",
    },
  ],
  [
    "connections that are closed",
    {
      begin: watches({ do: "close", count: KINDS }),
      said: /^reconnecting (the connection broke off|socket hang up)$/,
      seen: "meanwhile",
    },
  ],
  ["an API server that is down", { begin: fault({ do: "down" }), said: /^reconnecting .*ECONNREFUSED/ }],
  [
    "a name that nobody resolves",
    {
      begin: ({ server, rewrite }) => {
        const right = server.kubeconfig();
        rewrite(server.kubeconfig({ cluster: { server: `http://${NO_SUCH_HOST}:6443` } }));
        const lift = server.fault({ do: "down" });
        return () => {
          lift();
          rewrite(right);
        };
      },
      said: /^reconnecting .*ENOTFOUND/,
    },
  ],
];

const stateOf = ({ states }: Watching) => states.map(({ state, message }) => `${state} ${message}`);

/** One run: the cluster is read, the trouble comes and goes, and an Ingress applied meanwhile is there. */
async function run(trouble: Trouble): Promise<void> {
  const place = await world({ ...trouble.server, relayed: trouble.relayed });
  const { server, api } = place;
  server.apply(ingress("a"));
  const watched = await watching(api);
  // Every watch runs, so the trouble hits them.
  await vi.waitFor(() => expect(server.running.length).toBe(KINDS), PATIENCE);
  const end = await trouble.begin(place);
  server.apply(ingress("b"));
  if (trouble.seen === "meanwhile") await watched.until("a b");
  if (trouble.said !== undefined) {
    const { said } = trouble;
    await vi.waitFor(() => expect(stateOf(watched).join("\n")).toMatch(new RegExp(said, "m")), PATIENCE);
  }
  end?.();
  await watched.until("a b");
  if (trouble.said !== undefined) {
    await vi.waitFor(() => expect(watched.states.at(-1)?.state).toBe("connected"), PATIENCE);
  }
  for (const { snapshot } of watched.readings) expect(namesOf(snapshot)).toMatch(/^a( b)?$/);
  watched.watched.close();
  await vi.waitFor(() => expect([server.running.length, server.connections]).toEqual([0, 0]), PATIENCE);
  api.close();
}

test.each(
  TROUBLES,
)(`%s: ${TIMES} times, no route is lost, and it is over when it is over`, async (_what, trouble) => {
  const runs = await Promise.all(Array.from({ length: TIMES }, () => run(trouble)));
  expect(runs.length).toBe(TIMES);
});

test("in an outage all kinds together ask at most once in the spacing of the limits, and ever more seldom", async () => {
  const place = await world();
  const { server, api } = place;
  server.apply(ingress("a"));
  const limits = { firstPauseMs: 40, longestPauseMs: 320, spacingMs: 40 };
  const watched = await watching(api, { limits: { ...QUICK, ...limits }, random: () => 0 });
  await vi.waitFor(() => expect(server.running.length).toBe(KINDS), PATIENCE);
  const lift = server.fault({ do: "status", status: 500 });
  const began = performance.now();
  const from = server.requests.length;
  server.fault({ do: "end", count: KINDS });
  await vi.waitFor(() => expect(server.requests.length - from).toBeGreaterThan(40), PATIENCE);
  const took = performance.now() - began;
  // Each kind's first request follows no failure; a second one is the list after a failed watch.
  const afterwards = server.requests.length - from - 2 * KINDS;
  expect(afterwards * limits.spacingMs).toBeLessThanOrEqual(took + limits.spacingMs);
  lift();
  server.apply(ingress("b"));
  await watched.until("a b");
});

test("an exec plugin is run again once for a token that is refused, and then no more than the back-off lets it", async () => {
  const place = await world({ token: "t1" });
  const { server, api, kubeconfig, rewrite } = place;
  const [plugin, runs] = [`${kubeconfig}-plugin`, `${kubeconfig}-runs`];
  const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential" };
  writeFileSync(runs, "");
  writeFileSync(
    plugin,
    `#!/bin/sh\necho run >> ${runs}\necho '${JSON.stringify({ ...credential, status: { token: "t2" } })}'\n`,
  );
  chmodSync(plugin, 0o755);
  server.apply(ingress("a"));
  const watched = await watching(api);
  await vi.waitFor(() => expect(server.running.length).toBe(KINDS), PATIENCE);
  rewrite(
    server.kubeconfig({ user: { exec: { apiVersion: credential.apiVersion, command: plugin, args: [] } } }),
  );
  server.acceptToken("t2");
  server.fault({ do: "end", count: KINDS });
  server.apply(ingress("b"));
  await watched.until("a b");
  expect(readFileSync(runs, "utf8")).toBe("run\n");
});

test("a cluster that comes back at another address, with other versions, is read from the start", async () => {
  const [first, second] = [await world(), await world()];
  first.server.apply(ingress("a"));
  for (let at = 0; at < 20; at++) first.server.apply(ingress("b"));
  second.server.apply(ingress("c"));
  const watched = await watching(first.api);
  expect(watched.names()).toBe("a b");
  first.rewrite(second.server.kubeconfig());
  first.server.fault({ do: "down" });
  await watched.until("c");
  expect(watched.watched.state()).toMatchObject({ state: "connected", message: second.server.url });
});

test("nothing is left behind: no socket, no timer", async () => {
  const open = () =>
    process.getActiveResourcesInfo().filter((one) => one === "TCPSocketWrap" || one === "Timeout");
  await new Promise((resolve) => setImmediate(resolve));
  const before = open().length;
  await run({ begin: fault({ do: "stalled", watch: true, count: 3 }), seen: "meanwhile" });
  await vi.waitFor(() => expect(open().length).toBeLessThanOrEqual(before), PATIENCE);
});
