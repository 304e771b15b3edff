import type {
  ConfigMap,
  Container,
  Endpoint,
  EndpointSlice,
  IngressClass,
  Namespace,
  Secret,
  Service,
  Workload,
} from "../model/resource.ts";
import { booleanAt, child, numberAt, stringAt, stringsAt, type YamlNode } from "../yaml/node.ts";
import { checkMetadata } from "./metadata.ts";
import { dns1123Label, dns1123Subdomain } from "./names.ts";
import { add, indexed, metadataOf, type Report } from "./report.ts";

/** `undefined` for an invalid name. */
function common(report: Report, kind: string, checkName = dns1123Subdomain) {
  const metadata = metadataOf(report.at, kind);
  if (!checkMetadata(report, metadata, checkName)) return undefined;
  return { metadata, origin: report.at.origin };
}

function reportOldVersion(report: Report, apiVersion: string, since: string, now: string): void {
  if (report.admission === "passed") return;
  add(report, {
    code: "old-api-version",
    level: "warning",
    field: "apiVersion",
    message: `${apiVersion} is no longer served since Kubernetes ${since}; this ${report.object.kind} is read as ${now}`,
    effect: "none",
  });
}

export function buildIngressClass(report: Report, apiVersion: string): IngressClass | undefined {
  const base = common(report, "IngressClass");
  const controller = stringAt(child(report.at.node, "spec"), "controller") ?? "";
  if (controller === "") {
    const field = "spec.controller";
    const message = `${field}: Required value`;
    add(report, { code: "invalid-class", level: "error", field, message, effect: "object" });
    return undefined;
  }
  if (base !== undefined && apiVersion !== "networking.k8s.io/v1") {
    reportOldVersion(report, apiVersion, "1.22", "networking.k8s.io/v1");
  }
  return base && { kind: "IngressClass", ...base, controller };
}

export function buildNamespace(report: Report): Namespace | undefined {
  const base = common(report, "Namespace", dns1123Label);
  return base && { kind: "Namespace", ...base };
}

export function buildService(report: Report): Service | undefined {
  const base = common(report, "Service", dns1123Label);
  const spec = child(report.at.node, "spec");
  const ports = indexed(spec, "ports", "spec").flatMap(([node, field]) => {
    const port = numberAt(node, "port") ?? 0;
    if (port >= 1 && port <= 65535) {
      const targetPort = numberAt(node, "targetPort") || stringAt(node, "targetPort") || port;
      const protocol = stringAt(node, "protocol") || "TCP";
      const appProtocol = stringAt(node, "appProtocol");
      const nodePort = numberAt(node, "nodePort");
      return [
        {
          ...{ name: stringAt(node, "name") ?? "", port, targetPort },
          ...(protocol === "TCP" ? {} : { protocol }),
          ...(appProtocol === undefined ? {} : { appProtocol }),
          ...(nodePort === undefined ? {} : { nodePort }),
        },
      ];
    }
    const message = `${field}.port: Invalid value: ${port}: must be between 1 and 65535, inclusive`;
    add(report, { code: "invalid-port", level: "error", field: `${field}.port`, message, effect: "part" });
    return [];
  });
  if (base === undefined) return undefined;
  const externalName = stringAt(spec, "externalName");
  const clusterIP = stringAt(spec, "clusterIP");
  return {
    kind: "Service",
    ...base,
    type: stringAt(spec, "type") ?? "ClusterIP",
    ports,
    ...(child(spec, "selector") === undefined ? {} : { selector: stringsAt(spec, "selector") }),
    ...(clusterIP === undefined ? {} : { clusterIP }),
    ...(externalName === undefined ? {} : { externalName }),
  };
}

