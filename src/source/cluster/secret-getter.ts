import { createCollection } from "./collection.ts";
import { ApiFault, faultOf } from "./fault.ts";
import { pathOf, SECRETS } from "./kinds.ts";
import { getOne } from "./list.ts";
import { createSettling, type Reflector, type ReflectorOptions, type Standing } from "./reflector.ts";

/**
 * Gets Secrets one by one, for a user who may get the named ones but not list any. A change is seen within half a
 * minute.
 */
export function startSecretGetter(
  namespace: string,
  names: readonly string[],
  { api, limits, backoff, onChange, onStanding }: ReflectorOptions,
): Reflector {
  const collection = createCollection(SECRETS, api.context);
  const stopped = new AbortController();
  let standing: Standing = { kind: "starting" };
  const { settled, settle } = createSettling();

  const stand = (next: Standing) => {
    standing = next;
    onStanding();
  };

  async function getAll(): Promise<void> {
    let refused: ApiFault | undefined;
    for (const name of names) {
      const path = `${pathOf("v1", SECRETS.plural, namespace)}/${encodeURIComponent(name)}`;
      try {
        const found = await getOne(api, path, stopped.signal);
        const outcome =
          found === undefined
            ? collection.remove({ metadata: { namespace, name } })
            : collection.put(found, "v1");
        backoff.answered();
        if (outcome === "changed") onChange();
      } catch (error) {
        if (!(error instanceof ApiFault && error.kind === "forbidden")) throw error;
        refused ??= error;
      }
    }
    stand(refused === undefined ? { kind: "watching" } : { kind: "refused", verb: "get", fault: refused });
    settle();
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopped.signal.aborted) {
      try {
        await getAll();
        failures = 0;
        await backoff.pause(0, limits.refusedMs, "time", stopped.signal);
      } catch (error) {
        if (stopped.signal.aborted) return;
        const fault = faultOf(error);
        stand({ kind: "failing", fault });
        const leastMs = Math.min(fault.retryAfterMs, limits.retryAfterMs);
        await backoff.pause(failures++, leastMs, "answer", stopped.signal).catch(() => undefined);
      }
    }
  }

  void run();
  return {
    kind: SECRETS,
    namespace,
    objects: collection.objects,
    standing: () => standing,
    settled,
    restart: () => undefined,
    stop: () => stopped.abort(),
  };
}
