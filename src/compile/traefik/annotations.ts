import { flagBoolean, flagInteger } from "./flags.ts";
import { Lost } from "./lost.ts";

const PREFIX = "traefik.ingress.kubernetes.io/";

type Kind = "text" | "boolean" | "number";

export const ROUTER_ANNOTATIONS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["entrypoints", "text"],
  ["middlewares", "text"],
  ["priority", "number"],
  ["pathmatcher", "text"],
  ["rulesyntax", "text"],
  ["tls", "text"],
  ["tls.options", "text"],
  ["tls.certresolver", "text"],
  ["observability", "text"],
  ["observability.accesslogs", "boolean"],
  ["observability.tracing", "boolean"],
  ["observability.metrics", "boolean"],
  ["observability.traceverbosity", "text"],
]);
export const SERVICE_ANNOTATIONS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["serversscheme", "text"],
  ["serverstransport", "text"],
  ["passhostheader", "boolean"],
  ["middlewares", "text"],
  ["nativelb", "boolean"],
  ["nodeportlb", "boolean"],
  ["sticky", "text"],
  ["sticky.cookie", "text"],
  ["sticky.cookie.name", "text"],
  ["sticky.cookie.secure", "boolean"],
  ["sticky.cookie.httponly", "boolean"],
  ["sticky.cookie.samesite", "text"],
  ["sticky.cookie.maxage", "number"],
  ["sticky.cookie.path", "text"],
  ["sticky.cookie.domain", "text"],
  ["sticky.cookie.expires", "number"],
]);
const DOMAIN = /^tls\.domains\.\d+\.(?:main|sans)$/;

/** ReadAnnotations of one part by lower-case name, `tls.options`. */
export type ReadAnnotations = ReadonlyMap<string, string>;

/** An annotation that spoils its object. */
export class BadAnnotation extends Lost {
  readonly annotation: string;

  constructor(annotation: string, why: string) {
    super(why, "Correct the annotation: one that Traefik cannot read spoils the whole object.");
    this.annotation = annotation;
  }
}

/** Names count in any letter case; an unknown one or a bad value spoils all (pkg/provider/kubernetes/ingress/annotations.go). */
export function annotationsOf(
  annotations: ReadonlyMap<string, string>,
  part: "router" | "service",
): ReadAnnotations | BadAnnotation {
  const known = part === "router" ? ROUTER_ANNOTATIONS : SERVICE_ANNOTATIONS;
  const found = new Map<string, string>();
  for (const [name, value] of annotations) {
    if (!name.startsWith(PREFIX) || !name.slice(PREFIX.length).toLowerCase().startsWith(`${part}.`)) continue;
    const key = name.slice(PREFIX.length + part.length + 1).toLowerCase();
    const kind = known.get(key) ?? (part === "router" && DOMAIN.test(key) ? "text" : undefined);
    if (kind === undefined) return new BadAnnotation(name, `Traefik knows no annotation ${name}`);
    if (kind === "boolean" && flagBoolean(value) === undefined)
      return new BadAnnotation(name, `${JSON.stringify(value)} is neither true nor false`);
    if (kind === "number" && flagInteger(value) === undefined)
      return new BadAnnotation(name, `${JSON.stringify(value)} is no whole number`);
    found.set(key, value);
  }
  return found;
}
