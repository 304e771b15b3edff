import { type ApiFault, faultOf } from "../fault.ts";
import type { ClusterKind } from "../kinds.ts";
import { createSettling, type Reflector, type ReflectorOptions } from "../reflector.ts";
import { type Discovered, discover } from "./discover.ts";

/** What is read of the kinds that controllers bring. */
export interface FollowedKinds {
  readonly reflectors: () => readonly Reflector[];
  /** Versions that are not read, and why the kinds are not known. */
  readonly standing: () => KindsStanding;
  /** Resolves once the kinds of the cluster are known and listed, or refused. */
  readonly settled: Promise<void>;
  readonly stop: () => void;
}

export interface KindsStanding {
  readonly unread: readonly string[];
  readonly fault: ApiFault | undefined;
  /** Kinds that were known before a fault are read on. */
  readonly known: boolean;
}

/** A kind in another version is another. */
function keyOf({ kind, plural, versions, scope }: ClusterKind): string {
  return [kind, plural, scope, ...versions].join(" ");
}

/** Asks again and again which kinds there are, and reads them; one that appears later is read from then on. */
export function followKinds(
  start: (kind: ClusterKind) => readonly Reflector[],
  { api, limits, backoff, onChange, onStanding }: ReflectorOptions,
): FollowedKinds {
  const stopped = new AbortController();
  const { signal } = stopped;
  const { settled, settle } = createSettling();
  let followed: ReadonlyMap<string, readonly Reflector[]> = new Map();
  let standing: KindsStanding = { unread: [], fault: undefined, known: false };

  const reflectors = () => [...followed.values()].flat();
  const stand = (next: KindsStanding) => {
    standing = next;
    onStanding();
  };

  function take({ kinds, unread }: Discovered): void {
    const before = followed;
    followed = new Map(
      kinds.map((kind) => {
        const key = keyOf(kind);
        return [key, before.get(key) ?? start(kind)] as const;
      }),
    );
    const gone = [...before].filter(([key]) => !followed.has(key));
    for (const reflector of gone.flatMap(([, each]) => each)) reflector.stop();
    if (gone.length > 0) onChange();
    stand({ unread, fault: undefined, known: true });
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        take(await discover(api, signal));
        failures = 0;
        void Promise.all(reflectors().map((reflector) => reflector.settled)).then(settle);
        await backoff.pause(0, limits.discoveryMs, "time", signal);
      } catch (error) {
        if (signal.aborted) return;
        const fault = faultOf(error);
        const isAboutAll = fault.kind === "unreached" || fault.kind === "credentials";
        stand({ ...standing, fault: isAboutAll ? undefined : fault });
        if (!isAboutAll) settle();
        const leastMs = Math.min(fault.retryAfterMs, limits.retryAfterMs);
        const awaited = isAboutAll ? "answer" : "time";
        await backoff.pause(failures++, leastMs, awaited, signal).catch(() => undefined);
      }
    }
  }

  void run();
  return {
    reflectors,
    standing: () => standing,
    settled,
    stop: () => {
      stopped.abort();
      for (const reflector of reflectors()) reflector.stop();
    },
  };
}
