import type { Problem } from "../../../model/problem.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import { ingressName, problemOf } from "../../problem.ts";
import type { NginxAnnotations } from "../annotations.ts";

interface Surprise {
  readonly name: string;
  readonly holds: (annotations: NginxAnnotations) => boolean;
  /** A clause. */
  readonly what: string;
  readonly fix: string;
}

/** Annotations that Traefik reads, and that do less than they do in ingress-nginx. */
export const SURPRISES: readonly Surprise[] = [
  {
    name: "proxy-body-size",
    holds: (annotations) => annotations.text("proxy-request-buffering") !== "on",
    what: 'it counts only beside proxy-request-buffering "on": bodies of any size pass',
    fix: 'Add proxy-request-buffering: "on".',
  },
  {
    name: "custom-http-errors",
    holds: (annotations) => (annotations.text("default-backend") ?? "") === "",
    what: "it needs the annotation default-backend beside it, and does nothing",
    fix: "Add default-backend, the Service with the pages.",
  },
  {
    name: "auth-type",
    holds: ({ ingress }) => ingress.spec.defaultBackend !== undefined,
    what: "spec.defaultBackend is not protected by it: its requests need no password",
    fix: "Write the path / in place of spec.defaultBackend.",
  },
  {
    name: "rewrite-target",
    holds: leadsToBadRequests,
    what: "only what the path matches is replaced, so that // begins what is left: everything below the path is answered 400",
    fix: "Capture the rest: path /api(/|$)(.*) with pathType ImplementationSpecific, and rewrite-target /$2.",
  },
];

/** Traefik has no web application firewall: it logs an error, and lets requests pass. */
const NO_FIREWALL = ["enable-modsecurity", "enable-owasp-core-rules", "modsecurity-snippet"];

export function surprises(annotations: NginxAnnotations): readonly Problem[] {
  const { ingress } = annotations;
  const who = (name: string) => `Ingress ${ingressName(ingress)}: ${PREFIX}${name}`;
  const problems: Problem[] = [];
  for (const { name, holds, what, fix } of SURPRISES)
    if (annotations.has(name) && holds(annotations))
      problems.push(
        problemOf(ingress, {
          code: "annotation-surprising",
          level: "warning",
          field: annotations.fieldOf(name),
          message: `${who(name)}: ${what}`,
          fix,
        }),
      );
  for (const name of NO_FIREWALL)
    if (annotations.has(name))
      problems.push(
        problemOf(ingress, {
          code: "annotation-not-read",
          level: "warning",
          field: annotations.fieldOf(name),
          message: `${who(name)}: Traefik has no ModSecurity: it logs an error, and lets requests pass`,
          fix: "Remove it, or put a firewall before Traefik.",
        }),
      );
  return problems;
}

/** A target with a slash at its end, before the slash that follows a path without one. */
function leadsToBadRequests(annotations: NginxAnnotations): boolean {
  const target = (annotations.text("rewrite-target") ?? "").trim();
  return (
    target.endsWith("/") &&
    annotations.ingress.spec.rules.some(({ paths = [] }) =>
      paths.some(
        ({ path, pathType }) =>
          pathType !== "Exact" && /^(?:\/[A-Za-z0-9._-]+)+$/.test(path) && path !== target,
      ),
    )
  );
}
