import { authServices, mirrorTargets } from "../../match/reached.ts";
import type { Ingress, IngressBackend, Origin } from "../../model/resource.ts";
import type { Backend, Route, RouteTable } from "../../model/route.ts";
import { PREFIX } from "../ingress-nginx/prefix.ts";
import { ingressName } from "../problem.ts";
import { backendOf } from "../route.ts";

export interface ServiceUse {
  readonly backend: Backend;
  /** `Ingress default/web`, `auth-url of Ingress default/web`. */
  readonly by: string;
  /** The fate of its requests while the Service has no endpoints. */
  readonly otherwise: string;
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly field: string;
  readonly origin: Pick<Origin, "file" | "lineOf">;
}

const UNAVAILABLE = "requests find no endpoint (503)";

/** Every place that names a Service: served Ingresses, their annotations, and streams. */
export function serviceUses(
  ingresses: readonly Ingress[],
  table: Pick<RouteTable, "routes" | "streams">,
): readonly ServiceUse[] {
  return [...ingresses.flatMap(ofIngress), ...ofAnnotations(ingresses, table.routes), ...ofStreams(table)];
}

function ofIngress(ingress: Ingress): readonly ServiceUse[] {
  const { defaultBackend, rules } = ingress.spec;
  const named = (written: IngressBackend | undefined, field: string): readonly ServiceUse[] => {
    const backend = backendOf(ingress, written);
    if (backend === undefined) return [];
    return [namedBy(ingress, backend, { by: "", otherwise: UNAVAILABLE, field: `${field}.service.name` })];
  };
  return [
    ...named(defaultBackend, "spec.defaultBackend"),
    ...rules.flatMap(({ paths = [] }) =>
      paths.flatMap(({ backend, field }) => named(backend, `${field}.backend`)),
    ),
  ];
}

function namedBy(
  { metadata, origin }: Ingress,
  backend: Backend,
  { by, ...rest }: Pick<ServiceUse, "by" | "otherwise" | "field">,
): ServiceUse {
  const { namespace, name } = metadata;
  const object = { kind: "Ingress", namespace, name };
  return { backend, by: by || `Ingress ${namespace}/${name}`, object, origin, ...rest };
}

/** All paths of an Ingress share its annotations, so one route of each is enough. */
function* ofAnnotations(ingresses: readonly Ingress[], routes: readonly Route[]): Iterable<ServiceUse> {
  const byName = new Map(ingresses.map((ingress) => [ingressName(ingress), ingress]));
  for (const { ingress, action, steps } of routes) {
    const standIn = action.kind === "forward" ? action.standIn : undefined;
    if (standIn === undefined && steps.length === 0) continue;
    const name = `${ingress?.namespace}/${ingress?.name}`;
    const owner = byName.get(name);
    if (owner === undefined) continue;
    byName.delete(name);
    const named = (annotation: string, backend: Backend, otherwise: string) =>
      namedBy(owner, backend, {
        by: owner.metadata.annotations.has(PREFIX + annotation)
          ? `${annotation} of Ingress ${name}`
          : `global-${annotation} of the controller's ConfigMap`,
        otherwise,
        field: `metadata.annotations[${PREFIX}${annotation}]`,
      });
    if (standIn?.kind === "backend")
      yield named("default-backend", standIn.backend, "the controller's own default backend answers (404)");
    for (const backend of authServices(steps))
      if (backend !== "unknown") yield named("auth-url", backend, "every request is answered 500");
    for (const backend of mirrorTargets(steps))
      if (backend !== "unknown") yield named("mirror-target", backend, "no copy arrives");
  }
}

function ofStreams({ streams }: Pick<RouteTable, "streams">): readonly ServiceUse[] {
  return streams.map(({ protocol, port, backend, origin: { configMap, file, line } }) => {
    const [namespace = "", name = ""] = configMap.split("/");
    return {
      backend,
      by: `${protocol} port ${port} of ConfigMap ${configMap}`,
      otherwise: "the controller does not open the port",
      object: { kind: "ConfigMap", namespace, name },
      field: `data[${port}]`,
      origin: { file, lineOf: () => line },
    };
  });
}

/** `a, b and 3 more`. */
export function firstNames(names: readonly string[], most: number): string {
  const more = names.length - most;
  return names.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** The clause as the beginning of a sentence. */
export function capital(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}
