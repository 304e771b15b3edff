import type { ControllerName } from "../../../compile/controllers.ts";
import { INGRESS_NGINX } from "../../../compile/ingress-nginx/facts.ts";
import { NGINX_TO_ENVOY, OTHERS_TO_ENVOY } from "../envoy/general.ts";
import type { GeneralChange } from "../target.ts";

export function generalChanges(from: ControllerName): readonly GeneralChange[] {
  return from === INGRESS_NGINX.name ? NGINX_TO_ENVOY : OTHERS_TO_ENVOY;
}
