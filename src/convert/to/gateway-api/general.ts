import type { ControllerName } from "../../../compile/controllers.ts";
import { INGRESS_NGINX } from "../../../compile/ingress-nginx/facts.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import { NGINX_TO_ENVOY } from "../envoy/general.ts";
import { optionChanges } from "../nginx/options.ts";
import type { GeneralChange } from "../target.ts";

export function generalChanges(from: ControllerName, snapshot: Snapshot): readonly GeneralChange[] {
  return from === INGRESS_NGINX.name ? [...NGINX_TO_ENVOY, ...optionChanges(snapshot)] : [];
}
