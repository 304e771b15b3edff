import type { ContainerPort, Pod } from "../../model/resource.ts";
import { child, numberAt, stringAt, type YamlNode } from "../../yaml/node.ts";
import { indexed, metadataOf, type Report } from "../report.ts";

function portsOf(container: YamlNode): readonly ContainerPort[] {
  return indexed(container, "ports", "").flatMap(([node]) => {
    const port = numberAt(node, "containerPort");
    if (port === undefined) return [];
    return [{ name: stringAt(node, "name") ?? "", port, protocol: stringAt(node, "protocol") ?? "TCP" }];
  });
}

/** Containers that serve: the pod's, and sidecars (init containers that keep running, Kubernetes 1.28). */
function serving(spec: YamlNode | undefined): readonly YamlNode[] {
  const sidecars = indexed(spec, "initContainers", "").filter(
    ([node]) => stringAt(node, "restartPolicy") === "Always",
  );
  return [...indexed(spec, "containers", ""), ...sidecars].map(([node]) => node);
}

export function buildPod(report: Report): Pod {
  const { node } = report.at;
  const [metadata, status] = [child(node, "metadata"), child(node, "status")];
  const ready = indexed(status, "conditions", "").some(
    ([condition]) => stringAt(condition, "type") === "Ready" && stringAt(condition, "status") === "True",
  );
  return {
    kind: "Pod",
    metadata: metadataOf(report.at, "Pod"),
    origin: report.at.origin,
    uid: stringAt(metadata, "uid") ?? "",
    phase: stringAt(status, "phase") ?? "Unknown",
    ready,
    terminating: stringAt(metadata, "deletionTimestamp") !== undefined,
    containerPorts: serving(child(node, "spec")).flatMap(portsOf),
  };
}
