import { authServices, mirrorTargets } from "../../match/reached.ts";
import type { ObjectRef } from "../../model/problem.ts";
import type { CustomResource, Ingress, IngressBackend, Origin } from "../../model/resource.ts";
import type { StreamRoute } from "../../model/route/stream.ts";
import type { Backend } from "../../model/route.ts";
import type { OwnRoute } from "../controller.ts";
import { PREFIX } from "../nginx-annotations/prefix.ts";
import { ingressName } from "../problem.ts";
import { type Ask, query } from "../query.ts";
import { portKey, WRITTEN_PORT, type WrittenPort, writtenPort } from "../shared/service-port.ts";

/** A place that names a Service: an Ingress, one of its annotations, or a stream. */
export interface ServiceUse {
  readonly port: WrittenPort;
  /** `Ingress default/web`, `auth-url of Ingress default/web`. */
  readonly by: string;
  /** The fate of its requests while the Service has no endpoints. */
  readonly otherwise: string;
  readonly object: ObjectRef;
  readonly field: string;
  readonly origin: Pick<Origin, "file" | "lineOf">;
}

const UNAVAILABLE = "requests find no endpoint (503)";

/** Makes its words when they are asked for: most uses have no problem. */
class ObjectUse implements ServiceUse {
  readonly port: WrittenPort;
  readonly field: string;
  readonly otherwise: string;
  readonly #user: Ingress | CustomResource;
  readonly #by: string;

  constructor(
    user: Ingress | CustomResource,
    port: WrittenPort,
    field: string,
    otherwise = UNAVAILABLE,
    by = "",
  ) {
    this.port = port;
    this.field = field;
    this.otherwise = otherwise;
    this.#user = user;
    this.#by = by;
  }

  get by(): string {
    return this.#by || `${this.#user.kind} ${ingressName(this.#user)}`;
  }

  get object(): ObjectRef {
    const { kind, metadata } = this.#user;
    return { kind, namespace: metadata.namespace, name: metadata.name };
  }

  get origin(): Origin {
    return this.#user.origin;
  }
}

/** The Services that an Ingress names as backends. */
export const BACKEND_USES = query<Ingress, readonly ServiceUse[]>(
  "backends of an Ingress",
  (ingress, ask) => {
    const { defaultBackend, rules } = ingress.spec;
    const named = (written: IngressBackend | undefined, field: string): readonly ServiceUse[] => {
      const port = writtenPort(ingress, written, ask);
      return port === undefined ? [] : [new ObjectUse(ingress, port, field)];
    };
    return [
      ...named(defaultBackend, "spec.defaultBackend.service.name"),
      ...rules.flatMap(({ paths = [] }) =>
        paths.flatMap(({ backend, field }) => named(backend, `${field}.backend.service.name`)),
      ),
    ];
  },
);

/** The Services that the routes of a custom resource lead to. */
export const SHARE_USES = query<OwnRoute, readonly ServiceUse[]>(
  "shares of a route",
  ({ ingress, route: { action } }, ask) =>
    action.kind === "respond"
      ? []
      : action.shares.map(({ backend }) => new ObjectUse(ingress, portOfBackend(backend, ask), "spec")),
);

/** True for routes whose steps or action name a Service beside the backend. */
export function namesServices({ route: { action, steps } }: OwnRoute): boolean {
  if (action.kind === "forward" && action.standIn?.kind === "backend") return true;
  return authServices(steps).length > 0 || mirrorTargets(steps).length > 0;
}

/** The Services that annotations name beside the backends. All paths of an Ingress share them. */
export const ANNOTATION_USES = query<OwnRoute, readonly ServiceUse[]>(
  "annotations of a route",
  ({ ingress, route: { action, steps } }, ask) => {
    const uses: ServiceUse[] = [];
    const add = (annotation: string, backend: Backend, otherwise: string) => {
      const by = ingress.metadata.annotations.has(PREFIX + annotation)
        ? `${annotation} of Ingress ${ingressName(ingress)}`
        : `global-${annotation} of the controller's ConfigMap`;
      const field = `metadata.annotations[${PREFIX}${annotation}]`;
      uses.push(new ObjectUse(ingress, portOfBackend(backend, ask), field, otherwise, by));
    };
    const standIn = action.kind === "forward" ? action.standIn : undefined;
    if (standIn?.kind === "backend")
      add("default-backend", standIn.backend, "the controller's own default backend answers (404)");
    for (const backend of authServices(steps))
      if (backend !== "unknown") add("auth-url", backend, "every request is answered 500");
    for (const backend of mirrorTargets(steps))
      if (backend !== "unknown") add("mirror-target", backend, "no copy arrives");
    return uses;
  },
);

export const STREAM_USE = query<StreamRoute, ServiceUse>(
  "Service of a stream",
  ({ protocol, port, backend, origin }, ask) => {
    const { configMap = "", file } = origin;
    const [namespace = "", name = ""] = configMap.split("/");
    return {
      port: portOfBackend(backend ?? NOBODY, ask),
      by: `${protocol} port ${port} of ConfigMap ${configMap}`,
      otherwise: "the controller does not open the port",
      object: { kind: "ConfigMap", namespace, name },
      field: `data[${port}]`,
      origin: { file, lineOf: () => origin.line },
    };
  },
);

const NOBODY: Backend = { namespace: "", service: "", port: { number: 0 } };

function portOfBackend(backend: Backend, ask: Ask): WrittenPort {
  return ask.for(WRITTEN_PORT, portKey(backend));
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
