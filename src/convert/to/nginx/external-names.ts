import type { Snapshot } from "../../../model/snapshot.ts";
import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";
import { isOf } from "./lost.ts";

/** Services of type ExternalName, which many controllers take only when they are told to. `option`: how */
export function externalNameChanges(
  { ingress }: IngressSource,
  { services }: Snapshot,
  option: string,
): readonly KnownChange[] {
  const { namespace } = ingress.metadata;
  const outside = new Set(
    services
      .filter(({ type, metadata }) => type === "ExternalName" && metadata.namespace === namespace)
      .map(({ metadata }) => metadata.name),
  );
  return ingress.spec.rules.flatMap(({ paths = [] }) =>
    paths.flatMap(({ backend, field }): readonly KnownChange[] => {
      if (backend.kind !== "service" || !outside.has(backend.name)) return [];
      const start = `${namespace}/${backend.name}:`;
      return [
        {
          ingress,
          field: `${field}.backend.service.name`,
          message: `${backend.name} is an ExternalName, which is asked only with ${option}`,
          fix: "Set the option, or lead to pods.",
          explains: (difference) =>
            isOf(ingress, difference) && difference.first.behaviour.service?.startsWith(start) === true
              ? { aspects: "answer" }
              : undefined,
          when: "shown",
        },
      ];
    }),
  );
}
