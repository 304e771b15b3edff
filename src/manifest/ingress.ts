import type { Ingress, IngressBackend } from "../model/resource.ts";
import { goQuote } from "../request/go-text.ts";
import { child, itemsAt, stringAt, type YamlNode } from "../yaml/node.ts";
import { checkBackend, readBackend, readOldBackend } from "./ingress/backend.ts";
import { type Dialect, readIngressTls, readRules } from "./ingress/ingress-rules.ts";
import { reportConversion } from "./ingress/old-versions.ts";
import { checkMetadata } from "./metadata.ts";
import { dns1123Subdomain } from "./names.ts";
import { add, metadataOf, type Report } from "./report.ts";

/**
 * Builds an Ingress from a decoded object with the API server's checks on create (kubernetes
 * `pkg/apis/networking/validation`). `undefined`: the object is not served.
 */
export function buildIngress(report: Report, apiVersion: string): Ingress | undefined {
  const { node } = report.at;
  const old = apiVersion !== "networking.k8s.io/v1";
  const dialect: Dialect = old
    ? { readBackend: readOldBackend, pathType: "ImplementationSpecific" }
    : { readBackend, pathType: undefined };
  const metadata = metadataOf(report.at, "Ingress");
  const spec = child(node, "spec");
  const named = checkMetadata(report, metadata, dns1123Subdomain);
  const filled = checkFilled(report, spec, old ? "backend" : "defaultBackend");
  const fallback = readDefaultBackend(report, spec, dialect, old ? "backend" : "defaultBackend");
  const rules = readRules(report, spec, dialect);
  const tls = readIngressTls(report, spec);
  const ingressClassName = stringAt(spec, "ingressClassName");
  const classed = checkClass(
    report,
    ingressClassName,
    metadata.annotations.get("kubernetes.io/ingress.class"),
  );
  if (!named || !filled || !classed || fallback === "refused") return undefined;
  if (old) reportConversion(report, apiVersion, spec);
  return {
    kind: "Ingress",
    apiVersion,
    metadata,
    origin: report.at.origin,
    spec: {
      rules,
      tls,
      ...(ingressClassName === undefined ? {} : { ingressClassName }),
      ...(fallback === undefined ? {} : { defaultBackend: fallback }),
    },
  };
}

function checkFilled(report: Report, spec: YamlNode | undefined, backend: string): boolean {
  if (itemsAt(spec, "rules").length > 0 || child(spec, backend) !== undefined) return true;
  const value = child(spec, "rules") === undefined ? "null" : "[]";
  const message = `spec: Invalid value: ${value}: either \`${backend}\` or \`rules\` must be specified`;
  add(report, { code: "empty-spec", level: "error", field: "spec", message, effect: "object" });
  return false;
}

function readDefaultBackend(
  report: Report,
  spec: YamlNode | undefined,
  dialect: Dialect,
  key: string,
): IngressBackend | "refused" | undefined {
  const node = child(spec, key);
  if (node === undefined) return undefined;
  return checkBackend(report, dialect.readBackend(node), `spec.${key}`, "object") ?? "refused";
}

/** Checks the class name, and that name and annotation do not both exist. */
function checkClass(report: Report, name: string | undefined, annotation: string | undefined): boolean {
  // Updates may make them differ; the API server checks only creation.
  if (name === undefined || report.admission === "passed") return true;
  const before = report.problems.length;
  const refuse = (field: string, value: string, message: string) =>
    add(report, {
      code: "invalid-class",
      level: "error",
      field,
      message: `${field}: Invalid value: ${goQuote(value)}: ${message}`,
      effect: "object",
    });
  for (const fault of dns1123Subdomain(name)) refuse("spec.ingressClassName", name, fault);
  if (annotation !== undefined && annotation !== name) {
    const field = "annotations.kubernetes.io/ingress.class";
    refuse(field, annotation, "must match `ingressClassName` when both are specified");
  }
  return report.problems.length === before;
}
