import type { Backend } from "../../../model/route.ts";
import type { NamedObjects } from "../../world.ts";

const USUAL_PORT = 80;

/**
 * The first port of a Service named without one (controller.go, getDefaultUpstream); `undefined` if it has
 * none.
 */
export function firstPortOf(
  { namespace, service }: Pick<Backend, "namespace" | "service">,
  services: NamedObjects["services"],
): Backend | undefined {
  const known = services.get(`${namespace}/${service}`);
  const number = known === undefined ? USUAL_PORT : known.ports[0]?.port;
  return number === undefined ? undefined : { namespace, service, port: { number } };
}
