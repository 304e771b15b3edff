import type { Feature } from "./annotations.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["k", 1024],
  ["m", 1024 ** 2],
  ["g", 1024 ** 3],
]);

/** `proxy-body-size`: a size as nginx writes them, `0` for no limit (annotations/proxy/main.go). */
export const proxyBodySize: Feature = {
  annotations: ["proxy-body-size"],
  apply: (annotations, settings) => {
    const value = annotations.text("proxy-body-size", {
      pattern: /^\d{1,12}[bkmg]?$/i,
      what: "a size such as 8m, 512k or 0",
      otherwise: "use-default",
    });
    if (value === undefined) return settings;
    const unit = UNITS.get(value.replace(/\d/g, "").toLowerCase()) ?? 1;
    return { ...settings, route: { ...settings.route, bodyLimit: Number.parseInt(value, 10) * unit } };
  },
};
