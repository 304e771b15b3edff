import { askRecordedSets } from "./ask-sets.ts";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["normalising", "differs in body, status"],
  [
    "ann-entrypoints",
    "differs in body, content-type, path, port, reason, service, status, x-content-type-options",
  ],
  [
    "ann-tls",
    "differs in body, certificate, content-type, path, port, reason, service, status, x-content-type-options",
  ],
  ["svc-scheme", "differs in body, reason, status"],
  [
    "svc-backends-down",
    "differs in content-type, path, port, reason, service, status, x-content-type-options",
  ],
  ["replace-path", "differs in x-replaced-path"],
  ["redirect-scheme", "differs in body, content-type, location, reason, status, x-content-type-options"],
  ["headers-cors", "differs in vary"],
  [
    "forward-auth",
    "differs in body, content-type, cookie, reason, set-cookie, status, x-content-type-options, x-forwarded-port, x-forwarded-prefix, x-forwarded-server, x-real-ip",
  ],
  ["compress", "differs in content-encoding, vary"],
  [
    "route-entrypoints",
    "differs in body, certificate, content-type, path, port, reason, service, status, x-content-type-options",
  ],
  ["traefik-service", "differs in service, set-cookie"],
  ["forwarded", "differs in body, content-type, path, port, reason, service, status"],
  ["shared-service-options", "differs in host, set-cookie"],
  [
    "forward-auth-more",
    "differs in body, body bytes, content-length, content-type, port, reason, service, status, x-forwarded-port, x-forwarded-server, x-real-ip",
  ],
  [
    "opt-external-name",
    "differs in content-type, path, port, reason, service, status, x-content-type-options",
  ],
]);

askRecordedSets("traefik", DIFFERENCES);
