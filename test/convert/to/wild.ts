/**
 * Manifests whose requests differ by nothing that `convert` says, by target, each with the reason. All others have no such
 * difference.
 */
export const UNNAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "gateway-api": {
    "affinity-canary.case": "a session of the canary is known by ingress-nginx's own cookie",
    "affinity.case": "another Ingress with the same Service shares its sessions",
    "auth-tls.case": "a host without its Secret refuses the paths of other Ingresses too",
    "basic-auth.case": "no-auth-locations leaves the path of ACME challenges open",
    "canary-bad-values.case": "a broken expression keeps requests with the header at the primary",
    "canary-merge.case": "a canary of one path gets the requests of others with the same Service",
    "canary-shared-service.case": "canaries of one path get the requests of others with the same Service",
    "canary.case": "the value of a header is compared by its first line",
    "configmap-listed-locations.case": "no-auth-locations of the ConfigMap",
    "custom-http-errors.case": "a default backend without its Service",
    "external-auth.case": "a password beside a service, and a redirect to sign in",
    "flags-default-backend-service.case": "a flag of the controller",
    "from-to-www-redirect.case": "the other name is an alias of another Ingress",
    "host-without-paths.case": "a host without paths has the default backend of its Ingress",
    "regex-wildcard-host.case": "a wildcard host whose expression nginx reads in another order",
    "rewrite-target-equal.case": "a target that is its own path",
  },
  contour: {
    "affinity-canary.case": "a session of the canary is known by ingress-nginx's own cookie",
    "affinity.case": "another Ingress with the same Service shares its sessions",
    "answered-to-the-end.case": "an alias of a host with a certificate",
    "canary-bad-values.case": "a broken expression keeps requests with the header at the primary",
    "canary-merge.case": "a canary of an exact path is asked below it by a prefix of letters",
    "canary-shared-service.case": "canaries of one path get the requests of others with the same Service",
    "canary.case": "the value of a header is compared by its first line",
    "cors-bad-values.case": "a list of origins without any",
    "custom-http-errors.case": "a default backend without its Service",
    "external-name-exact-mode.case": "Contour takes no ExternalName by itself",
    "fastcgi.case": "the parameters of FastCGI that another Ingress has",
    "flags-disable.case": "Contour takes no ExternalName by itself",
    "regex-exact-and-prefix.case": "an exact path that nginx reads as an expression",
    "regex-wildcard-host.case": "a wildcard host whose expression nginx reads in another order",
    "rewrite-target-equal.case": "a target that is its own path",
    "ssl-passthrough-exact-mode.case": "TLS that goes on to the backend",
    "ssl-passthrough.case": "TLS that goes on to the backend",
    "upstream-module.case": "the parameters of FastCGI",
  },
};
