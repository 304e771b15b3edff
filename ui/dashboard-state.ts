import type {
  ClusterEvent,
  HitEvent,
  Listener,
  ProblemEvent,
  ReloadEvent,
  StreamEvent,
  UpstreamEvent,
} from "../src/model/event.ts";

/** One line of the routes pane: a route of the table in words. */
export interface RouteRow {
  /** `Route.id`; `HitEvent.route` names it. */
  readonly id: string;
  /** `*` where the route is for every host. */
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  /** `default/service1:80`; `""` where there is none. */
  readonly backend: string;
  /** What the backend means now: `echo/service1-0`, `127.0.0.1:3000`, `<no endpoints>`. */
  readonly upstream: string;
  readonly why: readonly string[];
}

/** The rows after each (re)load, in the order in which they are to be listed. Sent by the CLI beside the events. */
export interface RoutesAction {
  readonly type: "routes";
  readonly rows: readonly RouteRow[];
}

/** The panes, in the order of Tab. */
export const VIEWS = ["hits", "routes", "problems"] as const;

/** A pane. */
export type View = (typeof VIEWS)[number];

/** What the keys go to. */
export type Mode =
  | { readonly kind: "list" }
  /** `/` was pressed: keys are text. */
  | { readonly kind: "filtering" }
  | { readonly kind: "help"; readonly scroll: number }
  | {
      readonly kind: "why";
      readonly title: string;
      readonly lines: readonly string[];
      readonly scroll: number;
    };

/** A hit and its number, counted from the first one: stays with it while older ones fall out. */
export interface NumberedHit {
  readonly number: number;
  readonly hit: HitEvent;
}

/** How often a route was hit, and how it answered last. */
export interface RouteCount {
  readonly hits: number;
  readonly status: number;
}

/** The selected line of a list: what it is, and where it was in case that is gone. */
export interface Cursor {
  readonly key: string;
  readonly index: number;
}

/** Everything the dashboard shows. Immutable; made by `reduce` alone. */
export interface DashboardState {
  readonly http?: Listener | undefined;
  readonly https?: Listener | undefined;
  readonly controller: string;
  readonly source: string;
  readonly urls: readonly string[];
  readonly routes: readonly RouteRow[];
  /** The last one. */
  readonly reload?: ReloadEvent | undefined;
  /** By `Route.id`; outlives a reload, so that a route that comes back goes on counting. */
  readonly counts: ReadonlyMap<string, RouteCount>;
  /** The last ones, oldest first: at most `KEPT_HITS`. */
  readonly hits: readonly NumberedHit[];
  /** Of all hits, those fallen out too. */
  readonly hitCount: number;
  /** Those that are there now, by what they are about. */
  readonly problems: ReadonlyMap<string, ProblemEvent>;
  /** The last word on each upstream. */
  readonly upstreams: ReadonlyMap<string, UpstreamEvent>;
  /** TCP and UDP ports that are passed on. */
  readonly streams: readonly StreamEvent[];
  /** The last word on the API server, where a cluster is read. */
  readonly cluster?: ClusterEvent | undefined;
  readonly view: View;
  readonly mode: Mode;
  /** `""`: everything is shown. */
  readonly filter: string;
  /** By view. None: the newest hit, as it changes; the first line of the others. */
  readonly cursors: { readonly [V in View]?: Cursor | undefined };
  /** Why it stops, once it does. */
  readonly stopped?: string | undefined;
}

/** Hits that can be looked back at. */
export const KEPT_HITS = 1000;

/** What makes two problems the same one, so that the second replaces the first and `resolved` finds it. */
export function problemKey(problem: ProblemEvent): string {
  const { code, object, field, file, line, message } = problem;
  return JSON.stringify([code, object?.kind, object?.namespace, object?.name, field, file, line, message]);
}
