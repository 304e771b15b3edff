import { type JsonObject, jsonFields, jsonString } from "../../../model/json.ts";
import type { Service, ServicePort } from "../../../model/resource.ts";
import type { Backend } from "../../../model/route.ts";
import { portList, portText } from "../../../service/port.ts";
import { PROVIDERS } from "../facts.ts";
import { Lost } from "../lost.ts";
import { serviceEntryName } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";
import { portIn } from "./ingress-service.ts";
import { podsBy, withoutAddress } from "./native.ts";
import { writtenCookie } from "./sticky.ts";
import { type RouterTarget, TRANSPORT } from "./target.ts";
import { serviceTransport } from "./transport.ts";

interface Written {
  /** The name of a route's only service. default: by the Service's port */
  readonly named: string | undefined;
  readonly item: JsonObject;
  readonly name: string;
  /** The namespace of whoever names it. */
  readonly from: string;
}

/** A Service port of an item of `services`. */
export function ownService(
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
  const port = portOfItem(item);
  if (port === undefined)
    return new Lost(`no port of Service ${full} is named`, "Write port: with a number or name.");
  const found =
    service === "elsewhere" ? { name: "", port: 0, targetPort: 0 } : portFor(service, port, objects);
  if (found instanceof Lost) return found;
  const wrong = wrongOption(item, service !== "elsewhere" && service.type === "ExternalName");
  if (wrong !== undefined) return wrong;
  const isNative = item.nativeLB === undefined ? objects.flags.nativeByDefault.crd : item.nativeLB === true;
  if (isNative && service !== "elsewhere" && service.clusterIP === "None") return withoutAddress(full);
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
  const isNodePort = item.nodePortLB === true && service !== "elsewhere" && service.type === "NodePort";
  const balancing = podsBy(own, writtenCookie(item.sticky, own), isNative || isNodePort);
  const backend: Backend = { namespace, service: name, port, ...(balancing && { balancing }) };
  const host = item.passHostHeader === false ? ("endpoint" as const) : undefined;
  return {
    kind: "leaves",
    leaves: [{ backend, weight: 1, transport: { ...TRANSPORT, ...transport, host }, steps: [] }],
  };
}

export function portOfItem({ port }: JsonObject): Backend["port"] | undefined {
  if (typeof port === "number") return { number: port };
  return typeof port === "string" ? { name: port } : undefined;
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

export function elsewhere(kind: string, name: string): Lost {
  return new Lost(
    `${kind} ${name} is in another namespace, which needs --providers.kubernetescrd.allowcrossnamespace`,
    "Name one of the same namespace, or set that flag.",
  );
}
