import type { Admitted } from "../../manifest/admitted.ts";
import { snapshotOf } from "../../manifest/snapshot.ts";
import type { Problem } from "../../model/problem.ts";
import type { Resource } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";

export interface Assembled {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
}

/** Oldest first, then by namespace and name: age in a cluster is what order is in files. */
function byAge(a: Resource, b: Resource): number {
  const age = ({ metadata }: Resource) => metadata.creationTimestamp ?? "";
  if (age(a) !== age(b)) return age(a) < age(b) ? -1 : 1;
  const name = ({ metadata }: Resource) => `${metadata.namespace}/${metadata.name}`;
  return name(a) < name(b) ? -1 : 1;
}

/** `before`: its lists stay where they are the same */
export function assemble(
  collections: readonly ReadonlyMap<string, Admitted>[],
  before: Snapshot | undefined,
): Assembled {
  const all = collections.flatMap((objects) => [...objects.values()]);
  const resources = all.flatMap(({ resource }) => (resource === undefined ? [] : [resource])).sort(byAge);
  return {
    snapshot: snapshotOf(resources, before).snapshot,
    problems: all.flatMap(({ problems }) => problems),
  };
}
