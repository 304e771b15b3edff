import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";
import { isAtHost } from "./lost.ts";

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

/** Without escapes and doubled slashes. */
function plainTarget(target: string): string {
  const decoded = target.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return decoded.replace(/\/{2,}/g, "/").toLowerCase();
}
