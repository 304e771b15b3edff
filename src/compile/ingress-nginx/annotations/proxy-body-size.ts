import { readSize } from "../../../request/size.ts";
import type { Feature } from "../annotations.ts";
import { withTransport } from "../settings.ts";
import { documented } from "./documented.ts";

/** nginx's limit if the template writes no `client_max_body_size`. unit: bytes */
const NGINX_DEFAULT = 1024 ** 2;

/** template.go, isValidByteSize with isOffset: without the blanks and the `b` that the validator accepts. */
const OFFSET = /^\d+[kmg]?$/i;

const TOO_MUCH = '"client_max_body_size" directive invalid value';

/** `proxy-body-size`: nginx size, `0` for no limit (annotations/proxy/main.go). */
export const proxyBodySize: Feature = {
  annotations: documented("Proxy", { Medium: "proxy-body-size" }),
  apply: (annotations, settings) => {
    const name = "proxy-body-size";
    const value = annotations.text(name);
    if (value === undefined) return settings;
    const bytes = readSize(value, "kmg");
    if (!OFFSET.test(value)) {
      const what = `"${value}" is no size that the controller writes down, and nginx allows 1m`;
      annotations.report.surprising(name, what, "Write a size such as 8m, 512k or 0.");
    } else if (bytes === undefined)
      annotations.report.stop(name, TOO_MUCH, `"${value}" is more than nginx can count`, "Write 0.");
    return withTransport(settings, { bodyLimit: bytes ?? NGINX_DEFAULT });
  },
};
