import { PREFIX } from "../../../compile/nginx-annotations/prefix.ts";
import type { Difference } from "../../../diff/difference.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { IngressSource } from "../sources.ts";
import type { ComparedRequest, ExplainedParts, Explains, KnownChange } from "../target.ts";
import { FATES } from "./losses.ts";
import { otherNameOf } from "./other-names.ts";

/** The annotations of an Ingress that ingress-nginx reads, without prefix. */
export function nginxAnnotationsOf({ ingress, nginx }: IngressSource): readonly string[] {
  if (nginx === undefined) return [];
  return [...ingress.metadata.annotations.keys()]
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length));
}

/** `metadata.annotations[nginx.ingress.kubernetes.io/…]` */
export function annotationField(name: string): string {
  return `metadata.annotations[${PREFIX}${name}]`;
}

/** True for a request that an Ingress answered before. */
export function isOf({ metadata }: Ingress, { first }: Difference): boolean {
  return first.ingress === `${metadata.namespace}/${metadata.name}`;
}

/** The host of a request, without its port. */
export function hostAskedOf({ request }: Pick<Difference, "request">): string {
  const [, host = ""] = request.headers.find(([name]) => name.toLowerCase() === "host") ?? [];
  return host.replace(/:\d+$/, "").toLowerCase();
}

/** True for a host that a rule takes; a wildcard takes any depth. */
export function takesHost(host: string, asked: string): boolean {
  return host === asked || (host.startsWith("*.") && asked.endsWith(host.slice(1)));
}

/** True for a request to a host of a rule: by its name, by an alias of whichever Ingress, or where no rule has the name. */
export function isAtHost(host: string, difference: ComparedRequest): boolean {
  const own = difference.first.rule?.host;
  if (host === "") return own === undefined || own === "";
  if (own === host || difference.aliasOf === host) return true;
  return takesHost(host.toLowerCase(), hostAskedOf(difference));
}

/** True for a request to a host that an Ingress has a rule for. */
export function isAtHostOf({ spec }: Ingress, difference: ComparedRequest): boolean {
  return spec.rules.some(({ host }) => isAtHost(host, difference));
}

/** Explains the same parts of every request of an Ingress. */
export function ofIngress(ingress: Ingress, parts: ExplainedParts): Explains {
  return (difference) => (isOf(ingress, difference) ? parts : undefined);
}

/** Values that say what is so without the annotation. */
const SAYS_NOTHING = /^(?:false|f|0|off|)$/i;

/**
 * What nothing of a target takes the place of. `converted`: annotations that a target looks after itself, without prefix.
 */
export function lostAnnotations(
  source: IngressSource,
  converted: ReadonlySet<string>,
): readonly KnownChange[] {
  return nginxAnnotationsOf(source).flatMap((name) => {
    if (converted.has(name)) return [];
    const fate = FATES.get(name);
    const value = source.ingress.metadata.annotations.get(PREFIX + name) ?? "";
    if (fate === undefined || fate.kind === "harmless" || SAYS_NOTHING.test(value)) return [];
    return [lostAnnotation(source.ingress, name)];
  });
}

/** An annotation that nothing takes the place of. `why`: in place of the usual words */
export function lostAnnotation(ingress: Ingress, name: string, why?: string): KnownChange {
  const fate = FATES.get(name);
  if (fate?.kind !== "lost") throw new Error(`nothing is lost with ${name}`);
  const { message, fix, parts, codes = [] } = fate.loss;
  return {
    ingress,
    field: annotationField(name),
    message: why ?? message,
    fix,
    explains: (difference) => {
      const [reason] = difference.first.why;
      const isDecided = reason !== undefined && codes.includes(reason.code);
      // Some are decided before a path is looked for.
      const others = ingress.spec.rules.map(({ host }) => otherNameOf(host.toLowerCase()));
      const isHost = isAtHostOf(ingress, difference) || others.includes(hostAskedOf(difference));
      if (isDecided && isHost) return { aspects: "answer" };
      // An alias is a name of the host, whichever Ingress has the path.
      const isAlias = name === "server-alias" && difference.aliasOf !== undefined;
      if (isAlias && isAtHostOf(ingress, difference)) return parts;
      return isOf(ingress, difference) ? parts : undefined;
    },
  };
}
