import { describe, expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { KEPT_HITS } from "../../ui/dashboard-state.ts";
import { listItems, position } from "../../ui/select.ts";
import { type DashboardState, initialState, reduceAll, type UiAction } from "../../ui/state.ts";
import { createStateStore } from "../../ui/store.ts";
import { hit, later, missed, notice, problem, ready, rows } from "./events.ts";

type Action = Event | UiAction;

const move = (by: number): Action => ({ type: "move", by });
const type = (text: string): Action => ({ type: "filter-text", text });
const START: readonly Action[] = [ready, { type: "routes", rows }];

/** `hits` hits to /0, /1, …, by number. */
function hits(count: number, from = 0): Action[] {
  return Array.from({ length: count }, (_, index) => hit({ path: `/${from + index}` }));
}

function stateAfter(...actions: readonly Action[]): DashboardState {
  return reduceAll(initialState(), [...START, ...actions]);
}

/** The path of the selected hit, or the key of the selected line in another pane. */
function selected(state: DashboardState): string | undefined {
  const list = listItems(state, state.view);
  const keys = list.map((item) => item.key);
  const item = list[position(state.view, keys, state.cursors[state.view])];
  return item?.view === "hits" ? item.entry.hit.path : item?.key;
}

describe("events", () => {
  test("ready", () => {
    const { http, https, controller, source, urls } = stateAfter();
    expect({ http, https, controller, source, urls }).toEqual({
      http: ready.http,
      https: ready.https,
      controller: "ingress-nginx",
      source: ready.source,
      urls: ready.urls,
    });
  });

  test("hits are counted under their route, with the last status", () => {
    const state = stateAfter(hit(), hit({ status: 502 }), missed(), hit({ route: rows[2]?.id }));
    expect([...state.counts]).toEqual([
      [rows[0]?.id, { hits: 2, status: 502 }],
      [rows[2]?.id, { hits: 1, status: 200 }],
    ]);
    expect(state.hitCount).toBe(4);
  });

  test("a controller that comes later has counts of its own, and those of the first stay", () => {
    const route = rows[0]?.id ?? "";
    const [first, second] = ["ingress-nginx", "contour"];
    const shown = { http: ready.http, https: ready.https, hosts: [], urls: [] };
    const of = (controller: string) => rows.map((row) => ({ ...row, controller }));
    const state = stateAfter(
      { ...ready, controllers: [{ controller: first, ...shown }] },
      hit(),
      later,
      { type: "routes", rows: [...of(first), ...of(second)] },
      hit({ controller: first }),
      hit({ controller: second, status: 404 }),
    );
    expect([...state.counts]).toEqual([
      [route, { hits: 2, status: 200 }],
      [`contour ${route}`, { hits: 1, status: 404 }],
    ]);
    expect(state).toMatchObject({
      controller: "ingress-nginx,contour",
      urls: [...ready.urls, ...later.urls],
    });
    const keys = listItems(state, "routes").map(({ key }) => key);
    expect(new Set(keys).size).toBe(2 * rows.length);
  });

  test("only the last hits are kept; all are counted", () => {
    const state = stateAfter(...hits(KEPT_HITS + 5));
    expect(state.hits).toHaveLength(KEPT_HITS);
    expect(state.hits[0]).toMatchObject({ number: 5, hit: { path: "/5" } });
    expect(state.hitCount).toBe(KEPT_HITS + 5);
    expect(state.counts.get(rows[0]?.id ?? "")?.hits).toBe(KEPT_HITS + 5);
  });

  test.each([
    ["one is listed", [problem], 1],
    ["the same again is the same", [problem, { ...problem, fix: "other" }], 1],
    ["another line is another", [problem, { ...problem, line: 13 }], 2],
    ["resolved takes it away", [problem, notice, { ...problem, resolved: true }], 1],
    ["resolved finds it whatever its fix is", [problem, { ...problem, fix: "", resolved: true }], 0],
    ["what was not there cannot go", [{ ...problem, resolved: true }], 0],
  ] as const)("problems: %s", (_, events, count) => expect(stateAfter(...events).problems.size).toBe(count));

  test("a reload's rows replace the rows, and counts go on", () => {
    const state = stateAfter(hit(), { type: "routes", rows: rows.slice(0, 1) }, hit());
    expect(state.routes).toHaveLength(1);
    expect(state.counts.get(rows[0]?.id ?? "")?.hits).toBe(2);
  });

  test("the last word on an upstream, and the end", () => {
    const down = { type: "upstream", upstream: "a:1", state: "down", message: "" } as const;
    const state = stateAfter(down, { ...down, state: "up" }, { type: "stopped", reason: "SIGTERM" });
    expect(state.upstreams.get("a:1")?.state).toBe("up");
    expect(state.stopped).toBe("SIGTERM");
  });
});

/** Actions, the selected line, and what the row shows. */
type Row = readonly [actions: readonly Action[], selected: string | undefined, shows: string];

const named = ([actions, selected, shows]: Row) => ({ actions, selected, shows });

describe("selection", () => {
  const HITS: readonly Row[] = [
    // actions                                                    selected  what it shows
    [hits(0), undefined, "nothing in an empty list"],
    [hits(3), "/2", "the newest, until a key says otherwise"],
    [[...hits(3), ...hits(2, 3)], "/4", "and goes on to the newest"],
    [[...hits(3), move(-1)], "/1", "up"],
    [[...hits(3), move(-1), ...hits(2, 3)], "/1", "stays on its hit while others come"],
    [[...hits(3), move(-Infinity)], "/0", "the first"],
    [[...hits(3), move(-7)], "/0", "not past the first"],
    [[...hits(3), move(-2), move(1)], "/1", "down"],
    [[...hits(3), move(-1), move(1), ...hits(1, 3)], "/3", "follows again from the newest"],
    [[...hits(3), move(-2), move(Infinity), ...hits(1, 3)], "/3", "G follows"],
    [[...hits(3), move(-2), { type: "back" }, ...hits(1, 3)], "/3", "Esc follows"],
    [[...hits(3), move(-2), ...hits(KEPT_HITS, 3)], "/3", "fallen out: the oldest that is left"],
    [[...hits(20), move(-3), type("/1")], "/16", "kept by a filter that shows it"],
    [[...hits(20), move(-3), type("/2")], "/2", "else the next that is shown, or the last"],
    [[...hits(20), move(-16), type("/1")], "/10", "the next that is shown"],
  ];
  test.each(HITS.map(named))("hits: $shows: $selected", ({ actions, selected: path }) => {
    expect(selected(stateAfter(...actions))).toBe(path);
  });

  const ROUTES: readonly Row[] = [
    [[], rows[0]?.id, "the first route"],
    [[move(2)], rows[2]?.id, "down"],
    [[move(99)], rows[3]?.id, "not past the last"],
    [[move(1), { type: "routes", rows: [...rows].reverse() }], rows[1]?.id, "the same route after a reload"],
    [[move(3), { type: "routes", rows: rows.slice(0, 2) }], rows[1]?.id, "gone: the last"],
    [[move(1), { type: "routes", rows: [] }], undefined, "none left"],
    [[type("basic2")], rows[2]?.id, "of those that the filter shows"],
    [[type("nothing of the kind")], undefined, "nothing"],
  ];
  test.each(ROUTES.map(named))("routes: $shows: $selected", ({ actions, selected: id }) => {
    expect(selected(stateAfter({ type: "next-view" }, ...actions))).toBe(id);
  });

  test("each pane keeps its own", () => {
    const next: Action = { type: "next-view" };
    const state = stateAfter(...hits(3), move(-1), next, move(2), next, next);
    expect([state.view, selected(state)]).toEqual(["hits", "/1"]);
    expect(selected(reduceAll(state, [next]))).toBe(rows[2]?.id);
  });
});

describe("filter", () => {
  test.each([
    ["path", 2],
    ["POST", 1],
    ["post", 1],
    ["404", 1],
    ["service1", 2],
    ["echo/", 2],
    ["NOBODY", 1],
    ["zzz", 0],
    ["", 3],
  ])("%j shows %i of three hits", (filter, count) => {
    const state = stateAfter(hit(), hit({ method: "POST", path: "/path2" }), missed(), type(filter));
    expect(listItems(state, "hits")).toHaveLength(count);
  });

  test.each([
    // keys after two hits                                         filter  mode
    [[{ type: "filter", step: "start" }, type("ab")], "ab", "filtering"],
    [[{ type: "filter", step: "start" }, type("a👍"), { type: "filter", step: "erase" }], "a", "filtering"],
    [
      [
        { type: "filter", step: "start" },
        { type: "filter", step: "erase" },
      ],
      "",
      "filtering",
    ],
    [[{ type: "filter", step: "start" }, type("ab"), { type: "filter", step: "keep" }], "ab", "list"],
    [[{ type: "filter", step: "start" }, type("ab"), { type: "back" }], "", "list"],
    [[type("ab"), { type: "back" }], "", "list"],
    [[type("ab"), { type: "filter", step: "clear" }], "", "list"],
    [[type("x".repeat(500))], "x".repeat(200), "list"],
  ] as const)("%# leads to %j in mode %s", (actions, filter, mode) => {
    const state = stateAfter(...(actions as readonly Action[]));
    expect([state.filter, state.mode.kind]).toEqual([filter, mode]);
  });
});

describe("views and modes", () => {
  test.each([
    [["next-view"], "routes"],
    [["next-view", "next-view"], "problems"],
    [["next-view", "next-view", "next-view"], "hits"],
    [["previous-view"], "problems"],
  ] as const)("%j → %s", (types, view) => {
    expect(stateAfter(...types.map((name): Action => ({ type: name }))).view).toBe(view);
  });

  const why: Action = { type: "why", title: "t", lines: ["a"] };
  const scroll = (by: number, most: number): Action => ({ type: "scroll", by, most });
  test.each([
    [[{ type: "help" }], { kind: "help", scroll: 0 }],
    [[{ type: "help" }, { type: "help" }], { kind: "list" }],
    [[why], { kind: "why", title: "t", lines: ["a"], scroll: 0 }],
    [[why, { type: "back" }], { kind: "list" }],
    [[{ type: "help" }, scroll(2, 5)], { kind: "help", scroll: 2 }],
    [[{ type: "help" }, scroll(9, 5)], { kind: "help", scroll: 5 }],
    [[{ type: "help" }, scroll(Infinity, 5), scroll(-Infinity, 5)], { kind: "help", scroll: 0 }],
    [[{ type: "help" }, scroll(5, 5), scroll(-1, 2)], { kind: "help", scroll: 1 }],
    [[scroll(1, 5)], { kind: "list" }],
  ] as const)("%# %j → %j", (actions, mode) => {
    expect(stateAfter(...(actions as readonly Action[])).mode).toEqual(mode);
  });
});

/** A long mixed sequence, always the same. */
const MIXED: readonly Action[] = Array.from({ length: 300 }, (_, index): Action => {
  const kinds: readonly Action[] = [
    hit({ path: `/${index}` }),
    { ...problem, line: index % 7 },
    hit({ path: `/${index}`, status: 500 }),
    { ...problem, line: index % 5, resolved: true },
    move(-1),
    missed(),
    { type: "next-view" },
    type(index % 11 === 0 ? "1" : ""),
  ];
  return kinds[(index * 7) % kinds.length] ?? move(1);
});

test("many at once are the same as one by one, however they are cut", () => {
  const onebyone = [...START, ...MIXED].reduce((state, event) => reduceAll(state, [event]), initialState());
  expect(reduceAll(initialState(), [...START, ...MIXED])).toEqual(onebyone);
  const store = createStateStore(initialState());
  for (const [index, action] of [...START, ...MIXED].entries()) {
    store.add(action);
    if (index % 13 === 0) store.state();
  }
  expect(store.state()).toEqual(onebyone);
});

test("a state that was given is left as it was", () => {
  const before = stateAfter(...hits(3), problem);
  const copy = structuredClone(before);
  reduceAll(before, MIXED);
  expect(before).toEqual(copy);
});

test("a store loses no hit, looked at or not", () => {
  const store = createStateStore(initialState());
  for (const action of hits(10_001)) store.add(action);
  expect(store.state().hitCount).toBe(10_001);
  expect(store.state().hits.at(-1)?.hit.path).toBe("/10000");
});
