import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";
import { annotationField, hostAskedOf, isOf, takesHost } from "./lost.ts";

/** A canary makes no server of its host, so that without another Ingress there its paths are those of all other hosts. */
export function loneCanaryChanges({ ingress, nginx }: IngressSource): readonly KnownChange[] {
  if (nginx?.settings.canary === undefined) return [];
  const hosts = ingress.spec.rules.map(({ host }) => host);
  return [
    {
      ingress,
      field: annotationField("canary"),
      message:
        "no other Ingress has its host, so ingress-nginx serves its paths to every host that no Ingress names; the new routes have its own hosts alone",
      fix: "Leave the annotation out, or add the Ingress that it is the canary of.",
      explains: (difference) => {
        const asked = hostAskedOf(difference);
        const isElsewhere = !hosts.some((host) => takesHost(host, asked));
        return isOf(ingress, difference) && isElsewhere ? { aspects: "answer" } : undefined;
      },
      when: "shown",
    },
  ];
}
