import type { RouteTable } from "../../../model/route.ts";
import { mainBackend } from "../../../model/route.ts";
import { servicePortOf } from "../../../service/port.ts";
import type { ServicesByName } from "../gateway-api/routes/rules.ts";

/** The Service that answers TLS of a host itself. */
export interface PassedTo {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** Hosts whose TLS goes on unopened (`ssl-passthrough`). Those whose port nobody knows by its number are left out. */
export function passedHosts(
  tables: readonly RouteTable[],
  services: ServicesByName,
): ReadonlyMap<string, PassedTo> {
  const found = new Map<string, PassedTo>();
  for (const { selection } of tables.flatMap(({ entryPoints }) => entryPoints)) {
    if (selection.kind === "list") continue;
    for (const [host, { name: own, tls }] of selection.hosts.exact) {
      const backend = tls?.passthrough && mainBackend(tls.passthrough);
      if (backend === undefined || own !== host) continue;
      const { namespace, service: name, port } = backend;
      const service = services.get(`${namespace}/${name}`);
      const known = service && servicePortOf(service, port)?.port;
      const number = known ?? ("number" in port ? port.number : undefined);
      if (number !== undefined) found.set(host, { namespace, name, port: number });
    }
  }
  return found;
}
