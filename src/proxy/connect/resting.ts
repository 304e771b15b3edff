export interface Resting<Group, Lane> {
  /** Adds an idle connection; returns the one that was idle longest if there are too many. */
  readonly rest: (group: Group, lane: Lane) => Lane | undefined;
  readonly wakeLatest: (group: Group) => Lane | undefined;
  /** Takes this one; `false` if it was not idle. */
  readonly wake: (lane: Lane) => boolean;
  readonly wakeAll: (group: Group) => readonly Lane[];
}

/** Keeps the `most` recently used ones, as nginx does (`keepalive` of an upstream). */
export function createResting<Group, Lane>(most: number): Resting<Group, Lane> {
  /** Longest idle first. */
  const groups = new Map<Lane, Group>();
  const lanes = new Map<Group, Lane[]>();

  function wake(lane: Lane): boolean {
    const group = groups.get(lane);
    if (group === undefined) return false;
    groups.delete(lane);
    const rest = (lanes.get(group) ?? []).filter((resting) => resting !== lane);
    if (rest.length === 0) lanes.delete(group);
    else lanes.set(group, rest);
    return true;
  }

  return {
    wake,
    rest: (group, lane) => {
      groups.set(lane, group);
      const rest = lanes.get(group);
      if (rest === undefined) lanes.set(group, [lane]);
      else rest.push(lane);
      if (groups.size <= most) return undefined;
      const [oldest] = groups.keys();
      if (oldest !== undefined) wake(oldest);
      return oldest;
    },
    wakeLatest: (group) => {
      const latest = lanes.get(group)?.pop();
      if (latest !== undefined) groups.delete(latest);
      return latest;
    },
    wakeAll: (group) => {
      const all = lanes.get(group) ?? [];
      lanes.delete(group);
      for (const lane of all) groups.delete(lane);
      return all;
    },
  };
}
