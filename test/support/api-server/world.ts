import type { Access } from "./access.ts";
import type { Credentials } from "./credentials.ts";
import type { Faults, RunningStream } from "./fault.ts";
import type { Json } from "./object.ts";
import type { ServedPods } from "./port-forward/served-pods.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Store } from "./store.ts";

/** All that an answer depends on. */
export interface World {
  readonly store: Store;
  readonly types: readonly ResourceType[];
  readonly credentials: Credentials;
  readonly access: Access;
  readonly faults: Faults;
  readonly pods: ServedPods;
  /** Watches and port-forwards that are running. */
  readonly running: Set<RunningStream & Partial<Bookmarked>>;
  readonly lists: ChunkedLists;
  /** What was last applied on the server's side, by manager, path and uid. */
  readonly applied: Map<string, Json>;
  readonly now: () => Date;
  /** `gitVersion` of `/version`. */
  readonly version: string;
  /** Whether `sendInitialEvents` is known; without it, 422 is the answer. */
  readonly watchList: boolean;
  readonly portForwardProtocols: readonly string[];
}

/** A watch that can be sent a bookmark. */
interface Bookmarked {
  bookmark(): void;
}

/** Lists that are being read in pieces, by their `continue` tokens. */
type ChunkedLists = Map<string, { readonly revision: number; readonly rest: readonly unknown[] }>;
