import type { Admitted } from "../../manifest/admitted.ts";
import type { ApiConnection } from "../../model/cluster.ts";
import type { Backoff } from "./backoff.ts";
import { type Collection, createCollection } from "./collection.ts";
import { type ApiFault, faultOf } from "./fault.ts";
import type { ClusterKind } from "./kinds.ts";
import { pathOf } from "./kinds.ts";
import type { ClusterLimits } from "./limits.ts";
import { listAll } from "./list.ts";
import { type WatchEvent, watchEvents } from "./watch.ts";

export type Standing =
  | { readonly kind: "starting" }
  | { readonly kind: "watching" }
  /** Its objects are as last seen; it tries again. */
  | { readonly kind: "failing"; readonly fault: ApiFault }
  /** Reading is forbidden, or the kind does not exist. */
  | { readonly kind: "refused"; readonly verb: "get" | "list" | "watch"; readonly fault: ApiFault };

export interface Reflector {
  readonly kind: ClusterKind;
  /** `undefined`: every namespace, or a kind without one. */
  readonly namespace: string | undefined;
  readonly objects: () => ReadonlyMap<string, Admitted>;
  readonly standing: () => Standing;
  /** Resolves once everything is listed, or refused. */
  readonly settled: Promise<void>;
  /** Distrusts the connection: lists again at once. */
  readonly restart: () => void;
  readonly stop: () => void;
}

export interface ReflectorOptions {
  readonly api: ApiConnection;
  readonly limits: ClusterLimits;
  readonly backoff: Backoff;
  readonly onChange: () => void;
  readonly onStanding: () => void;
}

export interface ReflectorTarget {
  readonly kind: ClusterKind;
  readonly namespace: string | undefined;
  /** `{ fieldSelector: "metadata.name=tls" }` */
  readonly select?: Readonly<Record<string, string>> | undefined;
  /** default: all */
  readonly isKept?: ((item: unknown) => boolean) | undefined;
}

export function createSettling(): { readonly settled: Promise<void>; readonly settle: () => void } {
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { settled, settle };
}

/**
 * Lists a kind and watches it until stopped. After the regular end of a watch, a new watch continues; after anything
 * else, a new list. A complete new list replaces the objects as a whole: nothing is missing in between. While nothing
 * can be read they stay.
 *
 * Not client-node's informer: it has no back-off, overlooks a half-open connection and ends for good on some errors
 * (kubernetes-client/javascript issues 1496 and 1933).
 */
export function startReflector(target: ReflectorTarget, options: ReflectorOptions): Reflector {
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
  /** Aborted by a restart, which begins another. */
  #turn = new AbortController();
  #standing: Standing = { kind: "starting" };
  /** The number of versions that were tried. */
  #version = 0;
  #failures = 0;

  constructor({ kind, namespace, select = {}, isKept }: ReflectorTarget, options: ReflectorOptions) {
    this.kind = kind;
    this.namespace = namespace;
    this.#select = select;
    this.#options = options;
    this.#collection = createCollection(kind, options.api.context, isKept);
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
        // A connection that held this long is not part of an earlier trouble.
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
    const isSame = this.#standing.kind === next.kind && messageOf(this.#standing) === messageOf(next);
    this.#standing = next;
    if (!isSame) this.#options.onStanding();
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { api, limits, backoff, onChange } = this.#options;
    const listed = await listAll(api, this.#path, this.#select, limits.pageSize, signal);
    const outcome = this.#collection.replace(listed.items, this.#apiVersion);
    backoff.answered();
    this.#settle();
    if (outcome === "changed") onChange();
    return listed.resourceVersion;
  }

  /** Watches until the end of the watch. Returns the resourceVersion that it came to. */
  async #watchOnce(from: string, signal: AbortSignal): Promise<string> {
    const { api, limits, backoff } = this.#options;
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
        backoff.answered();
        this.#stand({ kind: "watching" });
      },
    };
    for await (const event of watchEvents(api, request)) {
      this.#take(event);
      this.#failures = 0;
      moment = event.resourceVersion;
    }
    // A watch that ends as soon as it begins is a failure, whatever the API server calls it.
    if (performance.now() - began >= limits.firstPauseMs) this.#failures = 0;
    else await backoff.pause(this.#failures++, 0, "time", signal);
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

  /** Prepares the next list after a failure: by nothing, another version of the kind, or a pause. */
  async #recover(fault: ApiFault, verb: "list" | "watch", signal: AbortSignal): Promise<void> {
    const { limits, backoff } = this.#options;
    const failures = this.#failures++;
    // The API server forgot the past; a list has the present.
    if (fault.kind === "expired" && verb === "watch" && failures === 0) return;
    if (fault.kind === "absent") {
      this.#version += 1;
      if (this.#version % this.kind.versions.length !== 0) return;
    }
    if (fault.kind === "forbidden" || fault.kind === "absent") {
      this.#stand({ kind: "refused", verb, fault });
      this.#settle();
      await backoff.pause(0, limits.refusedMs, "time", signal);
      return;
    }
    this.#stand({ kind: "failing", fault });
    const isAboutAll = fault.kind === "unreached" || fault.kind === "credentials";
    const leastMs = Math.min(fault.retryAfterMs, limits.retryAfterMs);
    await backoff.pause(failures, leastMs, isAboutAll ? "answer" : "time", signal);
  }
}

function messageOf(standing: Standing): string {
  return "fault" in standing ? standing.fault.message : "";
}
