import { askRecordedSets } from "./ask-sets.ts";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["normalising", "differs in body, status"],
  ["nginx-annotations", "differs in body"],
  ["external-name", "differs in content-type, path, port, service, status"],
  ["rewrite-odd", "differs in content-type"],
  ["auth-digest", "differs in www-authenticate"],
  ["auth-url-values", "differs in body"],
  ["service-upstream", "differs in body, content-type, port, service, status"],
  ["service-ports", "differs in body, content-type, path, port, service, status"],
  ["fuzz-06", "differs in location"],
  ["fuzz-88", "differs in access-control-allow-credentials, access-control-allow-origin, path"],
]);

askRecordedSets("traefik-nginx", DIFFERENCES);
