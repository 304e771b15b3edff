import type { Feature } from "./annotations.ts";

/**
 * `canary: "true"`: an alternative backend for another Ingress's paths (controller.go, mergeAlternativeBackends).
 *
 * It serves nothing of its own in the controller either; that it gets no share of the traffic here is said.
 */
export const canary: Feature = {
  annotations: ["canary"],
  apply: (annotations, settings) => {
    if (annotations.boolean("canary") !== true) return settings;
    annotations.notHonoured(
      "canary",
      "not yet honoured: all traffic goes to the Ingress it is the canary of",
    );
    return { ...settings, canary: true };
  },
};
