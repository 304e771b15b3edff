import type { Event, HitEvent, ProblemEvent, StreamEvent } from "../src/model/event.ts";
import {
  type DashboardState,
  KEPT_HITS,
  problemKey,
  type RoutesAction,
  routeKey,
} from "./dashboard-state.ts";
import { type KeyAction, navigate } from "./navigate.ts";

export type { DashboardState } from "./dashboard-state.ts";

/** Changes beside the events of the proxy: new rows, and keys. */
export type UiAction = RoutesAction | KeyAction;

export function initialState(): DashboardState {
  return {
    controller: "",
    controllers: [],
    source: "",
    urls: [],
    routes: [],
    counts: new Map(),
    hits: [],
    hitCount: 0,
    problems: new Map(),
    upstreams: new Map(),
    streams: [],
    view: "hits",
    mode: { kind: "list" },
    filter: "",
    cursors: {},
  };
}

function withHits(state: DashboardState, hits: readonly HitEvent[]): DashboardState {
  if (hits.length === 0) return state;
  const counts = new Map(state.counts);
  for (const { route, status, controller } of hits) {
    if (route === undefined) continue;
    const key = routeKey(state, controller, route);
    counts.set(key, { hits: (counts.get(key)?.hits ?? 0) + 1, status });
  }
  const hitCount = state.hitCount + hits.length;
  const latest = hits.slice(-KEPT_HITS);
  const first = hitCount - latest.length;
  const numbered = latest.map((hit, index) => ({ number: first + index, hit }));
  return { ...state, counts, hits: [...state.hits, ...numbered].slice(-KEPT_HITS), hitCount };
}

function withProblems(state: DashboardState, events: readonly ProblemEvent[]): DashboardState {
  if (events.length === 0) return state;
  const problems = new Map(state.problems);
  for (const event of events) {
    if (event.resolved) problems.delete(problemKey(event));
    else problems.set(problemKey(event), event);
  }
  return { ...state, problems };
}

type Other = Exclude<Event | UiAction, HitEvent | ProblemEvent>;

function withOther(state: DashboardState, event: Other): DashboardState {
  switch (event.type) {
    case "ready": {
      const { http, https, controller, controllers = [], source, urls } = event;
      return { ...state, http, https, controller, controllers, source, urls };
    }
    case "routes":
      return { ...state, routes: event.rows };
    case "reload":
      return { ...state, reload: event };
    case "upstream":
      return { ...state, upstreams: new Map(state.upstreams).set(event.upstream, event) };
    case "stream":
      return { ...state, streams: afterStream(state.streams, event) };
    case "cluster":
      return { ...state, cluster: event };
    case "controller": {
      const controllers = [...state.controllers, event];
      const controller = controllers.map((each) => each.controller).join(",");
      return { ...state, controller, controllers, urls: [...state.urls, ...event.urls] };
    }
    case "listener":
      return state;
    case "stopped":
      return { ...state, stopped: event.reason };
    default:
      return navigate(state, event);
  }
}

/**
 * The state after several events, in order. Makes one copy per run of hits or problems: ten thousand hits a second cost
 * a few hundred copies.
 */
export function reduceAll(state: DashboardState, events: readonly (Event | UiAction)[]): DashboardState {
  let next = state;
  let hits: HitEvent[] = [];
  let problems: ProblemEvent[] = [];
  const settle = () => {
    next = withProblems(withHits(next, hits), problems);
    hits = [];
    problems = [];
  };
  for (const event of events) {
    if (event.type === "hit") hits.push(event);
    else if (event.type === "problem") problems.push(event);
    else {
      settle();
      next = withOther(next, event);
    }
  }
  settle();
  return next;
}

/** The ports that are listened on. Single connections are not kept. */
function afterStream(before: DashboardState["streams"], event: StreamEvent): DashboardState["streams"] {
  if (event.state !== "listening" && event.state !== "closed") return before;
  const others = before.filter(({ protocol, port }) => protocol !== event.protocol || port !== event.port);
  return event.state === "closed" ? others : [...others, event];
}
