import { type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import { oncePer } from "../../../once-per.ts";
import { portText } from "../../../service/port.ts";
import { Lost } from "../lost.ts";
import { serviceEntryName } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";
import { ownService, portOfItem } from "./own-service.ts";

/**
 * What counts of a Service port among several services: the options that are written last. They are kept by namespace, name and
 * port for all routes and TraefikServices; a route's only service has its own (pkg/provider/kubernetes/crd, buildServicesLB).
 */
export function sharedOptions(namespace: string, item: JsonObject, objects: TraefikObjects): JsonObject {
  const key = keyOf(namespace, item);
  if (lostAlone(namespace, item, objects)) return item;
  return (key === undefined ? undefined : lastWritten(objects).get(key)) ?? item;
}

function keyOf(namespace: string, item: JsonObject): string | undefined {
  const port = portOfItem(item);
  if (port === undefined || (jsonString(item.kind) ?? "Service") !== "Service") return undefined;
  return serviceEntryName(
    jsonString(item.namespace) || namespace,
    jsonString(item.name) ?? "",
    portText(port),
  );
}

/** True for what is never stored. Whether there is the transport shows later. */
function lostAlone(from: string, item: JsonObject, objects: TraefikObjects): boolean {
  const name = jsonString(item.name) ?? "";
  const namespace = jsonString(item.namespace) || from;
  const written = { item: { ...item, serversTransport: undefined }, name, from, named: undefined };
  return ownService(namespace, written, objects) instanceof Lost;
}

const lastWritten = oncePer((objects: TraefikObjects): ReadonlyMap<string, JsonObject> => {
  const { all } = objects;
  const found = new Map<string, JsonObject>();
  const note = (namespace: string, items: readonly JsonObject[]) => {
    for (const item of items) {
      const key = keyOf(namespace, item);
      // The first that is lost loses all of them.
      if (key !== undefined && lostAlone(namespace, item, objects)) return;
      if (key !== undefined) found.set(key, item);
    }
  };
  for (const { metadata, spec } of all("IngressRoute"))
    for (const route of jsonItems(spec.routes)) {
      const services = jsonItems(jsonFields(route).services).map(jsonFields);
      if (services.length > 1) note(metadata.namespace, services);
    }
  for (const { metadata, spec } of all("TraefikService")) note(metadata.namespace, membersOf(spec));
  return found;
});

function membersOf(spec: JsonObject): readonly JsonObject[] {
  const members: JsonObject[] = [];
  for (const kind of ["weighted", "highestRandomWeight"])
    for (const item of jsonItems(jsonFields(spec[kind]).services)) members.push(jsonFields(item));
  if (spec.mirroring !== undefined) {
    const main = jsonFields(spec.mirroring);
    members.push(main);
    for (const item of jsonItems(main.mirrors)) members.push(jsonFields(item));
  }
  const { service, fallback } = jsonFields(spec.failover);
  for (const each of [service, fallback]) if (each !== undefined) members.push(jsonFields(each));
  return members;
}
