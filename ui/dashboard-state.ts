import type {
  ClusterEvent,
  HitEvent,
  Listener,
  ProblemEvent,
  ReloadEvent,
  ShownController,
  StreamEvent,
  UpstreamEvent,
} from "../src/model/event.ts";

/** One line of the routes pane. */
export interface RouteRow {
  /** `Route.id`; `HitEvent.route` names it. */
  readonly id: string;
  /** `*`: every host. */
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  /** `default/service1:80`; `""`: none. */
  readonly backend: string;
  /** The live target of the backend: `echo/service1-0`, `127.0.0.1:3000`, `<no endpoints>`. */
  readonly upstream: string;
  readonly why: readonly string[];
  /** Only where several are served. */
  readonly controller?: string | undefined;
}

/** One of two controllers may have the other's route: the first one's goes by its id alone, as while nobody else is served. */
export function routeKey(
  { controllers }: Pick<DashboardState, "controllers">,
  controller: string | undefined,
  id: string,
): string {
  return controller === undefined || controller === controllers[0]?.controller ? id : `${controller} ${id}`;
}

/** The rows after each (re)load, in the order of the list. The CLI sends them beside the events. */
export interface RoutesAction {
  readonly type: "routes";
  readonly rows: readonly RouteRow[];
}

/** In the order of Tab. */
export const PANES = ["hits", "routes", "problems"] as const;

export type PaneName = (typeof PANES)[number];

/** The part of the dashboard that gets the keys. */
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

/** A hit and its number, counted from the first one: it keeps the number while older ones drop out. */
export interface NumberedHit {
  readonly number: number;
  readonly hit: HitEvent;
}

interface RouteCount {
  readonly hits: number;
  readonly status: number;
}

/** The selected line of a list: its key, and its place in case the line goes away. */
export interface ListCursor {
  readonly key: string;
  readonly index: number;
}

/** Everything that the dashboard shows. Immutable; only `reduce` makes it. */
export interface DashboardState {
  readonly http?: Listener | undefined;
  readonly https?: Listener | undefined;
  readonly controller: string;
  /** Each with its ports. */
  readonly controllers: readonly ShownController[];
  readonly source: string;
  readonly urls: readonly string[];
  readonly routes: readonly RouteRow[];
  readonly reload?: ReloadEvent | undefined;
  /** By `routeKey`. Survives a reload, so a route that comes back continues its count. */
  readonly counts: ReadonlyMap<string, RouteCount>;
  /** Oldest first; at most `KEPT_HITS`. */
  readonly hits: readonly NumberedHit[];
  /** Counts all hits, also those that dropped out. */
  readonly hitCount: number;
  /** Unresolved ones, by `problemKey`. */
  readonly problems: ReadonlyMap<string, ProblemEvent>;
  /** The last event of each upstream. */
  readonly upstreams: ReadonlyMap<string, UpstreamEvent>;
  /** Forwarded TCP and UDP ports. */
  readonly streams: readonly StreamEvent[];
  readonly cluster?: ClusterEvent | undefined;
  readonly view: PaneName;
  readonly mode: Mode;
  /** `""`: no filter. */
  readonly filter: string;
  /** By view. default: the newest hit, as it changes; the first line of other lists. */
  readonly cursors: { readonly [V in PaneName]?: ListCursor | undefined };
  readonly stopped?: string | undefined;
}

export const KEPT_HITS = 1000;

/** Problems with the same key are the same: the second replaces the first, and `resolved` finds it. */
export function problemKey(problem: ProblemEvent): string {
  const { code, object, field, file, line, message } = problem;
  return JSON.stringify([code, object?.kind, object?.namespace, object?.name, field, file, line, message]);
}
