import { atOnce } from "../../steps.ts";
import { child, type Scalar, type YamlNode } from "../../yaml/node.ts";
import { plainSteps } from "../../yaml/yaml.ts";
import type { FlagValues } from "../command-line.ts";
import { type CircuitBreakers, NO_BREAKERS } from "./circuit-breakers.ts";
import { commaNames } from "./command-line.ts";
import { DEFAULT_CONNECT_MS, DEFAULT_IDLE_MS, timeoutMs } from "./transport.ts";

/** Contour's flags, and its file `contour.yaml`. */
export interface ContourSettings {
  /** `--root-namespaces`. default: every one */
  readonly rootNamespaces?: readonly string[] | undefined;
  /** `disablePermitInsecure` */
  readonly permitInsecure: "honoured" | "ignored";
  /** `enableExternalNameService` */
  readonly externalNames: "on" | "off";
  /** `disableMergeSlashes` */
  readonly slashes: "merged" | "kept";
  /** `network.strip-trailing-host-dot` */
  readonly hostDot: "cut" | "kept";
  /** `serverHeaderTransformation: pass_through`. default: Envoy names itself */
  readonly server?: "passed" | undefined;
  /** `compression.algorithm`. default: gzip */
  readonly compression: "gzip" | "brotli" | "zstd" | "disabled";
  /** `network.num-trusted-hops` */
  readonly hops: number;
  /** `tls.fallback-certificate`: `NAMESPACE/NAME` */
  readonly fallback?: string | undefined;
  /** `rateLimitService.extensionService`. default: nothing is counted */
  readonly rateLimits?: string | undefined;
  /** `globalExtAuth`, unless its policy is disabled. default: only hosts that say so */
  readonly authorization?: "for all" | undefined;
  /** `timeouts.connect-timeout` */
  readonly connectMs: number;
  /** `timeouts.stream-idle-timeout`; `undefined`: none */
  readonly streamIdleMs: number | undefined;
  /** `cluster.circuit-breakers`, of Services that say nothing themselves. */
  readonly breakers: CircuitBreakers;
  readonly policy: GlobalPolicy;
}

/** `policy`: headers of every service that does not set them itself. */
interface GlobalPolicy {
  readonly request: WrittenPolicy;
  readonly response: WrittenPolicy;
  /** `applyToIngress` */
  readonly onIngresses: boolean;
}

/** A headers policy as written. */
export interface WrittenPolicy {
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly remove: readonly string[];
}

const NO_POLICY: WrittenPolicy = { set: [], remove: [] };

const DEFAULTS: ContourSettings = {
  permitInsecure: "honoured",
  externalNames: "off",
  slashes: "merged",
  hostDot: "kept",
  compression: "gzip",
  hops: 0,
  connectMs: DEFAULT_CONNECT_MS,
  streamIdleMs: DEFAULT_IDLE_MS,
  breakers: NO_BREAKERS,
  policy: { request: NO_POLICY, response: NO_POLICY, onIngresses: false },
};

/** Flags, and `contour.yaml` of the ConfigMap; its text in `fault` could not be read. */
export function contourSettings(
  flags: FlagValues,
  text: string | undefined,
): {
  readonly settings: ContourSettings;
  readonly file?: YamlNode | undefined;
  readonly fault?: string | undefined;
} {
  const roots = flags.get("root-namespaces");
  const rootNamespaces = roots === undefined || roots === "" ? undefined : commaNames(roots);
  const file = text === undefined ? undefined : atOnce(plainSteps(text));
  if (file === undefined) return { settings: { ...DEFAULTS, rootNamespaces } };
  if ("general" in file)
    return { settings: { ...DEFAULTS, rootNamespaces }, fault: "it is more than plain YAML" };
  if ("message" in file) return { settings: { ...DEFAULTS, rootNamespaces }, fault: file.message };
  const isOn = (...path: readonly string[]) => scalarAt(file, path) === true;
  const [name, namespace] = ["name", "namespace"].map((key) =>
    scalarAt(file, ["tls", "fallback-certificate", key]),
  );
  const settings: ContourSettings = {
    rootNamespaces,
    permitInsecure: isOn("disablePermitInsecure") ? "ignored" : "honoured",
    externalNames: isOn("enableExternalNameService") ? "on" : "off",
    slashes: isOn("disableMergeSlashes") ? "kept" : "merged",
    hostDot: isOn("network", "strip-trailing-host-dot") ? "cut" : "kept",
    server: scalarAt(file, ["serverHeaderTransformation"]) === "pass_through" ? "passed" : undefined,
    compression: compressionAt(file),
    hops: Number(scalarAt(file, ["network", "num-trusted-hops"]) ?? 0) || 0,
    fallback: name === undefined ? undefined : `${String(namespace ?? "")}/${String(name)}`,
    rateLimits: textAt(file, ["rateLimitService", "extensionService"]),
    authorization:
      nodeAt(file, ["globalExtAuth"])?.kind === "map" && !isOn("globalExtAuth", "authPolicy", "disabled")
        ? "for all"
        : undefined,
    connectMs:
      timeoutMs(textAt(file, ["timeouts", "connect-timeout"]), DEFAULT_CONNECT_MS) ?? DEFAULT_CONNECT_MS,
    streamIdleMs: timeoutMs(textAt(file, ["timeouts", "stream-idle-timeout"]), DEFAULT_IDLE_MS),
    breakers: {
      connections: numberAt(file, BREAKERS, "max-connections"),
      pending: numberAt(file, BREAKERS, "max-pending-requests"),
      requests: numberAt(file, BREAKERS, "max-requests"),
    },
    policy: {
      request: policyAt(file, "request-headers"),
      response: policyAt(file, "response-headers"),
      onIngresses: isOn("policy", "applyToIngress"),
    },
  };
  return { settings, file };
}

const BREAKERS = ["cluster", "circuit-breakers"] as const;

function numberAt(file: YamlNode, path: readonly string[], key: string): number {
  return Number(scalarAt(file, [...path, key]) ?? 0) || 0;
}

function textAt(file: YamlNode, path: readonly string[]): string | undefined {
  const found = scalarAt(file, path);
  return typeof found === "string" ? found : undefined;
}

function compressionAt(file: YamlNode): ContourSettings["compression"] {
  const algorithm = scalarAt(file, ["compression", "algorithm"]);
  return algorithm === "disabled" || algorithm === "brotli" || algorithm === "zstd" ? algorithm : "gzip";
}

function nodeAt(node: YamlNode | undefined, path: readonly string[]): YamlNode | undefined {
  return path.reduce((at: YamlNode | undefined, key) => child(at, key), node);
}

function scalarAt(node: YamlNode, path: readonly string[]): Scalar | undefined {
  const found = nodeAt(node, path);
  return found?.kind === "scalar" ? found.value : undefined;
}

function policyAt(file: YamlNode, side: string): WrittenPolicy {
  const set = nodeAt(file, ["policy", side, "set"]);
  const remove = nodeAt(file, ["policy", side, "remove"]);
  const texts = remove?.kind === "list" ? remove.items : [];
  const entries = set?.kind === "map" ? [...set.entries] : [];
  return {
    set: entries.flatMap(([name, { value }]) =>
      value.kind === "scalar" ? [{ name, value: String(value.value ?? "") }] : [],
    ),
    remove: texts.flatMap((item) => (item.kind === "scalar" ? [String(item.value)] : [])),
  };
}
