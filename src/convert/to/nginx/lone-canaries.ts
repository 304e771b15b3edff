import type { Ingress } from "../../../model/resource.ts";
import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";
import { annotationField, hostAskedOf, isOf, takesHost } from "./lost.ts";

/** A canary makes no server of its host, so that without another Ingress there its paths are those of all other hosts. */
export function loneCanaryChanges({ ingress, nginx }: IngressSource): readonly KnownChange[] {
  if (nginx?.settings.canary === undefined) return [];
  const hosts = ingress.spec.rules.map(({ host }) => host);
  const services = servicesOf(ingress);
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
    {
      ingress,
      field: annotationField("canary"),
      message:
        "ingress-nginx asks its Services beside paths of other Ingresses as well, which have no canary now",
      fix: "Decide whether it matters.",
      explains: ({ first, second, aspects }) => {
        const { canary = "none" } = first.behaviour;
        const isOwn = services.some((service) => canary.includes(` to ${service}:`));
        const isGone = aspects.includes("canary") && second.behaviour.canary === "none";
        return isOwn && isGone ? { aspects: "answer" } : undefined;
      },
      when: "shown",
    },
  ];
}

function servicesOf({ metadata, spec }: Ingress): readonly string[] {
  const paths = spec.rules.flatMap((rule) => (rule.paths ?? []).map(({ backend }) => backend));
  return [...paths, spec.defaultBackend].flatMap((backend) =>
    backend?.kind === "service" ? [`${metadata.namespace}/${backend.name}`] : [],
  );
}
