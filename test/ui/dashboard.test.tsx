import { PassThrough, Writable } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { mount } from "../../ui/dashboard/mount.tsx";
import { type QuitReason, startDashboard } from "../../ui/dashboard.tsx";
import type { RouteRow } from "../../ui/dashboard-state.ts";
import { initialState, reduceAll, type UiAction } from "../../ui/state.ts";
import { hit, missed, notice, problem, ready, rows } from "./events.ts";

const FULL = reduceAll(initialState(), [ready, { type: "routes", rows }, hit(), missed(), problem, notice]);
const SGR = /\x1b\[[\d;]*m/g;

/** The frame of a state as lines without SGR sequences. */
function frame(state = FULL, columns = 80, rowCount = 24, colour: "always" | "never" = "never"): string {
  let shown = "";
  const size = { columns, rows: rowCount };
  const view = mount(
    { state, size, colour, keys: "none", onKey: () => undefined },
    {
      stdin: new PassThrough() as unknown as NodeJS.ReadStream,
      size: () => size,
      onFrame: (text) => {
        shown = text;
      },
      onFailure: (error) => {
        throw error;
      },
    },
  );
  view.unmount();
  return shown;
}

const lines = (...args: Parameters<typeof frame>) =>
  frame(...args)
    .replace(SGR, "")
    .split("\n");

test("everything at 80x24", () => {
  expect(lines().map((line) => line.trimEnd())).toEqual([
    " ingress-dev  examples/quick-start (2 files, 2 Ingresses)         ingress-nginx",
    " http 127.0.0.1:31000  https 127.0.0.1:32000        4 routes  1 error, 1 notice",
    " http://www.basic1.com:31000/path1  http://www.basic2.com:31000/  +1",
    "── Routes 4 ───────────────────────────────────────────────────────── hits last",
    " www.basic1.com/path1 Prefix → default/service1:80 echo/service1-0       1  200",
    " www.basic1.com/path2 Prefix → default/service2:80 echo/service2-0       ·    ·",
    " www.basic2.com/      Prefix → default/service2:80 echo/service2-0       ·    ·",
    " www.basic-ssl.com/   Prefix → default/s1:80       echo/s1-0             ·    ·",
    `━━ Hits 2 ${"━".repeat(70)}`,
    " 12:00:01 200 3.2 ms GET     www.basic1.com/path1 → service1:80   /path1 Prefix",
    " 12:00:01 404 0.2 ms GET     nobody.test/          No rule is for the host nob…",
    ...Array.from({ length: 9 }, () => ""),
    `── Problems 1 error, 1 notice ${"─".repeat(50)}`,
    " error   examples/quick-start/ingress.yaml:12  Ingress default/broken spec.rule…",
    " notice  examples/quick-start/basic.yaml:1  Ingress default/basic: it names no …",
    " q quit  ? help  Tab pane  ↑↓ select  Enter why  / filter",
  ]);
});

test.each([
  ["before ready", initialState(), "starting …"],
  [
    "nothing hit yet",
    reduceAll(initialState(), [ready]),
    "no hits yet: curl http://www.basic1.com:31000/path1",
  ],
  [
    "only https",
    reduceAll(initialState(), [{ ...ready, urls: ["https://www.basic-ssl.com:32000/"] }]),
    "no hits yet: curl -k https://www.basic-ssl.com:32000/",
  ],
  ["no routes", reduceAll(initialState(), [ready]), "no routes: there is no Ingress to serve"],
  [
    "a reload",
    reduceAll(FULL, [{ type: "reload", routes: 5, added: ["a", "b"], removed: ["c"], ms: 35 }]),
    "── Routes 4, reloaded in 35 ms: +2 -1 ─",
  ],
  [
    "a reload of the same",
    reduceAll(FULL, [{ type: "reload", routes: 4, added: [], removed: [], ms: 35 }]),
    "── Routes 4, reloaded in 35 ms: no route changed ─",
  ],
  ["a filter", reduceAll(FULL, [{ type: "filter-text", text: "path2" }]), "no hit has “path2” in it"],
  [
    "filtering",
    reduceAll(FULL, [
      { type: "filter", step: "start" },
      { type: "filter-text", text: "path" },
    ]),
    " /path",
  ],
  ["help", reduceAll(FULL, [{ type: "help" }]), "Shift-Tab"],
  ["why", reduceAll(FULL, [{ type: "why", title: "GET x", lines: ["because", "y"] }]), "because"],
  ["the end", reduceAll(FULL, [{ type: "stopped", reason: "SIGTERM" }]), "stopping: SIGTERM"],
  [
    "a cluster that is out of reach, in the place of the URLs",
    reduceAll(FULL, [
      { type: "cluster", context: "minikube", state: "reconnecting", message: "connect ECONNREFUSED" },
    ]),
    "cluster minikube is reconnecting, what was last read is served: connect ECONNREFUSED",
  ],
  [
    "an upstream that is down",
    reduceAll(FULL, [{ type: "upstream", upstream: "echo/s1-0", state: "down", message: "" }]),
    "1 upstream down",
  ],
])("%s", (_, state, text) => expect(lines(state, 110).join("\n")).toMatch(text));

test("hits that run through move nothing but themselves", () => {
  const more = Array.from({ length: 40 }, (_, n) =>
    hit({
      path: `/${"x".repeat(n * 9)}`,
      method: "PROPPATCH",
      durationMs: 10 ** (n % 8),
      upstream: "日本".repeat(n),
    }),
  );
  const before = lines();
  const after = lines(reduceAll(FULL, more));
  const titles = (all: readonly string[]) => all.map((line) => line.match(/^[─━]+ \w+/)?.[0]);
  expect(titles(after)).toEqual(titles(before));
  expect(after.filter((line) => line.includes(" → service1:80   /path1 Prefix"))).toHaveLength(11);
});

test.each([
  [1, 1],
  [1, 200],
  [500, 1],
  [2, 2],
  [10, 5],
  [39, 13],
  [40, 14],
  [80, 24],
  [500, 200],
])("%i columns and %i rows are filled exactly, in every mode", async (columns, rowCount) => {
  const { columnsOf } = await import("../../ui/width.ts");
  const nasty = hit({ path: `/${"日本👍e\u0301\x1b[31m\u202e".repeat(200)}` });
  const states = [
    FULL,
    initialState(),
    reduceAll(FULL, [nasty, nasty, { type: "next-view" }]),
    reduceAll(FULL, [nasty, { type: "help" }]),
    reduceAll(FULL, [{ type: "why", title: "日本".repeat(300), lines: ["日本 ".repeat(300)] }]),
    reduceAll(FULL, [
      { type: "filter", step: "start" },
      { type: "filter-text", text: "日".repeat(300) },
    ]),
  ];
  for (const state of states) {
    const shown = lines(state, columns, rowCount);
    expect(shown).toHaveLength(rowCount);
    for (const line of shown) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
  }
});

test("colours by status; without colours only weight and inverse", () => {
  const state = reduceAll(FULL, [hit({ status: 301 }), hit({ status: 500 })]);
  const coloured = frame(state, 80, 24, "always");
  for (const [status, code] of [
    [200, 32],
    [301, 36],
    [404, 33],
  ])
    expect(coloured).toMatch(`\x1b[${code}m${status} `);
  expect(coloured).toMatch(/\x1b\[7m 12:00:01 500 [^\x1b]*\x1b\[27m/);
  expect(new Set(frame(state).match(SGR))).toEqual(
    new Set(["\x1b[1m", "\x1b[2m", "\x1b[22m", "\x1b[7m", "\x1b[27m"]),
  );
});

/** A terminal without keyboard: raw mode is impossible. */
function terminal(input: Partial<NodeJS.ReadStream> = {}) {
  let written = "";
  const stdout = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        written += String(chunk);
        done();
      },
    }),
    { columns: 80, rows: 24, isTTY: true },
  );
  const stdin = Object.assign(new PassThrough(), input);
  return {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    text: () => written,
  };
}

