import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";
import { hostAskedOf, takesHost } from "./lost.ts";

/** Paths that are taken by their letters, beside others of their host that take the same requests. */
export function letterChanges({ ingress }: IngressSource): readonly KnownChange[] {
  return ingress.spec.rules.flatMap(({ host, paths = [] }) =>
    paths.flatMap(({ path, pathType, field }): readonly KnownChange[] => {
      if (pathType !== "ImplementationSpecific") return [];
      return [
        {
          ingress,
          field: `${field}.path`,
          message: `what only begins with ${path === "" ? "/" : path} may go to another path of the host`,
          fix: "Write pathType: Prefix.",
          explains: (difference) => {
            const { first, second, request } = difference;
            const isHost = takesHost(host, hostAskedOf(difference));
            const isForward = first.behaviour.kind === "forward" && second.behaviour.kind === "forward";
            const isTaken = isHost && isForward && request.target.startsWith(path);
            return isTaken ? { aspects: ["service", "path", "settings"] } : undefined;
          },
          when: "shown",
        },
      ];
    }),
  );
}
