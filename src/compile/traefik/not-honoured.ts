import type { Problem } from "../../model/problem.ts";
import type { CustomResource } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";
import { insteadOfZstdFirst } from "./middlewares/compress.ts";
import type { TraefikObjects } from "./objects.ts";
import { isOfClass } from "./routers/ingress-route-routers.ts";

/** Kinds whose connections no entry point carries here. */
const CONNECTIONS = ["IngressRouteTCP", "IngressRouteUDP"] as const;

/** Fields of objects that Traefik follows and ingress-dev does not. */
export function traefikNotHonoured(objects: TraefikObjects): readonly Problem[] {
  const routes = CONNECTIONS.flatMap((kind) =>
    objects
      .all(kind)
      .filter((each) => isOfClass(each, objects))
      .map((each) => problem(each, "spec.routes", "connections of it are not routed")),
  );
  const compressing = objects.all("Middleware").flatMap((each) => {
    const here = insteadOfZstdFirst(each.spec.compress);
    return here === undefined ? [] : [problem(each, "spec.compress.encodings", here)];
  });
  return [...routes, ...compressing];
}

function problem(of: CustomResource, field: string, here: string): Problem {
  return problemOf(of, {
    ...{ code: "field-not-honoured", level: "notice", field },
    message: `${of.kind} ${ingressName(of)}: ${field} is not honoured: ${here}.`,
    fix: "Expect the cluster to act on the field; ingress-dev does not.",
  });
}
