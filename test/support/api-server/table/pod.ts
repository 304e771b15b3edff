import { asList, asMap, asMaps, asText, at, type Json, type KubeObject } from "../object.ts";
import { AGE, amount, type Column, NAME, orNone, text, wide } from "./column.ts";

/** Columns of Pods. */
export const POD: readonly Column[] = [
  NAME,
  text("Ready", (pod) => {
    const ready = statuses(pod).filter((one) => one.ready === true).length;
    return `${ready}/${asList(at(pod, "spec", "containers")).length}`;
  }),
  text("Status", status),
  text("Restarts", (pod) => String(statuses(pod).reduce((sum, one) => sum + amount(one, "restartCount"), 0))),
  AGE,
  wide(text("IP", (pod) => orNone(asText(at(pod, "status", "podIP"))))),
  wide(text("Node", (pod) => orNone(asText(at(pod, "spec", "nodeName"))))),
  wide(text("Nominated Node", (pod) => orNone(asText(at(pod, "status", "nominatedNodeName"))))),
  wide(text("Readiness Gates", readinessGates)),
];

function statuses(pod: KubeObject): readonly Json[] {
  return asMaps(at(pod, "status", "containerStatuses"));
}

/** Column Status, from phase, containers and deletion. */
function status(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  const starting = initialising(pod);
  if (starting !== undefined) return starting;
  for (const one of [...statuses(pod)].reverse()) {
    const waiting = asText(at(one, "state", "waiting", "reason"));
    if (waiting !== "") return waiting;
    const ended = asMap(at(one, "state", "terminated"));
    if (ended.reason !== undefined) return asText(ended.reason);
    if (ended.exitCode !== undefined) return `ExitCode:${asText(ended.exitCode)}`;
  }
  return asText(at(pod, "status", "reason")) || asText(at(pod, "status", "phase"));
}

function initialising(pod: KubeObject): string | undefined {
  const all = asMaps(at(pod, "status", "initContainerStatuses"));
  const at0 = all.findIndex((one) => at(one, "state", "terminated", "exitCode") !== 0);
  if (at0 < 0) return undefined;
  const waiting = asText(at(all[at0], "state", "waiting", "reason"));
  if (waiting !== "" && waiting !== "PodInitializing") return `Init:${waiting}`;
  return `Init:${at0}/${all.length}`;
}

function readinessGates(pod: KubeObject): string {
  const gates = asMaps(at(pod, "spec", "readinessGates")).map((gate) => asText(gate.conditionType));
  if (gates.length === 0) return "<none>";
  const conditions = asMaps(at(pod, "status", "conditions"));
  const passed = gates.filter((gate) =>
    conditions.some((one) => one.type === gate && one.status === "True"),
  ).length;
  return `${passed}/${gates.length}`;
}
