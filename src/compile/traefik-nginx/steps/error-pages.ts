import type { Step } from "../../../step/step.ts";
import type { StatusRange } from "../../../step/traefik/errors.ts";
import { statusRange } from "../../traefik/status-ranges.ts";
import type { Context } from "../context.ts";
import type { Location } from "../location.ts";
import type { Unbuilt } from "../matching.ts";
import { PLAIN_HTTP } from "./transport.ts";

/** `custom-http-errors` needs a `default-backend`: there is no global one. Traefik's own answers are replaced as well. */
export function errorPageSteps({ annotations }: Location, { services }: Context): readonly Step[] | Unbuilt {
  const service = annotations.text("default-backend") ?? "";
  const written = annotations.list("custom-http-errors");
  if (written === undefined || service === "") return [];
  const { namespace } = annotations;
  if (!services.mayExist(namespace, service))
    return { why: `there is no Service ${namespace}/${service}`, annotation: "default-backend" };
  const statuses: StatusRange[] = [];
  for (const item of written) {
    const range = statusRange(item);
    if (range === undefined)
      return { why: `${JSON.stringify(item)} is no status and no range`, annotation: "custom-http-errors" };
    statuses.push(range);
  }
  const { name } = annotations.ingress.metadata;
  return [
    {
      kind: "errors",
      ...{ statuses, rewrites: [], query: "/", transport: PLAIN_HTTP },
      backend: services.firstPort(namespace, service),
      tells: { namespace, name },
      by: annotations.nameOf("custom-http-errors"),
    },
  ];
}
