/**
 * Manifests whose requests differ by nothing that `convert` says, by target, each with the reason. All others have no such
 * difference.
 */
export const UNNAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "gateway-api": {},
  contour: {
    "answered-to-the-end.case": "an alias of a host with a certificate",
    "cors-bad-values.case": "a list of origins without any",
    "ssl-passthrough-exact-mode.case": "TLS that goes on to the backend",
    "ssl-passthrough.case": "TLS that goes on to the backend",
  },
  traefik: {
    "basic-auth-bad.case": "an Ingress that nginx answers 503 is left, and a guard beside another",
    "basic-auth.case": "an Ingress that nginx answers 503 is left, and challenges stay open",
    "default-backend-alone.case": "default backends are drawn, or stand in for Services without pods",
    "default-backend-exact-mode.case": "default backends are drawn, or stand in for Services without pods",
    "default-backend-with-rules.case": "default backends are drawn, or stand in for Services without pods",
    "host-names.case": "two paths that nginx takes in the order of their types",
    "path-implementation-specific.case": "two paths that nginx takes in the order of their types",
    "redirect-permanent-temporal.case": "redirects with other statuses than 301 and 302",
    "regex-exact-and-prefix.case": "two paths that nginx takes in the order of their types",
    "regex-values.case": "two paths that nginx takes in the order of their types",
    "rewrite-target-url.case": "a target that is empty, its own path, or has variables",
    "server-alias-wildcards.case": "an alias that another Ingress names as well",
    "server-alias.case": "an alias that another Ingress names as well",
    "ssl-redirect-acme.case": "challenges of another path than the redirect's",
    "variables-in-paths.case": "a target that is empty, its own path, or has variables",
  },
  "traefik-nginx": {
    "basic-auth-bad.case": "an Ingress that nginx answers 503 is left, and a guard beside another",
    "basic-auth.case": "an Ingress that nginx answers 503 is left, and challenges stay open",
    "default-backend-annotation.case": "default backends are drawn, or stand in for Services without pods",
    "default-backend-exact-mode.case": "default backends are drawn, or stand in for Services without pods",
    "default-backend-with-rules.case": "default backends are drawn, or stand in for Services without pods",
    "regex-values.case": "two paths that nginx takes in the order of their types",
    "rewrite-target-invalid.case": "a target that is empty, its own path, or has variables",
    "rewrite-target-url.case": "a target that is empty, its own path, or has variables",
    "settings.case": "a limit whose unit one of the two does not know",
    "variables-in-paths.case": "a target that is empty, its own path, or has variables",
  },
};
