import type { Feature } from "../annotations.ts";
import { withBalancing } from "../settings.ts";
import { documented } from "./documented.ts";

/**
 * `service-upstream` (annotations/serviceupstream/main.go). default for a bad value: the ConfigMap's `false`
 */
export const serviceUpstream: Feature = {
  annotations: documented("Load balancing", { Low: "service-upstream" }),
  apply: (annotations, settings) => {
    if (annotations.boolean("service-upstream") !== true) return settings;
    const text = `${annotations.nameOf("service-upstream")} asks the Service's own address, which chooses a pod for each connection`;
    const why = annotations.because("service-upstream", text);
    return withBalancing(settings, { serviceUpstream: true, why: [...settings.balancing.why, why] });
  },
};
