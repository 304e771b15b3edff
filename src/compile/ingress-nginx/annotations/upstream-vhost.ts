import type { Feature } from "../annotations.ts";
import { withRequestHeaders } from "../settings.ts";
import { documented } from "./documented.ts";

/** `upstream-vhost`: the backend's `Host`, with variables (annotations/upstreamvhost/main.go). */
export const upstreamVhost: Feature = {
  annotations: documented("Upstream host", { Low: "upstream-vhost" }),
  apply: (annotations, settings) => {
    const host = annotations.variables("upstream-vhost");
    if (host === undefined) return settings;
    const note = `${annotations.nameOf("upstream-vhost")} sends the backend "Host: ${host.source}"`;
    return withRequestHeaders(settings, { host }, annotations.because("upstream-vhost", note));
  },
};
