import type { Ingress } from "../../../model/resource.ts";
import type { IngressSource } from "../sources.ts";

/** Hosts with a path that takes all others: nobody's default backend is asked there. */
export function hostsWithRoot(sources: readonly IngressSource[]): ReadonlySet<string> {
  const rules = sources.flatMap(({ ingress }) => ingress.spec.rules);
  const whole = rules.filter(({ paths = [] }) =>
    paths.some(({ path, pathType }) => (path === "/" || path === "") && pathType !== "Exact"),
  );
  return new Set(whole.map(({ host }) => host));
}

/** The oldest Ingress of each host that is no canary: the host's default backend is its, or it has none. */
export function firstOfHosts(sources: readonly IngressSource[]): ReadonlyMap<string, Ingress> {
  const found = new Map<string, Ingress>();
  for (const { ingress, nginx } of sources)
    for (const { host } of ingress.spec.rules)
      if (nginx?.settings.canary === undefined && !found.has(host)) found.set(host, ingress);
  return found;
}
