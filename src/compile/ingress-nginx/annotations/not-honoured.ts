import type { Feature } from "../annotations.ts";

/**
 * Unsupported annotations whose bad values still make the controller leave out the Ingress
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
