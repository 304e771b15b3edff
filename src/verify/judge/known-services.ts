import type { Snapshot } from "../../model/snapshot.ts";
import { indexInSteps } from "../../service/index.ts";
import { atOnce } from "../../steps.ts";
import type { KnownServices } from "./who.ts";

/** A Deployment's pods: name, the ReplicaSet's hash, five characters. Both are of these letters (rand.SafeEncodeString). */
const OF_DEPLOYMENT = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
/** A StatefulSet's pods: name and ordinal. */
const OF_STATEFUL_SET = /^(.+)-\d{1,9}$/;

/** `named`: Services that routes name, whether or not they are in the manifests. `NAMESPACE/NAME` */
export function knownServices(snapshot: Snapshot, named: Iterable<string>): KnownServices {
  const index = atOnce(indexInSteps(snapshot));
  const names = new Set(named);
  const byWorkload = new Map<string, string[]>();
  for (const service of snapshot.services) {
    const { namespace, name } = service.metadata;
    names.add(`${namespace}/${name}`);
    for (const { kind, metadata } of index.workloads(service))
      for (const key of [`${kind} ${metadata.name}`, `${kind} ${namespace}/${metadata.name}`])
        byWorkload.set(key, [...(byWorkload.get(key) ?? []), `${namespace}/${name}`]);
  }
  const byName = new Map<string, string[]>();
  for (const name of names) {
    const own = name.slice(name.indexOf("/") + 1);
    byName.set(own, [...(byName.get(own) ?? []), name]);
  }
  return {
    isService: (name) => names.has(name),
    named: (name) => byName.get(name) ?? [],
    ofPod: (pod, namespace) => {
      const within = namespace === undefined ? "" : `${namespace}/`;
      const deployment = OF_DEPLOYMENT.exec(pod)?.[1];
      const statefulSet = OF_STATEFUL_SET.exec(pod)?.[1];
      return [
        ...(byWorkload.get(`Deployment ${within}${deployment}`) ?? []),
        ...(byWorkload.get(`StatefulSet ${within}${statefulSet}`) ?? []),
      ];
    },
  };
}
