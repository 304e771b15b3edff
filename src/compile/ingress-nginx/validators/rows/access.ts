import { anyOf, arrayOf, asWritten, blanksRemoved, bool, cidrs, commonName, int } from "../kinds.ts";
import * as p from "../patterns.ts";
import {
  ADDRESSES,
  BOOLEAN,
  flag,
  number,
  OPTIONS_NAME,
  SECRET_NAME,
  type ValueRows,
  WHOLE,
} from "./shared.ts";

const LIST = "a comma-separated list";
const VARIABLE_URL = "a URL of letters, digits, nginx's variables and -._~/:, ?&=";

export const ACCESS: ValueRows = {
  "auth/main.go": {
    "auth-type": [blanksRemoved(p.authTypeRegex), '"basic" or "digest"', "refuse-ingress"],
    "auth-secret": [
      blanksRemoved(p.BasicCharsRegex),
      "the name of a Secret",
      "deny-location",
      "deny-location",
    ],
    "auth-secret-type": [blanksRemoved(p.authSecretTypeRegex), '"auth-file" or "auth-map"', "refuse-ingress"],
    "auth-realm": [
      asWritten(p.CharsWithSpace),
      "a realm of letters, digits, blanks and -._~/:",
      "refuse-ingress",
    ],
  },
  "authreq/main.go": {
    "auth-url": [blanksRemoved(p.URLWithNginxVariableRegex), VARIABLE_URL, "refuse-ingress"],
    "auth-method": [blanksRemoved(p.methodsRegex), "an HTTP method, such as GET", "deny-location"],
    "auth-signin": [blanksRemoved(p.URLWithNginxVariableRegex), VARIABLE_URL],
    "auth-signin-redirect-param": [blanksRemoved(p.URLIsValidRegex), "the name of a query parameter"],
    "auth-cache-key": [blanksRemoved(p.NGINXVariable), "letters, digits, -, _ and nginx's variables"],
    "auth-cache-duration": [
      asWritten(p.ExtendedCharsRegex),
      "statuses and a time, such as 200 202 10m",
      "ignore-group",
    ],
    "auth-keepalive": number,
    "auth-keepalive-share-vars": flag,
    "auth-keepalive-requests": number,
    "auth-keepalive-timeout": number,
    "auth-response-headers": [
      blanksRemoved(p.HeadersVariable),
      "a list of header names, separated by commas",
      "deny-location",
    ],
    "auth-proxy-set-headers": [blanksRemoved(p.BasicCharsRegex), OPTIONS_NAME],
    "auth-request-redirect": [blanksRemoved(p.URLIsValidRegex), "a URL without variables", "ignore-group"],
    "auth-always-set-cookie": [bool, BOOLEAN, "ignore-group"],
  },
  "authreqglobal/main.go": { "enable-global-auth": flag },
  "authtls/main.go": {
    "auth-tls-secret": [blanksRemoved(p.BasicCharsRegex), SECRET_NAME, "refuse-ingress"],
    "auth-tls-verify-client": [blanksRemoved(p.authVerifyClientRegex), "on, off, optional or optional_no_ca"],
    "auth-tls-verify-depth": number,
    "auth-tls-error-page": [blanksRemoved(p.redirectRegex), "a URL, a path or @name", "refuse-ingress"],
    "auth-tls-pass-certificate-to-upstream": [bool, BOOLEAN, "refuse-ingress"],
    "auth-tls-match-cn": [commonName, "CN= and a regular expression", "refuse-ingress"],
  },
  "cors/main.go": {
    "enable-cors": flag,
    "cors-allow-origin": [
      blanksRemoved(p.corsOriginRegexValidator),
      "a comma-separated list of origins, as in https://shop.test, https://*.shop.test:8443",
    ],
    "cors-allow-headers": [blanksRemoved(p.HeadersVariable), LIST],
    "cors-allow-methods": [arrayOf(p.corsMethodsRegex), LIST],
    "cors-allow-credentials": flag,
    "cors-expose-headers": [arrayOf(p.corsExposeHeadersRegex), LIST],
    "cors-max-age": number,
  },
  "customheaders/main.go": { "custom-headers": [blanksRemoved(p.BasicCharsRegex), OPTIONS_NAME] },
  "ipallowlist/main.go": {
    "allowlist-source-range": [cidrs, ADDRESSES, "deny-location", "deny-location"],
  },
  "ipdenylist/main.go": {
    "denylist-source-range": [cidrs, ADDRESSES, "deny-location", "deny-location"],
  },
  "ratelimit/main.go": {
    "limit-rate": number,
    "limit-rate-after": number,
    "limit-rpm": [int, WHOLE, "refuse-ingress"],
    "limit-rps": [int, WHOLE, "refuse-ingress"],
    "limit-connections": [int, WHOLE, "refuse-ingress"],
    "limit-burst-multiplier": number,
    "limit-allowlist": [cidrs, ADDRESSES, "refuse-ingress"],
  },
  "satisfy/main.go": { satisfy: [anyOf(["any", "all"], "exact case"), '"any" or "all"'] },
  "sslcipher/main.go": {
    "ssl-prefer-server-ciphers": flag,
    "ssl-ciphers": [
      blanksRemoved(p.regexValidSSLCipher),
      "a list of ciphers as OpenSSL writes it",
      "refuse-ingress",
    ],
  },
  "sslpassthrough/main.go": { "ssl-passthrough": [bool, BOOLEAN, "refuse-ingress"] },
};
