/** Connections at rest, by what they lead to. */
export interface Resting<Group, Lane> {
  /** Lays one to rest; answers the one that has rested longest where that makes too many, which is awake then. */
  readonly rest: (group: Group, lane: Lane) => Lane | undefined;
  /** Takes the one that was used last, if there is any. */
  readonly wakeLatest: (group: Group) => Lane | undefined;
  /** Takes this one; whether it was at rest. */
  readonly wake: (lane: Lane) => boolean;
  /** Takes all of a group. */
  readonly wakeAll: (group: Group) => readonly Lane[];
}

/** Keeps at most so many, the latest used, as nginx does (`keepalive` of an upstream). */
export function createResting<Group, Lane>(most: number): Resting<Group, Lane> {
  /** The one that has rested longest first. */
  const groups = new Map<Lane, Group>();
  const lanes = new Map<Group, Lane[]>();

  function wake(lane: Lane): boolean {
    const group = groups.get(lane);
    if (group === undefined) return false;
    groups.delete(lane);
    const rest = (lanes.get(group) ?? []).filter((one) => one !== lane);
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
