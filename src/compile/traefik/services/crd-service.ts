import { type JsonObject, jsonFields, jsonItems, jsonNumber, jsonString } from "../../../model/json.ts";
import type { Service, ServicePort } from "../../../model/resource.ts";
import type { Backend } from "../../../model/route.ts";
import { portList, portText } from "../../../service/port.ts";
import { balancingBy } from "../../server-cookie.ts";
import { PROVIDERS } from "../facts.ts";
import { Lost } from "../lost.ts";
import { serviceEntryName } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";
import { portIn } from "./ingress-service.ts";
import { internalService } from "./internal-services.ts";
import { writtenCookie } from "./sticky.ts";
import { type RouterTarget, TRANSPORT, weighted } from "./target.ts";
import { serviceTransport } from "./transport.ts";

/**
 * An item of `services`, or the service of an errors page (pkg/provider/kubernetes/crd/kubernetes_http.go). `named`: the
 * name of a route's only service. default: by the Service's port
 */
export function crdService(
  namespace: string,
  item: JsonObject,
  objects: TraefikObjects,
  path: readonly string[] = [],
  named?: string,
): RouterTarget | Lost {
  const name = jsonString(item.name) ?? "";
  const of = jsonString(item.namespace) || namespace;
  return (jsonString(item.kind) ?? "Service") === "TraefikService"
    ? traefikService({ name, namespace: of, from: namespace }, objects, path)
    : ownService(of, { item, name, from: namespace, named }, objects);
}

/** Several services share by weight; weights are 1 by default. */
export function sharedServices(
  namespace: string,
  items: readonly JsonObject[],
  objects: TraefikObjects,
  path: readonly string[] = [],
): RouterTarget | Lost {
  const parts: { readonly target: RouterTarget; readonly weight: number }[] = [];
  for (const item of items) {
    const target = crdService(namespace, item, objects, path);
    if (target instanceof Lost) return target;
    parts.push({ target, weight: jsonNumber(item.weight) ?? 1 });
  }
  return weighted(parts);
}

interface Written {
  readonly named: string | undefined;
  readonly item: JsonObject;
  readonly name: string;
  readonly from: string;
}

function ownService(
  namespace: string,
  { item, name, from, named }: Written,
  objects: TraefikObjects,
): RouterTarget | Lost {
  const full = `${namespace}/${name}`;
  if (name.includes("@")) return new Lost(`${name} names a provider`, "Use kind: TraefikService for it.");
  if (namespace !== from && !objects.flags.crossNamespace) return elsewhere("Service", full);
  const service = objects.service(namespace, name);
  if (service === undefined)
    return new Lost(`there is no Service ${full}`, "Add the Service, or correct its name.");
  const written = item.port;
  const port =
    typeof written === "number"
      ? { number: written }
      : typeof written === "string"
        ? { name: written }
        : undefined;
  if (port === undefined)
    return new Lost(`no port of Service ${full} is named`, "Write port: with a number or name.");
  const found =
    service === "elsewhere" ? { name: "", port: 0, targetPort: 0 } : portFor(service, port, objects);
  if (found instanceof Lost) return found;
  const isExternal = service !== "elsewhere" && service.type === "ExternalName";
  const wrong = wrongOption(item, isExternal);
  if (wrong !== undefined) return wrong;
  const transport = serviceTransport(
    {
      scheme: jsonString(item.scheme),
      port: found,
      serversTransport: jsonString(item.serversTransport),
    },
    (reference) =>
      reference.includes("@") ? undefined : objects.custom("ServersTransport", namespace, reference),
    objects,
  );
  if (transport instanceof Lost) return transport;
  if (transport === "unknown scheme")
    return new Lost(`it knows no scheme ${String(item.scheme)}`, "Write http, https or h2c.");
  const own = named ?? `${serviceEntryName(namespace, name, portText(port))}@${PROVIDERS.crd}`;
  const sticky = writtenCookie(item.sticky, own);
  const balancing = sticky && balancingBy(own, sticky);
  const backend: Backend = { namespace, service: name, port, ...(balancing && { balancing }) };
  const host = item.passHostHeader === false ? ("endpoint" as const) : undefined;
  return {
    kind: "leaves",
    leaves: [{ backend, weight: 1, transport: { ...TRANSPORT, ...transport, host }, steps: [] }],
  };
}

