import { asMap, asMaps, asText, at, type KubeObject } from "../object.ts";
import { age } from "./age.ts";
import { AGE, amount, type Column, count, NAME, number, orNone, text, wide } from "./column.ts";

/** Columns of the other kinds of the core group. */
export const CORE: Readonly<Record<string, readonly Column[]>> = {
  ConfigMap: [NAME, number("Data", (one) => count(one.data) + count(one.binaryData)), AGE],
  Secret: [NAME, text("Type", (one) => asText(one.type)), number("Data", (one) => count(one.data)), AGE],
  Namespace: [NAME, text("Status", (one) => asText(at(one, "status", "phase"))), AGE],
  ServiceAccount: [NAME, number("Secrets", (one) => asMaps(one.secrets).length), AGE],
  Event: [
    text("Last Seen", (event, now) => seen(event, now, "lastTimestamp")),
    text("Type", (event) => asText(event.type)),
    text("Reason", (event) => asText(event.reason)),
    text("Object", involved),
    wide(text("Subobject", (event) => asText(at(event, "involvedObject", "fieldPath")))),
    wide(text("Source", source)),
    text("Message", (event) => asText(event.message).trim()),
    wide(text("First Seen", (event, now) => seen(event, now, "firstTimestamp"))),
    wide(number("Count", (event) => amount(event, "count") || 1)),
    wide(NAME),
  ],
  Node: [
    NAME,
    text("Status", nodeStatus),
    text("Roles", roles),
    AGE,
    text("Version", (node) => asText(at(node, "status", "nodeInfo", "kubeletVersion"))),
    wide(text("Internal-IP", (node) => nodeAddress(node, "InternalIP"))),
    wide(text("External-IP", (node) => nodeAddress(node, "ExternalIP"))),
    wide(text("OS-Image", (node) => info(node, "osImage"))),
    wide(text("Kernel-Version", (node) => info(node, "kernelVersion"))),
    wide(text("Container-Runtime", (node) => info(node, "containerRuntimeVersion"))),
  ],
};

function seen(event: KubeObject, now: Date, field: string): string {
  return age(event[field] ?? event.eventTime ?? event.metadata.creationTimestamp, now);
}

function involved(event: KubeObject): string {
  const object = asMap(event.involvedObject);
  return `${asText(object.kind).toLowerCase()}/${asText(object.name)}`;
}

function source(event: KubeObject): string {
  const { component, host } = asMap(event.source);
  return [asText(component), asText(host)].filter((one) => one !== "").join(", ");
}

function nodeStatus(node: KubeObject): string {
  const ready = asMaps(at(node, "status", "conditions")).find((one) => one.type === "Ready");
  const said = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return at(node, "spec", "unschedulable") === true ? `${said},SchedulingDisabled` : said;
}

const ROLE = "node-role.kubernetes.io/";

function roles(node: KubeObject): string {
  const found = Object.keys(node.metadata.labels ?? {}).filter((label) => label.startsWith(ROLE));
  return orNone(
    found
      .map((label) => label.slice(ROLE.length))
      .sort()
      .join(","),
  );
}

function nodeAddress(node: KubeObject, type: string): string {
  const found = asMaps(at(node, "status", "addresses")).find((one) => one.type === type);
  return orNone(asText(found?.address));
}

function info(node: KubeObject, field: string): string {
  return asText(at(node, "status", "nodeInfo", field)) || "<unknown>";
}
