import type { Problem } from "./problem.ts";
import type { Reason } from "./reason.ts";

/** An address a listener has, port included. */
export interface Listener {
  readonly address: string;
  readonly port: number;
}

/** All is listening. */
export interface ReadyEvent {
  readonly type: "ready";
  readonly http: Listener;
  readonly https: Listener;
  readonly controller: string;
  /** Where the manifests come from, in words: `examples/quick-start (2 files)`. */
  readonly source: string;
  readonly routes: number;
  readonly hosts: readonly string[];
  /** One to try per host. */
  readonly urls: readonly string[];
  /** From process start, in ms. */
  readonly startMs: number;
}

/** One request, answered. */
export interface HitEvent {
  readonly type: "hit";
  /** RFC 3339, when the request came. */
  readonly time: string;
  /** The `X-Request-ID`. */
  readonly id: string;
  readonly method: string;
  readonly scheme: "http" | "https";
  readonly host: string;
  /** Raw, query included. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  /** Of the response's body. */
  readonly bytes: number;
  readonly decision: "forward" | "redirect" | "respond";
  /** `default/basic`. */
  readonly ingress?: string | undefined;
  readonly rule?: { readonly host: string; readonly path: string; readonly pathType: string } | undefined;
  readonly backend?:
    | { readonly namespace: string; readonly service: string; readonly port: string | number }
    | undefined;
  readonly upstream?: string | undefined;
  readonly upstreamPath?: string | undefined;
  /** Where a redirect leads. */
  readonly location?: string | undefined;
  /** In JSON the texts alone. */
  readonly why: readonly Reason[];
  /** What went wrong on the way: `connect ECONNREFUSED 127.0.0.1:3000`. */
  readonly error?: string | undefined;
  /** Only `false`: the cluster keeps the request out of its access log (`enable-access-log`), and so does `-o text`. */
  readonly logged?: false | undefined;
  /** `Route.id`, so that a dashboard can count hits by route. */
  readonly route?: string | undefined;
}

/** A new table took the place of the last. `added` and `removed` hold `Route.id`s. */
export interface ReloadEvent {
  readonly type: "reload";
  readonly routes: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** From the change of the file, as it was noticed, to the new table in use. */
  readonly ms: number;
}

/** A problem that is there now. `resolved` names one that no longer is. */
export interface ProblemEvent extends Problem {
  readonly type: "problem";
  readonly resolved?: boolean | undefined;
}

/** An upstream came or went. */
export interface UpstreamEvent {
  readonly type: "upstream";
  readonly upstream: string;
  readonly state: "up" | "down";
  readonly message: string;
}

/**
 * How it stands with the API server of a cluster that is read. While it is not `connected`, what was last read is served.
 */
export interface ClusterEvent {
  readonly type: "cluster";
  /** Of the kubeconfig. */
  readonly context: string;
  /** `unauthorized`: the API server does not take the credentials, or there are none to be had. */
  readonly state: "connecting" | "connected" | "reconnecting" | "unauthorized";
  /** The server's address where it is connected, else what is wrong. */
  readonly message: string;
}

/** A TCP or UDP port of `tcp-services` or `udp-services`: it is listened on, a connection to it came to its end, or it is no longer listened on. */
export interface StreamEvent {
  readonly type: "stream";
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  readonly backend: { readonly namespace: string; readonly service: string; readonly port: string | number };
  readonly state: "listening" | "ended" | "failed" | "closed";
  readonly upstream?: string | undefined;
  /** To the client. */
  readonly bytes?: number | undefined;
  /** What went wrong; `""` where nothing did. */
  readonly message: string;
}

export interface StoppedEvent {
  readonly type: "stopped";
  readonly reason: string;
}

/** Everything `up` tells the world. The dashboard, the text log and `-o json` subscribe to the same stream. */
export type Event =
  | ReadyEvent
  | HitEvent
  | ReloadEvent
  | ProblemEvent
  | UpstreamEvent
  | ClusterEvent
  | StreamEvent
  | StoppedEvent;