function portFor(service: Service, port: Backend["port"], { flags }: TraefikObjects): ServicePort | Lost {
  const { namespace, name } = service.metadata;
  const isExternal = service.type === "ExternalName";
  if (isExternal && !flags.externalNames.crd)
    return new Lost(
      `Service ${namespace}/${name} is an ExternalName, which Traefik takes only with --providers.kubernetescrd.allowexternalnameservices`,
      "Set that flag, or name another Service.",
    );
  const found = portIn(service, port);
  if (found !== undefined) return found;
  if (isExternal && "number" in port) return { name: "", port: port.number, targetPort: port.number };
  return new Lost(
    `Service ${namespace}/${name} lacks that port (it has ${portList(service)})`,
    "Name one of its ports.",
  );
}

const DURATION = /^(?:-?[\d.]+(?:ns|us|ms|s|m|h))?$/;

function wrongOption(item: JsonObject, isExternal: boolean): Lost | undefined {
  if (item.healthCheck !== undefined && !isExternal)
    return new Lost("it has a healthCheck, which only an ExternalName may have", "Remove the healthCheck.");
  const interval = jsonFields(item.responseForwarding).flushInterval;
  if (typeof interval === "string" && !DURATION.test(interval))
    return new Lost(`flushInterval ${interval} is no time`, "Write a time: 100ms.");
  return undefined;
}

function elsewhere(kind: string, name: string): Lost {
  return new Lost(
    `${kind} ${name} is in another namespace, which needs --providers.kubernetescrd.allowcrossnamespace`,
    "Name one of the same namespace, or set that flag.",
  );
}

interface Reference {
  readonly name: string;
  readonly namespace: string;
  /** The namespace of whoever names it. */
  readonly from: string;
}

/** Deeper services are refused here. */
const DEEPEST = 30;

function traefikService(
  { name, namespace, from }: Reference,
  objects: TraefikObjects,
  path: readonly string[],
): RouterTarget | Lost {
  const at = name.indexOf("@");
  const provider = at < 0 ? undefined : name.slice(at + 1);
  if (provider === PROVIDERS.internal || provider === PROVIDERS.ingress)
    return internalService(name.slice(0, at), provider, objects);
  if (provider === undefined && namespace !== from && !objects.flags.crossNamespace)
    return elsewhere("TraefikService", `${namespace}/${name}`);
  // A name with its provider is not held to the namespace.
  const found =
    provider === undefined
      ? objects.custom("TraefikService", namespace, name)
      : provider === PROVIDERS.crd
        ? objects.joined("TraefikService", name.slice(0, at))
        : undefined;
  if (found === undefined)
    return new Lost(`there is no TraefikService ${namespace}/${name}`, "Add it, or correct its name.");
  const own = `${found.metadata.namespace}/${found.metadata.name}`;
  if (path.includes(own) || path.length >= DEEPEST)
    return new Lost(`TraefikService ${own} contains itself`, "Take one of them out of the circle.");
  return parts(found.metadata.namespace, found.spec, objects, [...path, own]);
}

function parts(
  namespace: string,
  spec: JsonObject,
  objects: TraefikObjects,
  path: readonly string[],
): RouterTarget | Lost {
  for (const kind of ["weighted", "highestRandomWeight"]) {
    if (spec[kind] === undefined) continue;
    const items = jsonItems(jsonFields(spec[kind]).services).map(jsonFields);
    return sharedServices(namespace, items, objects, path);
  }
  if (spec.mirroring !== undefined) {
    const main = jsonFields(spec.mirroring);
    for (const mirror of jsonItems(main.mirrors)) {
      const target = crdService(namespace, jsonFields(mirror), objects, path);
      if (target instanceof Lost) return target;
    }
    return crdService(namespace, main, objects, path);
  }
  if (spec.failover !== undefined) {
    const { service, fallback } = jsonFields(spec.failover);
    const main = crdService(namespace, jsonFields(service), objects, path);
    const second = crdService(namespace, jsonFields(fallback), objects, path);
    return main instanceof Lost ? main : second instanceof Lost ? second : main;
  }
  return new Lost("the TraefikService has no kind", "Give it weighted, mirroring or another kind.");
}
