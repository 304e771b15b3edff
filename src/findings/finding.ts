import type { Code } from "../errors.ts";
import type { Problem, ProblemLevel } from "../model/problem.ts";
import type { Route } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { type Examined, witnessUrl } from "./probe.ts";

/** A problem of a route, with a request that shows it. */
export function findingOf(
  { placeOf }: Pick<Examined, "placeOf">,
  route: Pick<Route, "ingress" | "rule">,
  {
    code,
    level,
    message,
    fix,
    witness,
  }: {
    readonly code: Code;
    readonly level: ProblemLevel;
    readonly message: string;
    readonly fix: string;
    readonly witness: SampleRequest;
  },
): Problem {
  const { ingress } = route;
  const place = placeOf?.(route);
  const url = witnessUrl(witness);
  const example = message.includes(url) ? "" : ` (for example ${url})`;
  return {
    ...{ code, level, fix, message: message + example },
    object: ingress && { kind: "Ingress", namespace: ingress.namespace, name: ingress.name },
    field: place?.field,
    file: ingress?.file,
    line: place?.line ?? (ingress?.line || undefined),
    witness: url,
  };
}

/** `path /api (Prefix)`; the Ingress is named beside the message. */
export function pathInWords({ rule }: Route): string {
  return `path ${rule?.path ?? "/"} (${rule?.pathType ?? "default backend"})`;
}

/** The rule of another Ingress has its name: `path /api of Ingress default/web`. */
export function otherPathInWords(other: Route, { ingress }: Route): string {
  const words = pathInWords(other);
  const isSame = other.ingress?.name === ingress?.name && other.ingress?.namespace === ingress?.namespace;
  return isSame ? words : `${words} of Ingress ${other.ingress?.namespace}/${other.ingress?.name}`;
}
