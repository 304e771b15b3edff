import { askRecordedSets } from "./ask-sets.ts";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["normalising", "differs in body, status"],
  ["no-host", "differs in host, x-forwarded-host"],
  [
    "ann-entrypoints",
    "differs in body, content-type, path, port, reason, service, status, x-content-type-options",
  ],
  [
    "ann-tls",
    "differs in body, certificate, content-type, path, port, reason, service, status, x-content-type-options",
  ],
  ["svc-passhost", "differs in host"],
  ["svc-sticky", "differs in set-cookie"],
  ["svc-scheme", "differs in body, reason, status"],
  ["svc-transport", "differs in body, reason, status"],
  [
    "svc-backends-down",
    "differs in content-type, path, port, reason, service, status, x-content-type-options",
  ],
  ["strip-prefix", "differs in x-forwarded-prefix"],
  ["replace-path", "differs in path, x-replaced-path"],
  ["redirect-scheme", "differs in body, content-type, location, reason, status, x-content-type-options"],
  ["headers-cors", "differs in vary"],
  [
    "forward-auth",
    "differs in content-type, method, path, port, reason, service, set-cookie, status, x-content-type-options",
  ],
  ["compress", "differs in content-encoding, vary"],
  ["errors", "differs in content-length, path, reason, service, status, www-authenticate, x-forwarded-for"],
  [
    "route-entrypoints",
    "differs in body, certificate, content-type, path, port, reason, service, status, x-content-type-options",
  ],
  ["traefik-service", "differs in service, set-cookie"],
  ["forwarded", "differs in body, content-type, path, port, reason, service, status"],
  ["shared-service-options", "differs in host, set-cookie"],
  ["sticky-pods", "differs in cookie, set-cookie"],
  [
    "forward-auth-more",
    "differs in body, body bytes, content-type, method, path, port, reason, service, status",
  ],
  [
    "opt-external-name",
    "differs in content-type, path, port, reason, service, status, x-content-type-options",
  ],
  ["opt-as-default", "differs in body, content-type, reason, status, x-content-type-options"],
]);

askRecordedSets("traefik", DIFFERENCES);
