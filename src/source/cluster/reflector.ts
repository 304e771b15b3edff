import type { Admitted } from "../../manifest/admitted.ts";
import type { ApiConnection } from "../../model/cluster.ts";
import { type Collection, createCollection } from "./collection.ts";
import { type ApiFault, faultOf } from "./fault.ts";
import type { ClusterKind } from "./kinds.ts";
import { pathOf } from "./kinds.ts";
import type { ClusterLimits } from "./limits.ts";
import { listAll } from "./list.ts";
import type { Pace } from "./pace.ts";
import { type WatchEvent, watchEvents } from "./watch.ts";

/** How it stands between a reflector and the API server. */
export type Standing =
  | { readonly is: "starting" }
  | { readonly is: "watching" }
  /** What it holds is what was last seen; it tries again. */
  | { readonly is: "failing"; readonly fault: ApiFault }
  /** This is forbidden, or the kind is not there. */
  | { readonly is: "refused"; readonly verb: "get" | "list" | "watch"; readonly fault: ApiFault };

/** The objects of one kind in one place, kept as they are in the cluster. */
export interface Reflector {
  readonly kind: ClusterKind;
  /** `undefined`: every namespace, or a kind that is in none. */
  readonly namespace: string | undefined;
  readonly objects: () => ReadonlyMap<string, Admitted>;
  readonly standing: () => Standing;
  /** Once it is known what is there: listed completely, or refused. */
  readonly settled: Promise<void>;
  /** Distrusts the connection: lists anew at once. */
  readonly restart: () => void;
  readonly stop: () => void;
}

/** What reflectors of one cluster have in common. */
export interface ReflectorOptions {
  readonly api: ApiConnection;
  readonly limits: ClusterLimits;
  readonly pace: Pace;
  /** Objects differ. */
  readonly onChange: () => void;
  /** Its standing differs. */
  readonly onStanding: () => void;
}

/** What a reflector is for. */
export interface Target {
  readonly kind: ClusterKind;
  readonly namespace: string | undefined;
  /** `{ fieldSelector: "metadata.name=tls" }`, or nothing. */
  readonly select?: Readonly<Record<string, string>> | undefined;
  /** Names that are kept; every one where it is left out. */
  readonly keep?: ReadonlySet<string> | undefined;
}

/** A promise and the way to keep it. */
export function createSettling(): { readonly settled: Promise<void>; readonly settle: () => void } {
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { settled, settle };
}

/**
 * Lists a kind and watches it from there, until stopped: after the regular end of a watch from where it ended, after
 * anything else from a new list. What it holds is replaced as a whole once a new list is complete, so that nothing is
 * missing in between, and stays while nothing can be read.
 *
 * Our own, not client-node's informer: that one has no back-off, does not notice a half-open connection and ends for good
 * on some errors (kubernetes-client/javascript issues 1496 and 1933).
 */
export function startReflector(target: Target, options: ReflectorOptions): Reflector {
  const reflector = new ListAndWatch(target, options);
  void reflector.run();
  return reflector;
}

class ListAndWatch implements Reflector {
  readonly kind: ClusterKind;
  readonly namespace: string | undefined;
  readonly settled: Promise<void>;
  readonly #select: Readonly<Record<string, string>>;
  readonly #options: ReflectorOptions;
  readonly #collection: Collection;
  readonly #settle: () => void;
  readonly #stopped = new AbortController();
  /** What is asked now; a restart begins another. */
  #turn = new AbortController();
  #standing: Standing = { is: "starting" };
  /** Counts the versions of the kind that were tried. */
  #version = 0;
  /** Failures in a row. */
  #failures = 0;

