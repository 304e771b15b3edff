import type { Problem } from "../../model/problem.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { Ingress, IngressBackend } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";

/** The specification lets a backend be any object of the namespace; what one answers is for its kind to say. */
export function resourceProblems(ingress: Ingress): readonly Problem[] {
  const paths = ingress.spec.rules.flatMap(({ paths = [] }) => paths);
  const backends = [
    ...paths.map(({ backend, field, path }) => ({
      backend,
      field: `${field}.backend`,
      of: `path "${path}"`,
    })),
    { backend: ingress.spec.defaultBackend, field: "spec.defaultBackend", of: "default backend" },
  ];
  return backends.flatMap(({ backend, field, of }) =>
    backend?.kind !== "resource"
      ? []
      : [
          problemOf(ingress, {
            code: "resource-backend",
            level: "warning",
            field,
            message: `Ingress ${ingressName(ingress)}: the ${of} leads to the ${backend.resourceKind} ${backend.name}, and only Services can be asked here: its requests are answered with 404`,
            fix: "Name a Service as the backend.",
          }),
        ],
  );
}

/** The reason for a 404 with such a backend. */
export function noService(backend: IngressBackend | undefined): readonly Reason[] {
  if (backend?.kind !== "resource") return [];
  const text = `its backend is the ${backend.resourceKind} ${backend.name}, and only Services can be asked here: 404`;
  return [reason("controller-default-backend", text)];
}
