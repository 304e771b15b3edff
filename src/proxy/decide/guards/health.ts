import type { Backend } from "../../../model/route.ts";

/** What is known of the pods of a Service port. */
interface Checked {
  /** unit: ms */
  readonly at: number;
  /** Names of pods that are not healthy. */
  readonly sick: ReadonlySet<string>;
  readonly healthy: number;
}

/** The health of pods, as of their last check. */
export interface Health {
  /** Those that get no requests now. */
  sick(backend: Backend): readonly string[];
  /** The state of a Service port, checked anew where it is older than the interval. */
  of(backend: Backend, intervalMs: number, check: () => Promise<Omit<Checked, "at">>): Promise<Checked>;
}

/** A state is believed for so many intervals without a check. */
const BELIEVED = 2;

/** `clock`: monotonic ms */
export function createHealth(clock: () => number): Health {
  const known = new Map<string, { readonly checked: Checked; readonly intervalMs: number }>();
  const running = new Map<string, Promise<Checked>>();
  return {
    sick(backend) {
      const found = known.get(keyOf(backend));
      const isOld = found === undefined || clock() - found.checked.at > found.intervalMs * BELIEVED;
      return isOld ? [] : [...found.checked.sick];
    },
    async of(backend, intervalMs, check) {
      const key = keyOf(backend);
      const found = known.get(key);
      if (found !== undefined && clock() - found.checked.at < intervalMs) return found.checked;
      const before = running.get(key);
      if (before !== undefined) return before;
      const checking = check().then((state): Checked => {
        const checked = { ...state, at: clock() };
        known.set(key, { checked, intervalMs });
        return checked;
      });
      running.set(key, checking);
      return checking.finally(() => running.delete(key));
    },
  };
}

function keyOf({ namespace, service, port }: Backend): string {
  return `${namespace}/${service}/${"number" in port ? port.number : port.name}`;
}
