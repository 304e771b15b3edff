import type { Feature } from "../annotations.ts";
import { withBalancing } from "../settings.ts";
import { documented } from "./documented.ts";

/** Names of balancer.lua for session affinity and hashing, without effect in this annotation. */
const OTHERS = ["chash", "chashsubset", "sticky_balanced", "sticky_persistent"];

/** `load-balance` (annotations/loadbalancing/main.go); the validator's error is passed up. */
export const loadBalance: Feature = {
  annotations: documented("Load balancing", { Low: "load-balance" }),
  apply: (annotations, settings) => {
    const name = "load-balance";
    const value = annotations.text(name);
    if (value !== undefined && OTHERS.includes(value)) {
      const what = `balancer.lua cannot make a "${value}" of it, and may answer 503; here endpoints take turns`;
      annotations.report.surprising(name, what, "Write affinity: cookie or upstream-hash-by instead.");
    }
    if (value !== "ewma") return settings;
    const why = `${annotations.nameOf(name)} asks for ewma: the cluster prefers endpoints that answer fast, here they take turns`;
    return withBalancing(settings, { why: [...settings.balancing.why, annotations.because(name, why)] });
  },
};
