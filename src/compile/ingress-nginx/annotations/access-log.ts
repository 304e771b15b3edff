import type { Feature } from "../annotations.ts";
import { withNote, withTransport } from "../settings.ts";
import { documented } from "./documented.ts";

/** `enable-access-log` (annotations/log/main.go). default for a bad value: `true` */
export const accessLog: Feature = {
  annotations: documented("Logs", { Low: "enable-access-log" }),
  apply: (annotations, settings) => {
    const name = "enable-access-log";
    if (annotations.boolean(name) !== false) return settings;
    const note = `${annotations.nameOf(name)} keeps the requests out of the cluster's access log`;
    return withNote(withTransport(settings, { accessLog: "off" }), annotations.because(name, note));
  },
};
