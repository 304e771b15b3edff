import type { IngressBackend } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { MadeObject } from "./made.ts";
import type { IngressSource } from "./sources.ts";
import { yamlOf } from "./write-yaml.ts";

/**
 * Services that Ingresses name and the manifests lack, as a text. Both sides are compared as if they were there: whether
 * they are is no matter of the conversion.
 */
export function standInServices(sources: readonly IngressSource[], { services }: Snapshot): string {
  const known = new Set(services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const ports = new Map<string, Set<number | string>>();
  for (const { ingress } of sources) {
    const { rules, defaultBackend } = ingress.spec;
    const { namespace } = ingress.metadata;
    const paths = rules.flatMap((rule) => (rule.paths ?? []).map(({ backend }) => backend));
    for (const backend of [...paths, defaultBackend])
      if (backend?.kind === "service" && !known.has(`${namespace}/${backend.name}`))
        portsOf(ports, namespace, backend).add(
          "number" in backend.port ? backend.port.number : backend.port.name,
        );
  }
  return [...ports].map(([name, own]) => yamlOf(serviceOf(name, own), () => undefined)).join("---\n");
}

function portsOf(
  all: Map<string, Set<number | string>>,
  namespace: string,
  { name }: Extract<IngressBackend, { kind: "service" }>,
): Set<number | string> {
  const key = `${namespace}/${name}`;
  const found = all.get(key) ?? new Set();
  all.set(key, found);
  return found;
}

function serviceOf(key: string, ports: ReadonlySet<number | string>): MadeObject {
  const [namespace = "", name = ""] = key.split("/");
  let free = FIRST_FREE;
  const numbered = [...ports].map((port) => {
    if (typeof port === "number") return { name: `port-${port}`, port };
    while (ports.has(free)) free++;
    return { name: port, port: free++ };
  });
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: { ports: numbered } };
}

/** Of ports that are named alone: any number will do. */
const FIRST_FREE = 8_000;
