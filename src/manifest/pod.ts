import type { ContainerPort, Pod } from "../model/resource.ts";
import { child, type Node, number, text } from "../yaml/node.ts";
import { indexed, metadataOf, originOf, type Report } from "./report.ts";

function portsOf(container: Node): readonly ContainerPort[] {
  return indexed(container, "ports", "").flatMap(([node]) => {
    const port = number(node, "containerPort");
    if (port === undefined) return [];
    return [{ name: text(node, "name") ?? "", port, protocol: text(node, "protocol") ?? "TCP" }];
  });
}

/** Containers that serve: the pod's, and sidecars (init containers that keep running, Kubernetes 1.28). */
function serving(spec: Node | undefined): readonly Node[] {
  const sidecars = indexed(spec, "initContainers", "").filter(
    ([node]) => text(node, "restartPolicy") === "Always",
  );
  return [...indexed(spec, "containers", ""), ...sidecars].map(([node]) => node);
}

export function buildPod(report: Report): Pod {
  const { node } = report.at;
  const [metadata, status] = [child(node, "metadata"), child(node, "status")];
  const ready = indexed(status, "conditions", "").some(
    ([condition]) => text(condition, "type") === "Ready" && text(condition, "status") === "True",
  );
  return {
    kind: "Pod",
    metadata: metadataOf(report.at, "Pod"),
    origin: originOf(report.at),
    uid: text(metadata, "uid") ?? "",
    phase: text(status, "phase") ?? "Unknown",
    ready,
    terminating: text(metadata, "deletionTimestamp") !== undefined,
    containerPorts: serving(child(node, "spec")).flatMap(portsOf),
  };
}
