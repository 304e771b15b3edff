import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";
import { isAtHost, isOf } from "./lost.ts";

/**
 * Paths of one text and two types at a host whose paths are all expressions: nginx takes them in the order of the
 * manifest, and the Exact one by its letters.
 */
export function twinChanges(
  { ingress }: IngressSource,
  sources: readonly IngressSource[],
  expressions: ReadonlySet<string>,
): readonly KnownChange[] {
  return ingress.spec.rules.flatMap(({ host, paths = [] }) => {
    if (!expressions.has(host)) return [];
    const all = sources
      .flatMap((source) => source.ingress.spec.rules)
      .filter((rule) => rule.host === host)
      .flatMap((rule) => rule.paths ?? []);
    return paths.flatMap(({ path, pathType, field }): readonly KnownChange[] => {
      const hasTwin = all.some((other) => other.path === path && other.pathType !== pathType);
      if (!hasTwin) return [];
      return [
        {
          ingress,
          field: `${field}.path`,
          message: `${path} is there with another type as well, and ingress-nginx takes both as expressions, in the order of the manifest`,
          fix: "Leave one of them out.",
          explains: (difference) => {
            const isHost = isAtHost(host, difference);
            const isBelow = plainTarget(difference.request.target).startsWith(path.toLowerCase());
            return isHost && isBelow ? { aspects: ["service", "path", "settings"] } : undefined;
          },
          when: "shown",
        },
      ];
    });
  });
}

/** Expressions of one length: nginx tries them by their text, and Envoy by the age of their objects. */
export function tieChanges(
  { ingress }: IngressSource,
  sources: readonly IngressSource[],
  expressions: ReadonlySet<string>,
): readonly KnownChange[] {
  return ingress.spec.rules.flatMap(({ host, paths = [] }) => {
    if (!expressions.has(host)) return [];
    const all = sources.flatMap((source) => source.ingress.spec.rules).filter((rule) => rule.host === host);
    const others = all.flatMap((rule) => (rule.paths ?? []).map(({ path }) => path));
    return paths.flatMap(({ path, field }): readonly KnownChange[] => {
      const tied = others.find((other) => other !== path && lengthOf(other) === lengthOf(path));
      if (tied === undefined) return [];
      return [
        {
          ingress,
          field: `${field}.path`,
          message: `it is an expression as long as ${tied}, and another of the two comes first now`,
          fix: "Write one that takes nothing of the other.",
          explains: (difference) =>
            isOf(ingress, difference) && difference.first.rule?.path === path
              ? { aspects: "answer" }
              : undefined,
          when: "shown",
        },
      ];
    });
  });
}

function lengthOf(path: string): number {
  return Buffer.byteLength(path);
}

/** Without escapes and doubled slashes. */
function plainTarget(target: string): string {
  const decoded = target.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return decoded.replace(/\/{2,}/g, "/").toLowerCase();
}
