import type { Problem } from "./problem.ts";
import type { Reason } from "./reason.ts";

/** With port. */
export interface Listener {
  readonly address: string;
  readonly port: number;
}

export interface ReadyEvent {
  readonly type: "ready";
  readonly http: Listener;
  readonly https: Listener;
  /** Several are joined by commas. */
  readonly controller: string;
  /** The manifests' origin: `examples/quick-start (2 files)`. */
  readonly source: string;
  readonly routes: number;
  readonly hosts: readonly string[];
  /** One to try per host. */
  readonly urls: readonly string[];
  /** From process start. unit: ms */
  readonly startMs: number;
  /** All ports of all controllers. */
  readonly listeners?: readonly ServedListener[] | undefined;
  readonly controllers?: readonly ShownController[] | undefined;
}

/** A port of a Gateway or entry point that came or went after `ready`. */
export interface ListenerEvent extends ServedListener {
  readonly type: "listener";
  readonly state: "listening" | "closed";
}

/** One of the controllers that are served. */
export interface ShownController
  extends Pick<ReadyEvent, "controller" | "http" | "https" | "hosts" | "urls"> {
  /** Why the manifests chose it. default: an option did */
  readonly why?: string | undefined;
}

/** A controller that a save named after `ready`. It stays, with its ports, until the end. */
export interface ControllerEvent extends ShownController {
  readonly type: "controller";
  /** All of its ports. */
  readonly listeners: readonly ServedListener[];
}

/** A port of a controller in the cluster, and its port here. */
export interface ServedListener {
  readonly controller: string;
  /** `NAMESPACE/NAME` of the Gateway. default: none */
  readonly gateway?: string | undefined;
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly address: string;
  readonly localPort: number;
}

export interface HitEvent {
  readonly type: "hit";
  /** Arrival. unit: ms since 1970; in JSON RFC 3339 */
  readonly time: number;
  /** The `X-Request-ID`. */
  readonly id: string;
  readonly method: string;
  readonly scheme: "http" | "https";
  readonly host: string;
  /** Raw, with query. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  /** Of the response's body. */
  readonly bytes: number;
  readonly decision: "forward" | "redirect" | "respond";
  /** `default/basic` */
  readonly ingress?: string | undefined;
  readonly rule?: { readonly host: string; readonly path: string; readonly pathType: string } | undefined;
  /** The rule of an object that has no paths, in its controller's words: "Host(`shop.test`)". */
  readonly match?: string | undefined;
  readonly backend?:
    | { readonly namespace: string; readonly service: string; readonly port: string | number }
    | undefined;
  readonly upstream?: string | undefined;
  readonly upstreamPath?: string | undefined;
  readonly location?: string | undefined;
  /** In JSON only the texts. */
  readonly why: readonly Reason[];
  /** `connect ECONNREFUSED 127.0.0.1:3000` */
  readonly error?: string | undefined;
  /** Only `false`: absent from the cluster's access log (`enable-access-log`) and from `-o text`. */
  readonly logged?: false | undefined;
  /** `Route.id`, to count hits by route. */
  readonly route?: string | undefined;
  /** Only where several are served. */
  readonly controller?: string | undefined;
}

/** A new table is in use. `added` and `removed` contain `Route.id`s. */
export interface ReloadEvent {
  readonly type: "reload";
  readonly routes: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** From noticing the file's change to the new table. unit: ms */
  readonly ms: number;
  /** Only where several are served. */
  readonly controller?: string | undefined;
}

/** A current problem, or a past one if `resolved`. */
export interface ProblemEvent extends Problem {
  readonly type: "problem";
  readonly resolved?: boolean | undefined;
}

export interface UpstreamEvent {
  readonly type: "upstream";
  readonly upstream: string;
  readonly state: "up" | "down";
  readonly message: string;
}

/**
 * The state of the connection to a cluster's API server. While not `connected`, the last reading is served.
 */
export interface ClusterEvent {
  readonly type: "cluster";
  /** Of the kubeconfig. */
  readonly context: string;
  /** `unauthorized`: credentials are refused or missing. */
  readonly state: "connecting" | "connected" | "reconnecting" | "unauthorized";
  /** The server's address if connected, else the fault. */
  readonly message: string;
}

/** A port of `tcp-services` or `udp-services`: it opened, it closed, or a connection to it ended. */
export interface StreamEvent {
  readonly type: "stream";
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  /** default: connections are closed */
  readonly backend?:
    | { readonly namespace: string; readonly service: string; readonly port: string | number }
    | undefined;
  readonly state: "listening" | "ended" | "failed" | "closed";
  readonly upstream?: string | undefined;
  /** To the client. */
  readonly bytes?: number | undefined;
  /** The fault; `""` for none. */
  readonly message: string;
}

interface StoppedEvent {
  readonly type: "stopped";
  readonly reason: string;
}

/** Every event of `up`. The dashboard, the text log and `-o json` subscribe to the same stream. */
export type Event =
  | ReadyEvent
  | HitEvent
  | ReloadEvent
  | ProblemEvent
  | UpstreamEvent
  | ClusterEvent
  | StreamEvent
  | ListenerEvent
  | ControllerEvent
  | StoppedEvent;