  constructor({ kind, namespace, select = {}, keep }: Target, options: ReflectorOptions) {
    this.kind = kind;
    this.namespace = namespace;
    this.#select = select;
    this.#options = options;
    this.#collection = createCollection(kind, options.api.context, keep);
    ({ settled: this.settled, settle: this.#settle } = createSettling());
  }

  objects(): ReadonlyMap<string, Admitted> {
    return this.#collection.objects();
  }

  standing(): Standing {
    return this.#standing;
  }

  restart(): void {
    const last = this.#turn;
    this.#turn = new AbortController();
    last.abort(new Error("the connection is not trusted any more"));
  }

  stop(): void {
    this.#stopped.abort();
    this.#turn.abort(new Error("stopped"));
  }

  async run(): Promise<void> {
    let moment: string | undefined;
    while (!this.#stopped.signal.aborted) {
      const { signal } = this.#turn;
      const verb = moment === undefined ? "list" : "watch";
      const began = performance.now();
      try {
        moment = moment === undefined ? await this.#list(signal) : await this.#watchOnce(moment, signal);
      } catch (error) {
        moment = undefined;
        if (this.#stopped.signal.aborted) return;
        if (signal.aborted) continue;
        // What held for so long is no part of an earlier trouble.
        if (performance.now() - began >= this.#options.limits.longestPauseMs) this.#failures = 0;
        await this.#recover(faultOf(error), verb, signal).catch(() => undefined);
      }
    }
  }

  get #apiVersion(): string {
    const { versions } = this.kind;
    return versions[this.#version % versions.length] ?? "v1";
  }

  get #path(): string {
    return pathOf(this.#apiVersion, this.kind.plural, this.namespace);
  }

  #stand(next: Standing): void {
    const isSame = this.#standing.is === next.is && messageOf(this.#standing) === messageOf(next);
    this.#standing = next;
    if (!isSame) this.#options.onStanding();
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { api, limits, pace, onChange } = this.#options;
    const listed = await listAll(api, this.#path, this.#select, limits.pageSize, signal);
    const outcome = this.#collection.replace(listed.items, this.#apiVersion);
    pace.answered();
    this.#settle();
    if (outcome === "changed") onChange();
    return listed.resourceVersion;
  }

  /** Watches until the end of the watch, and gives the moment that it came to. */
  async #watchOnce(from: string, signal: AbortSignal): Promise<string> {
    const { api, limits, pace } = this.#options;
    const began = performance.now();
    let moment = from;
    const request = {
      path: this.#path,
      select: this.#select,
      resourceVersion: from,
      seconds: limits.watchSeconds,
      idleMs: limits.watchSeconds * 1000 + limits.graceMs,
      signal,
      onOpen: () => {
        pace.answered();
        this.#stand({ is: "watching" });
      },
    };
    for await (const event of watchEvents(api, request)) {
      this.#take(event);
      this.#failures = 0;
      moment = event.resourceVersion;
    }
    // A watch that ends as soon as it has begun is a failure, whatever the API server calls it.
    if (performance.now() - began >= limits.firstPauseMs) this.#failures = 0;
    else await pace.pause(this.#failures++, 0, "time", signal);
    return moment;
  }

  #take(event: WatchEvent): void {
    if (event.type === "BOOKMARK") return;
    const outcome =
      event.type === "DELETED"
        ? this.#collection.remove(event.object)
        : this.#collection.put(event.object, this.#apiVersion);
    if (outcome === "changed") this.#options.onChange();
  }

  /** What a failure calls for before the next list: nothing, another version of the kind, or a pause. */
  async #recover(fault: ApiFault, verb: "list" | "watch", signal: AbortSignal): Promise<void> {
    const { limits, pace } = this.#options;
    const failures = this.#failures++;
    // The past was forgotten: the present is a list away.
    if (fault.kind === "expired" && verb === "watch" && failures === 0) return;
    if (fault.kind === "absent") {
      this.#version += 1;
      if (this.#version % this.kind.versions.length !== 0) return;
    }
    if (fault.kind === "forbidden" || fault.kind === "absent") {
      this.#stand({ is: "refused", verb, fault });
      this.#settle();
      await pace.pause(0, limits.refusedMs, "time", signal);
      return;
    }
    this.#stand({ is: "failing", fault });
    const isAboutAll = fault.kind === "unreached" || fault.kind === "credentials";
    const leastMs = Math.min(fault.retryAfterMs, limits.retryAfterMs);
    await pace.pause(failures, leastMs, isAboutAll ? "answer" : "time", signal);
  }
}

function messageOf(standing: Standing): string {
  return "fault" in standing ? standing.fault.message : "";
}
