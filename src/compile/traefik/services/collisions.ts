import type { IngressBackend } from "../../../model/resource.ts";
import { oncePer } from "../../../once-per.ts";
import { portText } from "../../../service/port.ts";
import { serviceEntryName } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";

/** A backend of an Ingress with its namespace. */
interface Named {
  readonly namespace: string;
  readonly backend: IngressBackend & { readonly kind: "service" };
}

/** Other Services whose entries have the same name in Traefik: one of them serves for all, and which is drawn. */
export function collidingServices(
  namespace: string,
  backend: IngressBackend,
  objects: TraefikObjects,
): readonly Named[] {
  if (backend.kind !== "service") return [];
  const entry = entriesOf(objects).get(serviceEntryName(namespace, backend.name, portText(backend.port)));
  if (entry === undefined || entry.size < 2) return [];
  return [...entry.values()].filter((each) => serviceOf(each) !== serviceOf({ namespace, backend }));
}

export function serviceOf({ namespace, backend }: Named): string {
  return `${namespace}/${backend.name}`;
}

const entriesOf = oncePer(
  ({ ingresses }: TraefikObjects): ReadonlyMap<string, ReadonlyMap<string, Named>> => {
    const found = new Map<string, Map<string, Named>>();
    for (const { metadata, spec } of ingresses)
      for (const { backend } of spec.rules.flatMap(({ paths = [] }) => paths)) {
        if (backend.kind !== "service") continue;
        const { namespace } = metadata;
        const name = serviceEntryName(namespace, backend.name, portText(backend.port));
        const entry = found.get(name) ?? new Map<string, Named>();
        const named: Named = { namespace, backend };
        if (!entry.has(serviceOf(named))) entry.set(serviceOf(named), named);
        found.set(name, entry);
      }
    return found;
  },
);
