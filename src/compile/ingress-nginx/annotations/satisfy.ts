import type { Feature } from "../annotations.ts";
import { withLocation } from "../settings.ts";
import { documented } from "./documented.ts";

/** `satisfy: any`; anything else means `all` (annotations/satisfy/main.go). */
export const satisfy: Feature = {
  annotations: documented("Satisfy", { Low: "satisfy" }),
  apply: (annotations, settings) => {
    const value = annotations.text("satisfy");
    if (value !== "any") return settings;
    const anyOf = `one of these is enough (satisfy: any of Ingress ${annotations.ingressName})`;
    return withLocation(settings, { guards: { ...settings.location.guards, anyOf } });
  },
};
