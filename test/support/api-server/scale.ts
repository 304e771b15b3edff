import { asMap, at, type Json, type KubeObject } from "./object.ts";
import { mergePatch } from "./patch/merge-patch.ts";
import type { ApiRequest, Target } from "./request.ts";
import { fail } from "./status.ts";
import { labels } from "./table/column.ts";
import type { World } from "./world.ts";
import { existing } from "./write.ts";

/** Reads a workload's `scale`, or writes its number of replicas. */
export function scale(world: World, request: ApiRequest, target: Target, body: Json): Json {
  const workload = existing(world, target);
  if (request.verb === "get") return scaleOf(workload);
  const wanted = asMap(request.verb === "patch" ? mergePatch(scaleOf(workload), body) : body);
  const replicas = at(wanted, "spec", "replicas") ?? 0;
  if (!Number.isInteger(replicas) || Number(replicas) < 0) {
    throw fail(
      422,
      `Scale.autoscaling "${workload.metadata.name}" is invalid: spec.replicas: Invalid value: ${replicas}: must be greater than or equal to 0`,
    );
  }
  const scaled = { ...workload, spec: { ...asMap(workload.spec), replicas } };
  if (request.query.get("dryRun") === "All") return scaleOf(scaled);
  return scaleOf(world.store.put(target.type, scaled, world.now()));
}

function scaleOf(workload: KubeObject): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = workload.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: at(workload, "spec", "replicas") ?? 1 },
    status: {
      replicas: at(workload, "status", "replicas") ?? 0,
      selector: labels(at(workload, "spec", "selector", "matchLabels")),
    },
  };
}
