/** The keys of each map of a test file. `schema/test-file.schema.json` has the same, held by a test. */

/** Options of the command line, by their names in `ingress-dev.yaml`. */
export const TEST_OPTION_KEYS = [
  "controller",
  "ingressClass",
  "controllerClass",
  "configmap",
  "defaultBackendService",
  "disableCatchAll",
  "clientAddress",
  "exact",
  "noEcho",
] as const;

export type TestOptionKey = (typeof TEST_OPTION_KEYS)[number];

export const DOCUMENT_KEYS = ["manifests", ...TEST_OPTION_KEYS, "variables", "tests"] as const;

export const TEST_KEYS = ["name", "request", "requests", "host", "paths", "expect"] as const;

export const REQUEST_KEYS = ["method", "url", "headers", "body", "bodySize", "client", "chance"] as const;

export const EXPECTATION_KEYS = [
  "service",
  "port",
  "path",
  "status",
  "redirect",
  "ingress",
  "rule",
  "headers",
  "responseHeaders",
  "notService",
  "why",
] as const;

/** Methods that the short form takes; `{method: …}` takes any. RFC 9110 section 9, RFC 5789, RFC 4918 */
export const METHODS = [
  ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"],
  ...["PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH"],
] as const;
