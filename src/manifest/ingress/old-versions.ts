import { child, numberAt, stringAt, type YamlNode } from "../../yaml/node.ts";
import { add, indexed, type Report } from "../report.ts";

/**
 * Reports how to write this Ingress in `networking.k8s.io/v1`, by the old fields it uses. source:
 * https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122
 */
export function reportConversion(report: Report, apiVersion: string, spec: YamlNode | undefined): void {
  if (report.admission === "passed") return;
  const changes = [`apiVersion: networking.k8s.io/v1`];
  const paths = indexed(spec, "rules", "spec").flatMap(([rule, at]) =>
    indexed(child(rule, "http"), "paths", `${at}.http`).map(([path]) => path),
  );
  const fallback = child(spec, "backend");
  if (fallback !== undefined) changes.push("spec.backend becomes spec.defaultBackend");
  const backends = [fallback, ...paths.map((path) => child(path, "backend"))];
  const port = (test: (backend: YamlNode | undefined) => boolean) => backends.some(test);
  if (port((backend) => stringAt(backend, "serviceName") !== undefined)) {
    changes.push("serviceName: NAME becomes service: {name: NAME}");
  }
  if (port((backend) => numberAt(backend, "servicePort") !== undefined)) {
    changes.push("servicePort: NUMBER becomes service: {port: {number: NUMBER}}");
  }
  if (port((backend) => stringAt(backend, "servicePort") !== undefined)) {
    changes.push("servicePort: NAME becomes service: {port: {name: NAME}}");
  }
  if (paths.some((path) => stringAt(path, "pathType") === undefined)) {
    changes.push("pathType: ImplementationSpecific is added");
  }
  add(report, {
    code: "old-api-version",
    level: "warning",
    field: "apiVersion",
    message: `${apiVersion} is no longer served since Kubernetes 1.22; this Ingress is served in its converted form: ${changes.join("; ")}`,
    effect: "none",
  });
}
