import type { Service, ServicePort } from "../model/resource.ts";
import type { Backend } from "../model/route.ts";

/**
 * The first port whose number, name or targetPort reads as the backend's port (ingress-nginx `controller.go`,
 * `serviceEndpoints`). `undefined`: the controller finds no endpoints.
 */
export function servicePortOf(service: Service, wanted: Backend["port"]): ServicePort | undefined {
  const text = portText(wanted);
  return service.ports.find(
    (port) => String(port.port) === text || String(port.targetPort) === text || port.name === text,
  );
}

/** `80` or `http`, as the Ingress writes it. */
export function portText(port: Backend["port"]): string {
  return "number" in port ? String(port.number) : port.name;
}

/** The ports of a Service in a sentence: `80 (http) and 9090 (metrics)`. */
export function portList(service: Service): string {
  const ports = service.ports.map(({ name, port }) => (name === "" ? String(port) : `${port} (${name})`));
  if (ports.length === 0) return "none";
  const last = ports.at(-1);
  return ports.length === 1 ? `only ${last}` : `${ports.slice(0, -1).join(", ")} and ${last}`;
}
