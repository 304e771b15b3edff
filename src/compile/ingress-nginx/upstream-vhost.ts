import type { Feature } from "./annotations.ts";
import { withHeaders } from "./settings.ts";

/** annotations/parser/validators.go, IsValidRegex: what server names, and expressions for them, are written with. */
export const SERVER_NAME = /^[-._~a-zA-Z0-9/:^$[\](){}*+?|&=\\]*$/;

/** `upstream-vhost`: the `Host` that the backend is sent, variables and all (annotations/upstreamvhost/main.go). */
export const upstreamVhost: Feature = {
  annotations: ["upstream-vhost"],
  apply: (annotations, settings) => {
    const host = annotations.variables("upstream-vhost", {
      pattern: SERVER_NAME,
      what: "a host name",
      otherwise: "refuse-ingress",
    });
    if (host === undefined) return settings;
    const note = `${annotations.nameOf("upstream-vhost")} sends the backend "Host: ${host.source}"`;
    return withHeaders(settings, { host }, note);
  },
};
