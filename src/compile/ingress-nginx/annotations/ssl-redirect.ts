import type { Feature } from "../annotations.ts";
import { withLocation } from "../settings.ts";
import { documented } from "./documented.ts";

/** `ssl-redirect` (default: on) and `force-ssl-redirect` (default: off), annotations/rewrite/main.go. */
export const sslRedirect: Feature = {
  annotations: documented("Rewrites", { Low: "ssl-redirect", Medium: "force-ssl-redirect" }),
  apply: (annotations, settings) => {
    const withTls = annotations.boolean("ssl-redirect") ?? true;
    const always = annotations.boolean("force-ssl-redirect") ?? false;
    const sslRedirect = always ? "always" : withTls ? "with-tls" : "never";
    return sslRedirect === settings.location.sslRedirect ? settings : withLocation(settings, { sslRedirect });
  },
};
