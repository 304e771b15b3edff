import { closest } from "../../closest.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress, Service } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";
import { CONTOUR_PREFIX } from "./ingresses/policy.ts";

/** The annotations that Contour reads of each kind (internal/annotation/annotations.go), without the prefix. */
const KNOWN = {
  Ingress: [
    ...["ingress.class", "num-retries", "per-try-timeout", "request-timeout", "response-timeout", "retry-on"],
    ...["tls-cert-namespace", "tls-maximum-protocol-version", "tls-minimum-protocol-version"],
    "websocket-routes",
  ],
  Service: [
    ...["max-connections", "max-pending-requests", "max-requests", "max-retries", "per-host-max-connections"],
    ...["upstream-protocol.h2", "upstream-protocol.h2c", "upstream-protocol.tls"],
  ],
} as const;

/** Circuit breakers that make requests wait, and no more. */
const UNHONOURED: ReadonlySet<string> = new Set(["max-retries", "per-host-max-connections"]);

/** Annotations with Contour's prefix that it does not read there, and those that change its answers and not ours. */
export function annotationProblems(object: Ingress | Service): readonly Problem[] {
  const { kind, metadata } = object;
  const known: readonly string[] = KNOWN[kind];
  return [...metadata.annotations.keys()].flatMap((annotation): readonly Problem[] => {
    if (!annotation.startsWith(CONTOUR_PREFIX)) return [];
    const name = annotation.slice(CONTOUR_PREFIX.length);
    if (UNHONOURED.has(name) && kind === "Service") return [unhonoured(object, annotation)];
    return known.includes(name) ? [] : [unknown(object, annotation, closest(name, known))];
  });
}

function unknown(object: Ingress | Service, annotation: string, near: string | undefined): Problem {
  const { kind } = object;
  const isOfOther = KNOWN[kind === "Ingress" ? "Service" : "Ingress"].some(
    (name) => CONTOUR_PREFIX + name === annotation,
  );
  const where = isOfOther ? `: it belongs on ${kind === "Ingress" ? "a Service" : "an Ingress"}` : "";
  const meant = near === undefined ? "" : ` (${CONTOUR_PREFIX}${near}?)`;
  return problemOf(object, {
    ...{ code: "annotation-unknown", level: "warning", field: `metadata.annotations[${annotation}]` },
    message: `${kind} ${ingressName(object)}: Contour reads no ${annotation} of this kind${meant}${where}. Only its log says so.`,
    fix: "Correct the name, or remove it.",
  });
}

function unhonoured(object: Ingress | Service, annotation: string): Problem {
  return problemOf(object, {
    ...{ code: "annotation-not-honoured", level: "notice", field: `metadata.annotations[${annotation}]` },
    message: `${object.kind} ${ingressName(object)}: ${annotation} is not honoured: requests beyond it are sent all the same.`,
    fix: "Expect the cluster to act on it; ingress-dev does not.",
  });
}
