import { asMaps, asText, at, type KubeObject } from "../object.ts";
import { AGE, amount, type Column, labels, NAME, number, text, wide } from "./column.ts";
import { POD } from "./pod.ts";

const CONTAINERS = wide(text("Containers", (object) => containers(object, "name")));
const IMAGES = wide(text("Images", (object) => containers(object, "image")));
const SELECTOR = wide(text("Selector", (object) => labels(at(object, "spec", "selector", "matchLabels"))));
const READY = text(
  "Ready",
  (object) => `${amount(object, "status", "readyReplicas")}/${amount(object, "spec", "replicas")}`,
);

/** Columns of Pods and workloads. */
export const WORKLOADS: Readonly<Record<string, readonly Column[]>> = {
  Pod: POD,
  Deployment: [
    NAME,
    READY,
    number("Up-to-date", (object) => amount(object, "status", "updatedReplicas")),
    number("Available", (object) => amount(object, "status", "availableReplicas")),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  ReplicaSet: [
    NAME,
    number("Desired", (object) => amount(object, "spec", "replicas")),
    number("Current", (object) => amount(object, "status", "replicas")),
    number("Ready", (object) => amount(object, "status", "readyReplicas")),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  StatefulSet: [NAME, READY, AGE, CONTAINERS, IMAGES],
};

function containers(object: KubeObject, field: string): string {
  return asMaps(at(object, "spec", "template", "spec", "containers"))
    .map((container) => asText(container[field]))
    .join(",");
}
