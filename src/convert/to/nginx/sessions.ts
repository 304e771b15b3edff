import { headerIn } from "../../../request/header-line.ts";
import type { Explains } from "../target.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { isOf } from "./lost.ts";

/** Sessions belong to the Services of an Ingress, whichever Ingress leads to them. */
export function sessionDifference({ ingress, nginx }: Pick<AnnotationParts, "ingress" | "nginx">): Explains {
  const { namespace } = ingress.metadata;
  const { rules, defaultBackend } = ingress.spec;
  const paths = rules.flatMap((rule) => (rule.paths ?? []).map(({ backend }) => backend));
  // A port may be written by its name.
  const services = new Set(
    [...paths, defaultBackend].flatMap((backend) =>
      backend?.kind === "service" ? [`${namespace}/${backend.name}`] : [],
    ),
  );
  const cookie = nginx.settings.balancing.affinity?.cookie?.cookie ?? "";
  return (difference) => {
    const { request, first } = difference;
    if (!isOf(ingress, difference) && !services.has(first.behaviour.service?.split(":")[0] ?? ""))
      return undefined;
    const isSession = headerIn(request.headers, "cookie")?.includes(`${cookie}=`) === true;
    // A session's cookie chooses between a Service and its canary.
    return {
      aspects: isSession ? ["settings", "service", "canary"] : ["settings"],
      responseHeaders: ["set-cookie"],
    };
  };
}