const RESTORED = /\x1b\[\?7h\x1b\[\?25h\x1b\[\?1049l$/;
const started: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(started.map((dashboard) => dashboard.stop()));
  started.length = 0;
});

function start(input: Partial<NodeJS.ReadStream> = {}) {
  const { stdout, stdin, text } = terminal(input);
  const quits: QuitReason[] = [];
  let send: (event: Event | UiAction) => void = () => undefined;
  const dashboard = startDashboard({
    ...{ stdin, stdout, initial: initialState(), colour: "never", explain: () => [] },
    subscribe: (listener) => {
      send = listener;
      return () => {
        send = () => undefined;
      };
    },
    onQuit: (reason) => quits.push(reason),
  });
  started.push(dashboard);
  return { dashboard, stdin, stdout, text, quits, send: (event: Event | UiAction) => send(event) };
}

test.each([
  ["no terminal", {}],
  ["a terminal that cannot raw", { isTTY: true }],
  [
    "a terminal that is gone",
    {
      isTTY: true,
      setRawMode: () => {
        throw new Error("setRawMode EIO");
      },
    },
  ],
] as const)("input that is %s: everything shows, no error of ink's", async (_, input) => {
  const { dashboard, text, send, quits } = start(input as Partial<NodeJS.ReadStream>);
  send(ready);
  await vi.waitFor(() => expect(text()).toMatch("no hits yet: curl"));
  expect(text()).not.toMatch(/raw mode/i);
  expect(quits).toEqual([]);
  await dashboard.stop();
  expect(text()).toMatch(RESTORED);
});

test("stopped before ink is loaded: the terminal is as it was, and stays so", async () => {
  const { dashboard, text, send } = start();
  send(ready);
  await dashboard.stop();
  await dashboard.stop();
  const before = text();
  expect(before).toMatch(RESTORED);
  await import("../../ui/dashboard/mount.tsx");
  await new Promise((resolve) => setImmediate(resolve));
  send(hit());
  expect(text()).toBe(before);
});

const BAD = Object.defineProperty({ id: "bad" }, "host", {
  get() {
    throw new Error("boom");
  },
}) as unknown as RouteRow;

test.each([
  ["in the first frame", []],
  ["later", [ready]],
] as const)("a component that throws %s gives the terminal back and says so", async (_, before) => {
  const { text, send, quits } = start();
  for (const event of before) {
    send(event);
    await vi.waitFor(() => expect(text()).toMatch("no hits yet"));
  }
  send({ type: "routes", rows: [BAD] });
  await vi.waitFor(() => expect(quits).toEqual(["dashboard-failed"]));
  expect(text()).toMatch(RESTORED);
  expect(text()).not.toMatch("boom");
});

test("a terminal that closes is told once", async () => {
  const { stdout, quits } = start();
  stdout.emit("error", new Error("write EIO"));
  stdout.emit("error", new Error("write EIO"));
  expect(quits).toEqual(["terminal-closed"]);
});

test("nothing of it is left after stop", async () => {
  const counts = () =>
    ["exit", "SIGCONT", "SIGTERM", "beforeExit"].map((name) => process.listenerCount(name));
  const before = counts();
  for (let round = 0; round < 3; round++) {
    const { dashboard, text, stdout, stdin } = start();
    await vi.waitFor(() => expect(text()).toMatch("starting"));
    await dashboard.stop();
    expect([stdout.listenerCount("resize"), stdin.listenerCount("readable")]).toEqual([0, 0]);
  }
  expect(counts()).toEqual(before);
});

test("a thousand resizes: the last size is what is shown", async () => {
  const { text, stdout, send } = start();
  send(ready);
  await vi.waitFor(() => expect(text()).toMatch("no hits yet"));
  for (let round = 0; round < 1000; round++) {
    Object.assign(stdout, { columns: 1 + ((round * 37) % 500), rows: 1 + ((round * 91) % 200) });
    stdout.emit("resize");
  }
  Object.assign(stdout, { columns: 100, rows: 30 });
  stdout.emit("resize");
  await vi.waitFor(() => expect(text()).toMatch(/\x1b\[30;1H\x1b\[2K[^\n]*q[^\n]*quit/));
});

test("hits without a pause: at most ten frames a second, and the last one counts them all", async () => {
  const { text, send } = start();
  send(ready);
  await vi.waitFor(() => expect(text()).toMatch("no hits yet"));
  const frames = () => text().split("\x1b[?2026h").length;
  const before = frames();
  const began = performance.now();
  let sent = 0;
  while (frames() - before < 5) {
    for (let index = 0; index < 50; index++) send(hit({ path: `/${++sent}` }));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(performance.now() - began).toBeGreaterThan(4 * 100 - 10);
  await vi.waitFor(() => expect(text()).toMatch(new RegExp(`Hits[^━]* ${sent} `)));
});

test("several controllers: the header says where each is", () => {
  const shown = (controller: string, at: number) => ({
    controller,
    http: { address: "127.0.0.1", port: 31000 + at },
    https: { address: "127.0.0.1", port: 32000 + at },
    hosts: [],
    urls: [],
  });
  const controllers = [shown("ingress-nginx", 0), shown("contour", 1)];
  const several: Event = { ...ready, controller: "ingress-nginx,contour", controllers };
  const [, second] = lines(reduceAll(initialState(), [several]), 80);
  expect(second?.trimEnd()).toBe(
    " ingress-nginx 31000/32000  contour 31001/32001           0 routes  no problems",
  );
  const route = { ...(rows[0] as RouteRow), controller: "contour" };
  const told: readonly (Event | UiAction)[] = [
    several,
    { type: "routes", rows: [{ ...route, controller: "ingress-nginx" }, route] },
    hit({ controller: "contour" }),
  ];
  const shownLines = lines(reduceAll(initialState(), told), 100).map((line) => line.trimEnd());
  expect(shownLines.filter((line) => line.includes("www.basic1.com/path1"))).toEqual([
    expect.stringMatching(/^ ingress-nginx www\.basic1\.com\/path1 Prefix .* · +·$/),
    expect.stringMatching(/^ contour {7}www\.basic1\.com\/path1 Prefix .* 1 +200$/),
    expect.stringMatching(/ contour {7}GET {5}www\.basic1\.com\/path1/),
  ]);
});
