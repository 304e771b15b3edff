import { jsonFields } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { CustomResource } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";
import type { TraefikObjects } from "./objects.ts";
import { isOfClass } from "./routers/ingress-route-routers.ts";

/** Kinds whose connections no entry point carries here. */
const CONNECTIONS = ["IngressRouteTCP", "IngressRouteUDP"] as const;

/** Fields of a TraefikService that act in the cluster alone, by how requests go here. */
const OF_SERVICES = [
  ["weighted", "sticky", "clients are not kept at the Service that they met"],
  ["mirroring", "mirrors", "no copies are sent"],
  ["failover", "fallback", "the fallback is never asked"],
] as const;

/** What objects say, Traefik does, and ingress-dev does not. */
export function traefikNotHonoured(objects: TraefikObjects): readonly Problem[] {
  const ofConnections = CONNECTIONS.flatMap((kind) =>
    objects
      .all(kind)
      .filter((each) => isOfClass(each, objects))
      .map((each) => problem(each, "spec.routes", "connections of it are not routed")),
  );
  const ofServices = objects
    .all("TraefikService")
    .flatMap((each) =>
      OF_SERVICES.filter(([kind, field]) => jsonFields(each.spec[kind])[field] !== undefined).map(
        ([kind, field, here]) => problem(each, `spec.${kind}.${field}`, here),
      ),
    );
  return [...ofConnections, ...ofServices];
}

function problem(of: CustomResource, field: string, here: string): Problem {
  return problemOf(of, {
    ...{ code: "field-not-honoured", level: "notice", field },
    message: `${of.kind} ${ingressName(of)}: ${field} is not honoured: ${here}.`,
    fix: "Expect the cluster to act on the field; ingress-dev does not.",
  });
}
