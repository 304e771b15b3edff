import type { Service, ServicePort } from "../model/resource.ts";
import type { Backend } from "../model/route.ts";
import { externalAddress } from "./external-name.ts";
import type { ServiceIndex } from "./index.ts";
import { portList, portText, servicePortOf } from "./port.ts";

export type Backing =
  | { readonly kind: "absent" }
  /** An ExternalName: an address outside of the cluster. */
  | { readonly kind: "address"; readonly service: Service; readonly host: string; readonly port: number }
  /** An ExternalName that is the DNS name of another Service. */
  | { readonly kind: "elsewhere"; readonly service: Service; readonly backend: Backend }
  /** The Service contradicts the backend: 503. */
  | {
      readonly kind: "none";
      readonly service: Service;
      readonly fault: "port" | "external-name";
      /** A clause about the Service. */
      readonly reason: string;
    }
  | { readonly kind: "port"; readonly service: Service; readonly port: ServicePort };

export function backingOf(backend: Backend, index: Pick<ServiceIndex, "service">): Backing {
  const service = index.service(backend.namespace, backend.service);
  if (service === undefined) return { kind: "absent" };
  if (service.type === "ExternalName") return externalBacking(service, backend);
  const port = servicePortOf(service, backend.port);
  if (port !== undefined) return { kind: "port", service, port };
  const reason = `it has no ${wantedPort(backend)} (it has ${portList(service)})`;
  return { kind: "none", service, fault: "port", reason };
}

function externalBacking(service: Service, { port }: Backend): Backing {
  const address = externalAddress(service, port);
  if (address.kind === "none") return { ...address, service, fault: "external-name" };
  if (address.kind === "dns") return { kind: "address", service, host: address.host, port: address.port };
  const { namespace, name } = address;
  const backend = { namespace, service: name, port: { number: address.port } };
  return { kind: "elsewhere", service, backend };
}

/** `port 80`, `port named "http"`. */
export function wantedPort({ port }: Pick<Backend, "port">): string {
  return "number" in port ? `port ${portText(port)}` : `port named "${port.name}"`;
}
