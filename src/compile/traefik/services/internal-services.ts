import type { IngressBackend } from "../../../model/resource.ts";
import { oncePer } from "../../../once-per.ts";
import type { Step } from "../../../step/step.ts";
import type { PROVIDERS } from "../facts.ts";
import { Lost } from "../lost.ts";
import { serviceEntryName } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";
import { ingressService } from "./ingress-service.ts";
import type { RouterTarget } from "./target.ts";

/** Services of Traefik itself (api, ping …), or of an Ingress by its joined name. */
export function internalService(
  name: string,
  provider: typeof PROVIDERS.internal | typeof PROVIDERS.ingress,
  objects: TraefikObjects,
): RouterTarget | Lost {
  if (provider === "internal")
    return (
      INTERNAL.get(name) ??
      new Lost(`there is no service ${name}@internal`, "Use api, dashboard, ping or noop.")
    );
  const backend = byName(objects).get(name);
  if (backend === undefined)
    return new Lost(`no Ingress uses the service ${name}@kubernetes`, "Correct the name.");
  return ingressService(backend.namespace, backend.backend, objects);
}

const byName = oncePer(
  ({
    ingresses,
  }: TraefikObjects): ReadonlyMap<
    string,
    { readonly namespace: string; readonly backend: IngressBackend }
  > => {
    const found = new Map<string, { readonly namespace: string; readonly backend: IngressBackend }>();
    for (const { metadata, spec } of ingresses)
      for (const { backend } of spec.rules.flatMap(({ paths = [] }) => paths)) {
        if (backend.kind !== "service") continue;
        const port = "number" in backend.port ? backend.port.number : backend.port.name;
        found.set(serviceEntryName(metadata.namespace, backend.name, port), {
          namespace: metadata.namespace,
          backend,
        });
      }
    return found;
  },
);

function answering(status: number, text: string, steps: readonly Step[] = []): RouterTarget {
  return { kind: "answer", action: { kind: "respond", status, text, why: [] }, steps };
}

/** pkg/api/dashboard, pkg/ping */
const INTERNAL: ReadonlyMap<string, RouterTarget> = new Map([
  ["api", answering(200, "", [{ kind: "dashboard" }])],
  ["dashboard", answering(404, "404 page not found\n")],
  ["ping", answering(200, "OK")],
  ["noop", answering(418, "I'm a teapot\n")],
]);
