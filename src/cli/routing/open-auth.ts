import { authServices } from "../../match/reached.ts";
import type { Problem } from "../../model/problem.ts";
import type { IngressRef, RouteTable } from "../../model/route.ts";
import type { Steps } from "../../steps.ts";
import type { Resolver } from "../../upstream/resolve.ts";
import { backendInWords } from "../explain/route-in-words.ts";

/**
 * A warning for each authentication service (`auth-url`) that the echo service replaces: it answers 200, so
 * everybody enters where production would ask.
 */
export function* openAuthentication(
  table: Pick<RouteTable, "routes">,
  resolver: Pick<Resolver, "describe">,
): Steps<readonly Problem[]> {
  const asking = new Map<string, Map<string, IngressRef>>();
  for (const route of table.routes) {
    yield;
    for (const backend of authServices(route.steps)) {
      const { ingress } = route;
      if (ingress === undefined || backend === "unknown") continue;
      if (!resolver.describe(backend).startsWith("echo/")) continue;
      const key = backendInWords(backend);
      const ingresses = asking.get(key) ?? new Map<string, IngressRef>();
      asking.set(key, ingresses);
      if (!ingresses.has(nameOf(ingress))) ingresses.set(nameOf(ingress), ingress);
    }
  }
  return [...asking].flatMap(([service, ingresses]) => {
    const [first] = ingresses.values();
    return first === undefined ? [] : [problemOf(service, first, ingresses.size - 1)];
  });
}

function nameOf({ namespace, name }: IngressRef): string {
  return `${namespace}/${name}`;
}

function problemOf(service: string, ingress: IngressRef, more: number): Problem {
  const whose = `Ingress ${nameOf(ingress)}${more === 0 ? "" : ` and ${more} more`}`;
  return {
    code: "auth-open",
    level: "warning",
    object: { kind: "Ingress", namespace: ingress.namespace, name: ingress.name },
    message: `The echo service answers for the authentication service ${service} of ${whose}, with 200: everybody comes in here.`,
    fix: `Run the service, and lead requests to it: --map ${service.replace(/:[^:]*$/, "")}=PORT`,
    file: ingress.file,
    line: ingress.line || undefined,
  };
}
