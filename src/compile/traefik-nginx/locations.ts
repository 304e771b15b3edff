import type { Ingress } from "../../model/resource.ts";
import { backendOf } from "../route.ts";
import { portKey } from "../shared/service-port.ts";
import type { NginxAnnotations } from "./annotations.ts";
import type { Canary } from "./canaries.ts";
import type { Location } from "./location.ts";
import { routerName } from "./location.ts";
import { aliasesOf, type SharedNames } from "./shared-names.ts";

/** The locations of an Ingress: its paths, and its default backend for each of its hosts. */
export function locationsOf(
  annotations: NginxAnnotations,
  shared: SharedNames,
  canaries: ReadonlyMap<string, Canary>,
): readonly Location[] {
  const { ingress } = annotations;
  const aliases = aliasesOf(annotations, shared);
  const { rules, defaultBackend } = ingress.spec;
  const { namespace, name } = ingress.metadata;
  const router = (rest: string) => routerName(`${namespace}-${name}-${rest}`);
  const ofPaths = rules.flatMap(({ host, paths = [] }, rule) =>
    paths.map((path, at): Location => {
      const backend = backendOf(ingress, path.backend);
      return {
        ...{ annotations, host, aliases, path, backend },
        isRegex: shared.regexHosts.has(host),
        canary: backend && canaries.get(portKey(backend)),
        router: router(`rule-${rule}-path-${at}`),
      };
    }),
  );
  if (defaultBackend === undefined) return ofPaths;
  const hosts = rules.length === 0 ? [""] : hostsOf(ingress);
  const ofHosts = hosts.map((host): Location => {
    const isRegex = rules.length > 0 && shared.regexHosts.has(host);
    const backend = backendOf(ingress, defaultBackend);
    return {
      annotations,
      host,
      aliases: host === "" ? [] : aliases,
      backend,
      isRegex,
      router: router("default-backend"),
    };
  });
  return [...ofPaths, ...ofHosts];
}

function hostsOf({ spec }: Ingress): readonly string[] {
  return [...new Set(spec.rules.map(({ host }) => host))];
}
