import type { Feature } from "./annotations.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["k", 1024],
  ["m", 1024 ** 2],
  ["g", 1024 ** 3],
]);

const SIZE = /^\d{1,12}[bkmg]?$/i;

/** `proxy-body-size`: a size as nginx writes them, `0` for no limit (annotations/proxy/main.go). */
export const proxyBodySize: Feature = {
  annotations: ["proxy-body-size"],
  apply: (annotations, settings) => {
    const value = annotations.text("proxy-body-size", {
      pattern: SIZE,
      what: "a size such as 8m, 512k or 0",
      otherwise: "use-default",
    });
    if (value === undefined) return settings;
    return { ...settings, route: { ...settings.route, bodyLimit: bodySizeOf(value) ?? 0 } };
  },
};

/** The bytes of a size that `proxy-body-size` takes: `512`, `512k`, `8m`; `undefined` for any other text. */
export function bodySizeOf(text: string): number | undefined {
  if (!SIZE.test(text)) return undefined;
  return Number.parseInt(text, 10) * (UNITS.get(text.replace(/\d/g, "").toLowerCase()) ?? 1);
}
