import type { Ingress } from "../../../model/resource.ts";
import { readSettings } from "../annotations/features.ts";
import { Annotations } from "../annotations.ts";
import type { IngressSettings } from "../settings.ts";
import type { World } from "../world.ts";

/** An Ingress without annotations under the ConfigMap's options, with the problems of these. */
export function readBare(world: World): { readonly read: Annotations; readonly settings: IngressSettings } {
  const { name, origin } = world.config;
  const [namespace = "", bare = ""] = name?.split("/") ?? [];
  const ingress: Ingress = {
    kind: "Ingress",
    apiVersion: "networking.k8s.io/v1",
    metadata: { namespace, name: bare, labels: new Map(), annotations: new Map() },
    origin: origin ?? { file: "", document: 1, line: 0, lineOf: () => 0 },
    spec: { rules: [], tls: [] },
  };
  const read = new Annotations(ingress, world, "defaults");
  return { read, settings: readSettings(read) };
}
