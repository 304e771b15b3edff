import { anyOf, asWritten, blanksRemoved, bool, int, validServerNames } from "../kinds.ts";
import * as p from "../patterns.ts";
import { BOOLEAN, CAPTURES, flag, number, type ValueRows, WHOLE } from "./shared.ts";

/** loadBalanceAlgorithms. */
const ALGORITHMS = ["round_robin", "chash", "chashsubset", "sticky_balanced", "sticky_persistent", "ewma"];
const PLAIN_URL = "a URL of letters, digits and -._~/:,?&= (no $, % or #)";

export const ROUTING: ValueRows = {
  "alias/main.go": {
    "server-alias": [validServerNames, "a comma-separated list of host names", "refuse-ingress"],
  },
  "canary/main.go": {
    canary: flag,
    "canary-weight": number,
    "canary-weight-total": number,
    "canary-by-header": [blanksRemoved(p.BasicCharsRegex), "the name of a header"],
    "canary-by-header-value": [blanksRemoved(p.BasicCharsRegex), "a header's value"],
    "canary-by-header-pattern": [asWritten(p.IsValidRegex), "a regular expression"],
    "canary-by-cookie": [blanksRemoved(p.BasicCharsRegex), "the name of a cookie"],
  },
  "loadbalancing/main.go": {
    "load-balance": [anyOf(ALGORITHMS, "exact case"), "round_robin or ewma", "refuse-ingress"],
  },
  "portinredirect/main.go": { "use-port-in-redirects": flag },
  "redirect/redirect.go": {
    "from-to-www-redirect": [bool, BOOLEAN, "refuse-ingress", "ignore-group"],
    "relative-redirects": [bool, BOOLEAN, "refuse-ingress", "ignore-group"],
    "temporal-redirect": [asWritten(p.URLIsValidRegex), PLAIN_URL, "refuse-ingress", "ignore-group"],
    "temporal-redirect-code": [int, WHOLE, "refuse-ingress", "ignore-group"],
    "permanent-redirect": [asWritten(p.URLIsValidRegex), PLAIN_URL, "refuse-ingress", "ignore-group"],
    "permanent-redirect-code": [int, WHOLE, "refuse-ingress", "ignore-group"],
  },
  "rewrite/main.go": {
    "rewrite-target": [asWritten(p.RegexPathWithCapture), CAPTURES],
    "ssl-redirect": flag,
    "preserve-trailing-slash": flag,
    "force-ssl-redirect": flag,
    "use-regex": flag,
    "app-root": [asWritten(p.RegexPathWithCapture), "a path that begins with a slash"],
  },
  "serviceupstream/main.go": { "service-upstream": flag },
  "sessionaffinity/main.go": {
    affinity: [anyOf(["cookie"], "exact case"), "cookie"],
    "affinity-mode": [anyOf(["balanced", "persistent"], "exact case"), "balanced or persistent"],
    "affinity-canary-behavior": [anyOf(["sticky", "legacy"], "exact case"), "sticky or legacy"],
    "session-cookie-name": [blanksRemoved(p.BasicCharsRegex), "the name of a cookie"],
    "session-cookie-secure": flag,
    "session-cookie-expires": [blanksRemoved(p.affinityCookieExpiresRegex), "a number of seconds"],
    "session-cookie-max-age": [asWritten(p.affinityCookieExpiresRegex), "a number of seconds"],
    "session-cookie-path": [blanksRemoved(p.URLIsValidRegex), "a path"],
    "session-cookie-domain": [blanksRemoved(p.BasicCharsRegex), "a domain"],
    "session-cookie-samesite": [anyOf(["none", "lax", "strict"], "any case"), "Strict, Lax or None"],
    "session-cookie-conditional-samesite-none": flag,
    "session-cookie-change-on-failure": flag,
  },
  "upstreamhashby/main.go": {
    "upstream-hash-by": [
      blanksRemoved(p.hashByRegex),
      "variables and text of letters, digits, - and _, as in $request_uri",
      "refuse-ingress",
      "ignore-group",
    ],
    "upstream-hash-by-subset": [bool, BOOLEAN, "refuse-ingress", "ignore-group"],
    "upstream-hash-by-subset-size": [int, WHOLE, "refuse-ingress", "ignore-group"],
  },
  "xforwardedprefix/main.go": {
    "x-forwarded-prefix": [blanksRemoved(p.RegexPathWithCapture), CAPTURES, "refuse-ingress"],
  },
};
