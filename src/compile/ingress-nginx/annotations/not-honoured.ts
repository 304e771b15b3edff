import type { Feature } from "../annotations.ts";

/**
 * Values of annotations that ingress-dev does not honour, and for which the controller leaves the Ingress out all the same
 * (annotations/http2pushpreload/main.go, annotations/opentelemetry/main.go).
 */
export const notHonoured: Feature = {
  annotations: [],
  apply: (annotations, settings) => {
    annotations.boolean("http2-push-preload");
    if (annotations.boolean("enable-opentelemetry") === true)
      annotations.text("opentelemetry-operation-name");
    return settings;
  },
};
