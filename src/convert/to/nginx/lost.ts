import { PREFIX } from "../../../compile/nginx-annotations/prefix.ts";
import type { Difference } from "../../../diff/difference.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { IngressSource } from "../sources.ts";
import type { ExplainedParts, Explains, KnownChange } from "../target.ts";

/** The annotations of an Ingress that ingress-nginx reads, without prefix. */
export function nginxAnnotationsOf({ ingress, nginx }: IngressSource): readonly string[] {
  if (nginx === undefined) return [];
  return [...ingress.metadata.annotations.keys()]
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length));
}

/** `metadata.annotations[nginx.ingress.kubernetes.io/…]` */
function annotationField(name: string): string {
  return `metadata.annotations[${PREFIX}${name}]`;
}

/** True for a request that an Ingress answered before. */
function isOf({ metadata }: Ingress, { first }: Difference): boolean {
  return first.ingress === `${metadata.namespace}/${metadata.name}`;
}

/** Explains the same parts of every request of an Ingress. */
function ofIngress(ingress: Ingress, explained: ExplainedParts): Explains {
  return (difference) => (isOf(ingress, difference) ? explained : undefined);
}

/** An annotation that nothing takes the place of. */
export function lostAnnotation({ ingress }: IngressSource, name: string): KnownChange {
  return {
    ingress,
    field: annotationField(name),
    message: "nothing takes its place",
    fix: "Decide whether it matters.",
    explains: ofIngress(ingress, { aspects: "all" }),
  };
}
