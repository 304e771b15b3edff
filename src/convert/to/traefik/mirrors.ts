import { type MadeFields, plainMade } from "../made.ts";
import { mirrorOf, sayOfMirror } from "../nginx/mirrors.ts";
import { type TraefikParts, traefikObject } from "./parts.ts";

/** `mirror-target` of a Service of the namespace: a route names no copies itself, and a TraefikService does. */
export function mirrorFeature(parts: TraefikParts): void {
  const to = mirrorOf(parts);
  if (to === undefined || to.namespace !== parts.ingress.metadata.namespace) return;
  parts.mirror = to;
  sayOfMirror(parts, "copies have the Host of the request, and none are sent of paths with a canary");
}

/** What a route names in place of its Service. */
export function mirrored(main: MadeFields, parts: TraefikParts): MadeFields {
  const { mirror: to, ingress } = parts;
  if (to === undefined) return main;
  const own = `${plainMade(main.name)}-${plainMade(main.port)}`;
  const name = `${ingress.metadata.name}-${own}-mirror`;
  if (!parts.objects.some(({ metadata }) => metadata.name === name)) {
    const isBodiless = parts.nginx.settings.location.mirror?.body === "left-out";
    const mirroring: MadeFields = {
      ...main,
      mirrorBody: isBodiless ? parts.of("mirror-request-body", false) : undefined,
      mirrors: [parts.of("mirror-target", { name: to.name, port: to.port, percent: 100 })],
    };
    parts.objects.push(traefikObject("TraefikService", ingress, name, { mirroring }));
  }
  return { name, kind: "TraefikService" };
}
