import { printable } from "../../../ui/printable.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress, IngressBackend, IngressTls } from "../../model/resource.ts";
import { columns } from "../forms/columns.ts";

export interface DescribeContext {
  /** `""` if the Ingress is not served. */
  readonly address: string;
  /** Endpoints of a Service port, as in the parentheses. */
  readonly endpoints: (backend: Extract<IngressBackend, { readonly kind: "service" }>) => string;
  /** Printed in place of a cluster's events. */
  readonly problems: readonly Problem[];
}

/** kubectl always omits it: it repeats the whole manifest. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** kubectl's `maxAnnotationLen`. */
const LONGEST_ANNOTATION = 140;

function backendText(backend: IngressBackend, context: DescribeContext): string {
  if (backend.kind === "resource") {
    return printable(`APIGroup: ${backend.apiGroup}, Kind: ${backend.resourceKind}, Name: ${backend.name}`);
  }
  const port = "name" in backend.port ? backend.port.name : backend.port.number;
  return printable(`${backend.name}:${port} (${context.endpoints(backend)})`);
}

function tlsLine(tls: IngressTls): string {
  const hosts = printable(tls.hosts.join(","));
  return tls.secretName === undefined || tls.secretName === ""
    ? `  SNI routes ${hosts}`
    : `  ${printable(tls.secretName)} terminates ${hosts}`;
}

/** Go sorts strings by bytes. */
function sorted(map: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...map].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [`${title}\t<none>`];
  return lines.map((line, index) => `${index === 0 ? title : ""}\t${printable(line)}`);
}

function annotationLines(annotations: ReadonlyMap<string, string>): readonly string[] {
  const lines = sorted(annotations)
    .filter(([key]) => key !== LAST_APPLIED)
    .flatMap(([key, raw]) => {
      const value = raw.replace(/\n$/, "");
      if (key.length + value.length + 2 <= LONGEST_ANNOTATION && !value.includes("\n")) {
        return [`${key}: ${value}`];
      }
      const longest = LONGEST_ANNOTATION - 2;
      const shortened = value
        .split("\n")
        .map((line) => (line.length > longest ? `${line.slice(0, longest)}...` : line));
      return [`${key}:`, ...shortened.map((line) => `  ${line}`)];
    });
  return titled("Annotations:", lines);
}

function ruleLines(ingress: Ingress, defaultBackend: string, context: DescribeContext): readonly string[] {
  const rows = ingress.spec.rules.flatMap((rule) =>
    rule.paths === undefined
      ? []
      : [
          `  ${rule.host === "" ? "*" : printable(rule.host)}\t`,
          ...rule.paths.map(
            (path) => `    \t${printable(path.path)} \t${backendText(path.backend, context)}`,
          ),
        ],
  );
  return rows.length > 0 ? rows : [`  *\t*\t${defaultBackend}`];
}

/** Problems in the form of events, with their place instead of their age. */
function eventLines(problems: readonly Problem[]): readonly string[] {
  const rows = problems.map(({ level, code, file, line, message }) => {
    const from = file === undefined ? "ingress-dev" : `${file}${line ? `:${line}` : ""}`;
    const type = level === "notice" ? "Normal" : "Warning";
    const text = printable(message.replaceAll(/\s+/g, " ").trim());
    return `  ${type}\t${code}\t${printable(from)}\t${text}`;
  });
  return ["Events:", ...columns(["  Type\tReason\tFrom\tMessage", "  ----\t------\t----\t-------", ...rows])];
}

/**
 * An Ingress exactly as `kubectl describe ingress` prints it, without a final line end. Events are the
 * Ingress's problems.
 *
 * Source: kubectl pkg/describe/describe.go (describeIngressV1, printAnnotationsMultiline,
 * printLabelsMultiline).
 */
export function describeIngress(ingress: Ingress, context: DescribeContext): readonly string[] {
  const { metadata, spec } = ingress;
  const defaultBackend =
    spec.defaultBackend === undefined ? "<default>" : backendText(spec.defaultBackend, context);
  const labels = sorted(metadata.labels).map(([key, value]) => `${key}=${value}`);
  return [
    ...columns([
      `Name:\t${printable(metadata.name)}`,
      ...titled("Labels:", labels),
      `Namespace:\t${printable(metadata.namespace)}`,
      `Address:\t${context.address}`,
      `Ingress Class:\t${printable(spec.ingressClassName ?? "<none>")}`,
      `Default backend:\t${defaultBackend}`,
      ...(spec.tls.length > 0 ? ["TLS:", ...spec.tls.map(tlsLine)] : []),
      "Rules:",
      "  Host\tPath\tBackends",
      "  ----\t----\t--------",
      ...ruleLines(ingress, defaultBackend, context),
      ...annotationLines(metadata.annotations),
      ...(context.problems.length > 0 ? [] : ["Events:\t<none>"]),
    ]),
    ...(context.problems.length > 0 ? eventLines(context.problems) : []),
  ];
}
