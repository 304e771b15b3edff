import type { Feature } from "../annotations.ts";
import { withTransport } from "../settings.ts";
import { documented } from "./documented.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["k", 1024],
  ["m", 1024 ** 2],
  ["g", 1024 ** 3],
]);

const SIZE = /^\d{1,12}[bkmg]?$/i;

/** nginx's limit if the template writes no `client_max_body_size`. unit: bytes */
const NGINX_DEFAULT = 1024 ** 2;

/** template.go, isValidByteSize with isOffset: without the blanks and the `b` that the validator accepts. */
const OFFSET = /^\d+[kmg]?$/i;

/** nginx's 64-bit byte counts. */
const MOST = 2 ** 63;
const TOO_MUCH = '"client_max_body_size" directive invalid value';

/** `proxy-body-size`: nginx size, `0` for no limit (annotations/proxy/main.go). */
export const proxyBodySize: Feature = {
  annotations: documented("Proxy", { Medium: "proxy-body-size" }),
  apply: (annotations, settings) => {
    const name = "proxy-body-size";
    const value = annotations.text(name);
    if (value === undefined) return settings;
    const bytes = OFFSET.test(value) ? sizeOf(value) : undefined;
    if (bytes === undefined) {
      const what = `"${value}" is no size that the controller writes down, and nginx allows 1m`;
      annotations.report.surprising(name, what, "Write a size such as 8m, 512k or 0.");
    } else if (bytes >= MOST)
      annotations.report.stop(name, TOO_MUCH, `"${value}" is more than nginx can count`, "Write 0.");
    return withTransport(settings, { bodyLimit: bytes ?? NGINX_DEFAULT });
  },
};

/** Bytes of `512`, `512k`, `8m`; `undefined` for other text. */
export function bodySizeOf(text: string): number | undefined {
  if (!SIZE.test(text)) return undefined;
  return sizeOf(text);
}

function sizeOf(text: string): number {
  return Number.parseInt(text, 10) * (UNITS.get(text.replace(/\d/g, "").toLowerCase()) ?? 1);
}
