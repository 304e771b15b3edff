import type { IngressBackend, Service, ServicePort } from "../../../model/resource.ts";
import type { Backend } from "../../../model/route.ts";
import { portList, portText } from "../../../service/port.ts";
import { annotationsOf, type ReadAnnotations } from "../annotations.ts";
import { PROVIDERS } from "../facts.ts";
import { commaList, flagBoolean } from "../flags.ts";
import { Lost } from "../lost.ts";
import { chainOf } from "../middlewares.ts";
import { serviceEntryName } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";
import { podsBy, withoutAddress } from "./native.ts";
import { annotatedCookie } from "./sticky.ts";
import { type RouterTarget, TRANSPORT } from "./target.ts";
import { serviceTransport } from "./transport.ts";

const NO_ANNOTATIONS: ReadAnnotations = new Map();

/** The service of a path of an Ingress; a router is not made without one (pkg/provider/kubernetes/ingress, loadService). */
export function ingressService(
  namespace: string,
  backend: IngressBackend,
  objects: TraefikObjects,
): RouterTarget | Lost {
  if (backend.kind !== "service")
    return new Lost(
      `its backend is the ${backend.resourceKind} ${backend.name}`,
      "Name a Service as the backend.",
    );
  const name = `${namespace}/${backend.name}`;
  const service = objects.service(namespace, backend.name);
  if (service === undefined)
    return new Lost(`there is no Service ${name}`, "Add the Service, or correct its name.");
  const to: Backend = { namespace, service: backend.name, port: backend.port };
  if (service === "elsewhere")
    return leafTo(to, { name: "", port: 0, targetPort: 0 }, NO_ANNOTATIONS, objects);
  if (service.type === "ExternalName" && !objects.flags.externalNames.ingress)
    return new Lost(
      `Service ${name} is an ExternalName, which Traefik takes only with --providers.kubernetesingress.allowexternalnameservices`,
      "Set that flag, or name another Service.",
    );
  const port = portIn(service, backend.port);
  if (port === undefined)
    return new Lost(
      `Service ${name} has no port ${portText(backend.port)} (it has ${portList(service)})`,
      "Name one of its ports.",
    );
  const annotations = annotationsOf(service.metadata.annotations, "service");
  if (annotations instanceof Lost)
    return new Lost(`Service ${name} cannot be used: ${annotations.why}`, annotations.fix);
  if (
    service.clusterIP === "None" &&
    isOn(annotations.get("nativelb"), objects.flags.nativeByDefault.ingress)
  )
    return withoutAddress(name);
  return leafTo(to, port, annotations, objects, service.type);
}

function isOn(value: string | undefined, usual: boolean): boolean {
  return value === undefined ? usual : flagBoolean(value) === true;
}

export function portIn({ ports }: Service, wanted: Backend["port"]): ServicePort | undefined {
  return ports.find((port) =>
    "number" in wanted ? port.port === wanted.number : port.name !== "" && port.name === wanted.name,
  );
}

function leafTo(
  backend: Backend,
  port: ServicePort,
  annotations: ReadAnnotations,
  objects: TraefikObjects,
  type?: string,
): RouterTarget | Lost {
  const isNative =
    isOn(annotations.get("nativelb"), objects.flags.nativeByDefault.ingress) ||
    (type === "NodePort" && isOn(annotations.get("nodeportlb"), false));
  const transport = serviceTransport(
    { scheme: annotations.get("serversscheme"), port, serversTransport: annotations.get("serverstransport") },
    (reference) => {
      const [name = "", provider = ""] = reference.split("@");
      return provider === "kubernetescrd" ? objects.joined("ServersTransport", name) : undefined;
    },
    objects,
  );
  if (transport instanceof Lost) return transport.later();
  if (transport === "unknown scheme") return UNKNOWN_SCHEME;
  const chain = chainOf(
    commaList(annotations.get("middlewares")),
    PROVIDERS.ingress,
    objects,
    `${backend.namespace}/${backend.service}`,
  );
  if (chain instanceof Lost) return chain.later();
  const { namespace, service } = backend;
  const name = `${serviceEntryName(namespace, service, portText(backend.port))}@${PROVIDERS.ingress}`;
  const sticky = annotatedCookie(annotations, name);
  const balancing = podsBy(name, sticky, isNative);
  const isPassed = flagBoolean(annotations.get("passhostheader") ?? "true") !== false;
  const host = isPassed ? undefined : "endpoint";
  return {
    kind: "leaves",
    leaves: [
      {
        backend: balancing === undefined ? backend : { ...backend, balancing },
        weight: 1,
        transport: { ...TRANSPORT, ...transport, host },
        steps: chain.steps,
      },
    ],
  };
}

/** The proxy cannot be built for one request after the other. */
const UNKNOWN_SCHEME: RouterTarget = {
  kind: "answer",
  action: { kind: "respond", status: 500, why: [] },
  steps: [],
};
