import { ofUrl } from "../match/reached.ts";
import type { Problem } from "../model/problem.ts";
import type { RouteTable } from "../model/route.ts";
import type { Resolver } from "../upstream/resolve.ts";
import { backendInWords } from "./print-explain.ts";

/**
 * A warning for each Ingress whose authentication service (`auth-url`) the echo service stands in for: it answers 200, so
 * that everybody comes in where production asks.
 */
export function openAuthentication(
  table: Pick<RouteTable, "routes">,
  resolver: Pick<Resolver, "describe">,
): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const { ingress, settings } of table.routes) {
    const { external } = settings.guards ?? {};
    const name = `${ingress?.namespace}/${ingress?.name}`;
    if (external === undefined || ingress === undefined || found.has(name)) continue;
    for (const backend of ofUrl(external.url)) {
      if (backend === "unknown" || !resolver.describe(backend).startsWith("echo/")) continue;
      const service = `${backend.namespace}/${backend.service}`;
      found.set(name, {
        code: "auth-open",
        level: "warning",
        object: { kind: "Ingress", namespace: ingress.namespace, name: ingress.name },
        message: `The echo service answers for the authentication service ${backendInWords(backend)} of Ingress ${name}, with 200: everybody comes in here.`,
        fix: `Run the service, and lead requests to it: --map ${service}=PORT`,
        file: ingress.file,
        line: ingress.line || undefined,
      });
    }
  }
  return [...found.values()];
}
