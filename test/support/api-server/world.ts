import type { Access } from "./access.ts";
import type { Credentials } from "./credentials.ts";
import type { Faults, RunningStream } from "./fault.ts";
import type { Json } from "./object.ts";
import type { ServedPods } from "./port-forward/served-pods.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Store } from "./store.ts";

/** Everything that answers depend on. */
export interface World {
  readonly store: Store;
  readonly types: ResourceType[];
  readonly credentials: Credentials;
  readonly access: Access;
  readonly faults: Faults;
  readonly pods: ServedPods;
  /** Running watches and port-forwards. */
  readonly running: Set<RunningStream & Partial<Bookmarked>>;
  readonly lists: ChunkedLists;
  /** Last server-side applies, by manager, path and uid. */
  readonly applied: Map<string, Json>;
  readonly now: () => Date;
  /** `gitVersion` of `/version`. */
  readonly version: string;
  /** Answers `sendInitialEvents` instead of refusing it with 422. */
  readonly watchList: boolean;
  readonly portForwardProtocols: readonly string[];
}

/** A watch that can be sent a bookmark. */
interface Bookmarked {
  bookmark(): void;
}

/** Lists in pieces, by `continue` token. */
type ChunkedLists = Map<string, { readonly revision: number; readonly rest: readonly unknown[] }>;