export function buildEndpointSlice(report: Report): EndpointSlice | undefined {
  const base = common(report, "EndpointSlice");
  const { node } = report.at;
  return (
    base && {
      kind: "EndpointSlice",
      ...base,
      service: base.metadata.labels.get("kubernetes.io/service-name") ?? "",
      ports: indexed(node, "ports", "").map(([item]) => ({
        name: stringAt(item, "name") ?? "",
        port: numberAt(item, "port") ?? 0,
      })),
      endpoints: indexed(node, "endpoints", "").map(([item]) => endpointOf(item)),
    }
  );
}

function endpointOf(node: YamlNode): Endpoint {
  const conditions = child(node, "conditions");
  const ready = booleanAt(conditions, "ready") ?? true;
  const target = child(node, "targetRef");
  const pod = stringAt(target, "kind") === "Pod" ? stringAt(target, "name") : undefined;
  return {
    addresses: indexed(node, "addresses", "").flatMap(([address]) =>
      address.kind === "scalar" && typeof address.value === "string" ? [address.value] : [],
    ),
    ready,
    serving: booleanAt(conditions, "serving") ?? ready,
    servesNot: booleanAt(conditions, "serving") === false ? true : undefined,
    terminating: booleanAt(conditions, "terminating") ?? false,
    ...(pod === undefined ? {} : { pod }),
  };
}

/** Go's `base64.StdEncoding`, which ignores line ends and nothing else. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function buildSecret(report: Report): Secret | undefined {
  const base = common(report, "Secret");
  const { node } = report.at;
  const data = new Map<string, Buffer>();
  for (const [key, written] of stringsAt(node, "data")) {
    const value = written.replace(/[\r\n]/g, "");
    if (value.length % 4 !== 0 || !BASE64.test(value)) {
      const at = value.search(/[^A-Za-z0-9+/]/);
      const message = `illegal base64 data at input byte ${at < 0 ? value.length - (value.length % 4) : at}`;
      add(report, { code: "wrong-type", level: "error", field: `data.${key}`, message, effect: "object" });
      return undefined;
    }
    data.set(key, Buffer.from(value, "base64"));
  }
  for (const [key, value] of stringsAt(node, "stringData")) data.set(key, Buffer.from(value, "utf8"));
  return base && { kind: "Secret", ...base, type: stringAt(node, "type") ?? "Opaque", data };
}

export function buildConfigMap(report: Report): ConfigMap | undefined {
  const base = common(report, "ConfigMap");
  return base && { kind: "ConfigMap", ...base, data: stringsAt(report.at.node, "data") };
}

export function buildWorkload(
  report: Report,
  apiVersion: string,
  kind: Workload["kind"],
): Workload | undefined {
  const base = common(report, kind);
  if (base !== undefined && apiVersion !== "apps/v1") reportOldVersion(report, apiVersion, "1.16", "apps/v1");
  const spec = child(report.at.node, "spec");
  const template = child(spec, "template");
  const containers = indexed(child(template, "spec"), "containers", "spec.template.spec");
  const programs = containers.map(([node, field]) => programOf(node, field));
  const withWords = programs.filter(({ words }) => words.length > 0);
  return (
    base && {
      kind,
      ...base,
      replicas: Math.max(0, numberAt(spec, "replicas") ?? 1),
      podLabels: stringsAt(child(template, "metadata"), "labels"),
      containerPorts: containers.flatMap(([container]) =>
        indexed(container, "ports", "").flatMap(([port]) => {
          const name = stringAt(port, "name");
          const containerPort = numberAt(port, "containerPort");
          return name === undefined || containerPort === undefined ? [] : [{ name, port: containerPort }];
        }),
      ),
      ...(withWords.length === 0 ? {} : { containers: withWords }),
    }
  );
}

function programOf(container: YamlNode, field: string): Container {
  const words = ["command", "args"].flatMap((key) =>
    indexed(container, key, field).flatMap(([word, at]) =>
      word.kind === "scalar" && typeof word.value === "string" ? [{ text: word.value, field: at }] : [],
    ),
  );
  return { image: stringAt(container, "image") ?? "", words };
}
