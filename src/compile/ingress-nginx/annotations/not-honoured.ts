import type { Feature } from "../annotations.ts";
import { documented } from "./documented.ts";

/** Why ingress-dev ignores an annotation, and its effect in the cluster. */
export const NOT_HONOURED: ReadonlyMap<string, string> = new Map([
  [
    "auth-snippet",
    "nginx configuration is never executed here; the cluster puts it into the location of the authentication request",
  ],
  [
    "configuration-snippet",
    "nginx configuration is never executed here; the cluster puts it into every location of the Ingress",
  ],
  [
    "server-snippet",
    "nginx configuration is never executed here; the cluster puts it into the server of the Ingress's hosts",
  ],
  [
    "stream-snippet",
    "nginx configuration is never executed here; the cluster puts it into the stream block of its whole configuration",
  ],
  [
    "modsecurity-snippet",
    "there is no ModSecurity here; the cluster adds these rules to its web application firewall",
  ],
  [
    "enable-modsecurity",
    "there is no ModSecurity here; the cluster may refuse requests with 403 by its rules",
  ],
  [
    "enable-owasp-core-rules",
    "there is no ModSecurity here; the cluster may refuse requests with 403 by the OWASP core rules",
  ],
  ["modsecurity-transaction-id", "there is no ModSecurity here; the cluster writes the id to its audit log"],
  [
    "enable-opentelemetry",
    "no spans are made here; the cluster adds trace headers to requests and sends spans to its collector",
  ],
  [
    "opentelemetry-trust-incoming-span",
    "no spans are made here; the cluster decides by it whether a client's trace goes on",
  ],
  ["opentelemetry-operation-name", "no spans are made here; the cluster names its spans so"],
  ["enable-rewrite-log", "there is no nginx error log here; the cluster logs each rewrite to it"],
  [
    "http2-push-preload",
    "browsers no longer take pushed responses, and nginx 1.25.1 has dropped them: the cluster does nothing either",
  ],
]);

/** Bad values of some make the controller leave out the Ingress (annotations/http2pushpreload, annotations/opentelemetry). */
export const notHonoured: Feature = {
  annotations: [
    ...documented("External authentication", { Critical: "auth-snippet" }),
    ...documented("HTTP/2", { Low: "http2-push-preload" }),
    ...documented("Logs", { Low: "enable-rewrite-log" }),
    ...documented("ModSecurity", {
      Low: "enable-modsecurity enable-owasp-core-rules",
      High: "modsecurity-transaction-id",
      Critical: "modsecurity-snippet",
    }),
    ...documented("OpenTelemetry", {
      Low: "enable-opentelemetry opentelemetry-trust-incoming-span",
      Medium: "opentelemetry-operation-name",
    }),
    ...documented("Snippets", { Critical: "configuration-snippet server-snippet stream-snippet" }),
  ],
  apply: (annotations, settings) => {
    annotations.boolean("http2-push-preload");
    if (annotations.boolean("enable-opentelemetry") === true)
      annotations.text("opentelemetry-operation-name");
    return settings;
  },
};
