/** A bad value loses the Ingress, gives 503 at its paths, loses its group of annotations, or only itself. */
export type Fate = "dropped" | "denied" | "group" | "ignored";

/** One annotation: accepted values and refused ones. */
export interface Row {
  readonly name: string;
  readonly good: readonly string[];
  readonly bad: readonly string[];
  readonly fate: Fate;
  /** For an empty value, and for blanks that pass the validator before they are trimmed. */
  readonly empty: Fate;
}

type Short = readonly [name: string, good: readonly string[], bad: readonly string[]];

const BOOLS = ["true", "T", "1", "FALSE", "False", "f", "0"];
const NO_BOOLS = [" true", "true ", "yes", "on", "tRUE", "true,", "2", '"true"', "true\n"];
const INTS = ["0", "5", "+5", "-3", "007", "9223372036854775807", "-9223372036854775808"];
const NO_INTS = [" 5", "5 ", "5.0", "0x5", "5k", "5,", "1e3", "9223372036854775808", "5\n"];
const SIZES = ["8k", "1M", "4096", "2g", "5b", "8 k"];
const NO_SIZES = ["1t", "-1", "8kb", "8k,", "k", "8k\n", "$size", "1.5m"];
const URLS = ["https://a.test/x?y=1&z=2", "http://a.test:8080/", "/p,q", "~a_b.c-d"];
const NO_URLS = ["https://a.test/$uri", "/a%20b", "/a#b", '"/a"', "/a;b", "/a\n", "/{a}"];
const BASIC = ["default/users", "users", "a.b-c_d~e:f"];
const NO_BASIC = ["a,b", "a$b", '"a"', "a;b", "a\nb", "a?b"];
const SERVERS = ["inner.test", "~^a[0-9]{2}\\.test$", "$host:8080", " inner.test "];
const NO_SERVERS = ["a b", "a,b", '"a"', "a;b", "a\nb", "a#b", "a<b"];
const CAPTURES = ["/x/$1", "x", "/", "http://a.test/$1", "/$host/$10"];
const NO_CAPTURES = ["/x?y", "/x;y", "/{x}", '"/x"', "/x\ny", "/x%20", "/x,y"];
const BRACED = "$".concat("{host}-a_b");
const ON_OFF = ["on", "off"];
const NO_ON_OFF = ["On", "true", "on,", "on;", "on\n;"];

const DROPPED: readonly Short[] = [
  [
    "server-alias",
    ["a.test, b.test", "a.test,", "~^w\\d+$,*.b.test", "a.test,\nb.test"],
    ["a b", '"a"', "a;b", "a#b"],
  ],
  ["auth-type", ["basic", "digest", " basic", "xbasicx", "ba sic"], ["magic", "Basic", "$type", "basic\n"]],
  ["auth-secret-type", ["auth-file", "auth-map"], ["odd", "file", "$type", "auth-map\n"]],
  ["auth-realm", ["Members only", "a:b/c"], ['"Members"', "a,b", "$realm", "a\nb", "a;"]],
  [
    "auth-url",
    ["http://x.test/$uri?a=b", " http://x.test/", "http://x.test/a,b c"],
    ["http://x.test/#f", '"http://x.test"', "http://x.test/;", "http://x.test/\n", "http://{x}"],
  ],
  ["auth-tls-secret", BASIC, NO_BASIC],
  [
    "auth-tls-error-page",
    ["https://help.test/cert", "http://help.test:8080/a_b/c.html", "/a/b/", "@denied", "help.test", "/"],
    ["https://help.test/?a=b", "/a$b", "@a b;", "//a", "/a,b", "@", "/a\n", '"/a"'],
  ],
  ["auth-tls-pass-certificate-to-upstream", BOOLS, NO_BOOLS],
  [
    "auth-tls-match-cn",
    ["CN=shop", "CN=(a|b)\\.test", "CN=", "CN=[[:alpha:]]+", "CN=(?P<x>a)", "CN=\\Qa+b\\E"],
    ["shop", " CN=shop", "cn=shop", "CN=(", "CN=(?!x)", "CN=a*+", "CN=\\1(a)", "CN=a{2}{3}", "CN=a{1001}"],
  ],
  ["client-body-buffer-size", SIZES, NO_SIZES],
  [
    "connection-proxy-header",
    ["close", "keep-alive", " close"],
    ["upgrade", "Close", "close,", "close\n", "$http_x"],
  ],
  [
    "custom-http-errors",
    ["404", "404,503", "404, 500", "404,", "499"],
    ["200", "600", "40", "404,,500", "404;", "4xx", "404,\n500", "$status", "404-500"],
  ],
  [
    "default-backend",
    ["errors", "e-1"],
    ["shop/errors", "1a", "Errors", "a.b", "a_b", " errors", "a".repeat(64)],
  ],
  ["fastcgi-index", ["index.php", "a_b-c.html"], ["a/b", "$index", "a;b", "a\n", '"a"']],
  ["fastcgi-params-configmap", BASIC, NO_BASIC],
  ["http2-push-preload", BOOLS, NO_BOOLS],
  ["opentelemetry-operation-name", ["op", "a_b-c"], ["a.b", "$uri", "a;b", "a\n"]],
  ["load-balance", ["round_robin", "ewma", " ewma"], ["least_conn", "EWMA", "ewma,", "ew ma", "$x"]],
  ["proxy-ssl-secret", BASIC, NO_BASIC],
  ["limit-rps", INTS, NO_INTS],
  ["limit-rpm", INTS, NO_INTS],
  ["limit-connections", INTS, NO_INTS],
  [
    "limit-allowlist",
    ["10.0.0.0/8, ::1", "10.1.2.3/8,\n127.0.0.1"],
    ["banana", "10.0.0.0/33", "10.0.0.1,", "$x", "1.2.3"],
  ],
  ["ssl-passthrough", BOOLS, NO_BOOLS],
  [
    "ssl-ciphers",
    ["HIGH:!aNULL", "ALL@SECLEVEL=0", "@STRENGTH:AES_256", "A@SECLEVEL=1@STRENGTH", "A B"],
    ["A@SECLEVEL=6", "A@strength", "A;B", '"A"', "A\n", "$x", "A,B"],
  ],
  ["upstream-vhost", SERVERS, NO_SERVERS],
  ["x-forwarded-prefix", [...CAPTURES, "/a b"], NO_CAPTURES],
];

const DENIED: readonly Short[] = [
  ["auth-method", ["GET", "TRACE", " POST"], ["FETCH", "get", "GETX", "GET,", "GET\n", "$request_method"]],
  ["auth-response-headers", ["X-A, X_B", "X-A,", ","], ["X-A;", "X:A", "$http_x", '"X"', "X\nY"]],
];

const IGNORED: readonly Short[] = [
  [
    "auth-signin",
    ["https://l.test/?rd=$uri", "/login"],
    ["https://l.test/;x", "https://l.test/#x", '"/l"', "/l\n"],
  ],
  ["auth-signin-redirect-param", ["rd", "a b"], ["$rd", "a;b", "a%20", "a\n"]],
  ["auth-cache-key", ["$host$request_uri", BRACED], ["$host/x", "a.b", '"$host"', "$host;"]],
  ["auth-keepalive", INTS, NO_INTS],
  ["auth-keepalive-share-vars", BOOLS, NO_BOOLS],
  ["auth-keepalive-requests", INTS, NO_INTS],
  ["auth-keepalive-timeout", INTS, NO_INTS],
  ["auth-proxy-set-headers", BASIC, NO_BASIC],
  ["enable-global-auth", BOOLS, NO_BOOLS],
  ["auth-tls-verify-client", ["on", "optional_no_ca"], ["bad", "ON", "on,", "on;"]],
  ["auth-tls-verify-depth", INTS, NO_INTS],
  ["backend-protocol", ["HTTP", "grpcs", " https "], ["AJP", "HTTP,", "http2", "$scheme"]],
  ["canary", BOOLS, NO_BOOLS],
  ["canary-weight", INTS, NO_INTS],
  ["canary-weight-total", INTS, NO_INTS],
  ["canary-by-header", ["X-Canary", "a:b"], NO_BASIC],
  ["canary-by-header-value", ["you", "a b"], NO_BASIC],
  ["canary-by-header-pattern", ["^a(b|c)$", "\\d+"], ["a b", " a", "a,b", '"a"', "a\n", "a;b"]],
  ["canary-by-cookie", ["you", "a.b"], NO_BASIC],
  ["enable-cors", BOOLS, NO_BOOLS],
  [
    "cors-allow-origin",
    ["https://a.test, http://*.b.test:8443", "*", "null", "a.test", "https://a.test,", ",,", "app://x"],
    [
      "https://a.test/",
      "https://a.test/p",
      "HTTPS://a.test",
      "https://*",
      "https://a.test:x",
      "https://a.test;",
      "$o",
      "a\n",
    ],
  ],
  ["cors-allow-headers", ["X-A, X_B", "X-A,", ","], ["X-A;", "*", "$x", '"X"']],
  ["cors-allow-methods", ["GET, PUT", "get,", "GET PUT"], ["GET,,PUT", "PUT;x", "GET1", ",GET", "GET,  PUT"]],
  ["cors-allow-credentials", BOOLS, NO_BOOLS],
  ["cors-expose-headers", ["*, X-A", "X_A,"], ["X;", "X(Y", "X,,Y", "$x"]],
  ["cors-max-age", INTS, NO_INTS],
  ["custom-headers", BASIC, NO_BASIC],
  ["disable-proxy-intercept-errors", BOOLS, NO_BOOLS],
  ["enable-access-log", BOOLS, NO_BOOLS],
  ["enable-rewrite-log", BOOLS, NO_BOOLS],
  ["mirror-request-body", ON_OFF, NO_ON_OFF],
  ["mirror-target", ["https://a.test$request_uri", "$host"], NO_SERVERS],
  ["mirror-host", SERVERS, NO_SERVERS],
  ["enable-modsecurity", BOOLS, NO_BOOLS],
  ["enable-owasp-core-rules", BOOLS, NO_BOOLS],
  ["modsecurity-transaction-id", ["$request_id", "a-b"], ["a.b", "a;b"]],
  ["enable-opentelemetry", BOOLS, NO_BOOLS],
  ["opentelemetry-trust-incoming-span", BOOLS, NO_BOOLS],
  ["use-port-in-redirects", BOOLS, NO_BOOLS],
  ["proxy-connect-timeout", INTS, NO_INTS],
  ["proxy-send-timeout", INTS, NO_INTS],
  ["proxy-read-timeout", INTS, NO_INTS],
  ["proxy-buffers-number", INTS, NO_INTS],
  ["proxy-buffer-size", SIZES, NO_SIZES],
  ["proxy-busy-buffers-size", SIZES, NO_SIZES],
  ["proxy-cookie-path", ["off", "/one/ /", "/one"], ["~^/one(.*)$ /$1", "/ /$host/", "/a;b", "/a\n"]],
  [
    "proxy-cookie-domain",
    ["off", "a.test b.test", "a.test\tb.test"],
    ["one", "a b c", "~\\.a$ b", " a b", "a  b ", "a $b", "a,b c"],
  ],
  ["proxy-body-size", SIZES, NO_SIZES],
  [
    "proxy-next-upstream",
    ["off", "error timeout http_503", "error "],
    ["banana", "error  timeout", "error,timeout", " error", "$x"],
  ],
  ["proxy-next-upstream-timeout", INTS, NO_INTS],
  ["proxy-next-upstream-tries", INTS, NO_INTS],
  [
    "proxy-request-buffering",
    [...ON_OFF, " on "],
    NO_ON_OFF.filter((value) => value !== "on\n;").concat("o n"),
  ],
  ["proxy-redirect-from", [...URLS, "default", "~abc"], ["~^http://b(.*)$", ...NO_URLS]],
  ["proxy-redirect-to", [...URLS, "off"], ["https://f.test$1", ...NO_URLS]],
  ["proxy-buffering", [...ON_OFF, " on "], ["On", "true", "on,", "o n"]],
  ["proxy-http-version", ["1.0", "1.1", " 1.1"], ["2", "1.10", "1,1", "HTTP/1.1"]],
  ["proxy-max-temp-file-size", SIZES, NO_SIZES],
  ["proxy-ssl-ciphers", ["HIGH:!aNULL", "A_B+C", "A B"], ["A@STRENGTH", "A;B", "A,B", "$x"]],
  [
    "proxy-ssl-protocols",
    ["TLSv1.2 TLSv1.3", "TLSv1.3", " TLSv1.2"],
    ["TLSv1", "SSLv3", "TLSv1.1 TLSv1.2", "TLSv1.2,TLSv1.3"],
  ],
  ["proxy-ssl-name", SERVERS, NO_SERVERS],
  ["proxy-ssl-verify", [...ON_OFF, " on"], NO_ON_OFF],
  ["proxy-ssl-verify-depth", INTS, NO_INTS],
  ["proxy-ssl-server-name", ON_OFF, NO_ON_OFF],
  ["limit-rate", INTS, NO_INTS],
  ["limit-rate-after", INTS, NO_INTS],
  ["limit-burst-multiplier", INTS, NO_INTS],
  ["rewrite-target", CAPTURES, [...NO_CAPTURES, " /x"]],
  ["ssl-redirect", BOOLS, NO_BOOLS],
  ["preserve-trailing-slash", BOOLS, NO_BOOLS],
  ["force-ssl-redirect", BOOLS, NO_BOOLS],
  ["use-regex", BOOLS, NO_BOOLS],
  ["app-root", ["/app", "/a$host"], [...NO_CAPTURES, " /app"]],
  ["satisfy", ["any", "all", " any "], ["Any", "none", "any,", "$x"]],
  ["service-upstream", BOOLS, NO_BOOLS],
  ["affinity", ["cookie", " cookie "], ["Cookie", "ip", "cookie,", "$x"]],
  ["affinity-mode", ["balanced", "persistent"], ["odd", "Balanced", "balanced,", "$x"]],
  ["affinity-canary-behavior", ["sticky", "legacy"], ["odd", "Sticky", "sticky,", "$x"]],
  ["session-cookie-name", ["route", "a:b"], NO_BASIC],
  ["session-cookie-secure", BOOLS, NO_BOOLS],
  ["session-cookie-expires", ["60", "-1", "0", "0h", "x12"], ["1h", "x", "5,", "$x"]],
  ["session-cookie-max-age", ["60", "-1", "0", "0h", "x12"], ["1h", "x", "5 ", "5,", "$x"]],
  ["session-cookie-path", URLS, NO_URLS],
  ["session-cookie-domain", ["app.test", ".a-b.test"], NO_BASIC],
  ["session-cookie-samesite", ["Strict", "lax", " NONE "], ["Loose", "lax,", "l ax", "$x"]],
  ["session-cookie-conditional-samesite-none", BOOLS, NO_BOOLS],
  ["session-cookie-change-on-failure", BOOLS, NO_BOOLS],
  ["ssl-prefer-server-ciphers", BOOLS, NO_BOOLS],
];

/** A bad value drops the whole group. */
const GROUP: readonly Short[] = [
  ["auth-cache-duration", ["200 202 10m", "200 1h, 401 5m"], ["200;10m", "$x 5m", "200 10m\n", '"200 5m"']],
  ["auth-request-redirect", URLS, NO_URLS],
  ["auth-always-set-cookie", BOOLS, NO_BOOLS],
];

/** An empty value also drops the group; a refused one drops the Ingress. */
const DROPPED_OR_GROUP: readonly Short[] = [
  ["from-to-www-redirect", BOOLS, NO_BOOLS],
  ["relative-redirects", BOOLS, NO_BOOLS],
  ["temporal-redirect", URLS, [...NO_URLS, " /a", "/a b"]],
  ["temporal-redirect-code", INTS, NO_INTS],
  ["permanent-redirect", URLS, [...NO_URLS, " /a", "/a b"]],
  ["permanent-redirect-code", INTS, NO_INTS],
  ["upstream-hash-by", ["$request_uri", BRACED], ["$request_uri;", "$a/b", "a.b", '"a"']],
  ["upstream-hash-by-subset", BOOLS, NO_BOOLS],
  ["upstream-hash-by-subset-size", INTS, NO_INTS],
];

/** An empty value is refused like any other. */
const ALWAYS_DENIED: readonly Short[] = [
  ["auth-secret", BASIC, NO_BASIC],
  [
    "allowlist-source-range",
    ["10.0.0.0/8, 127.0.0.1", "::ffff:10.0.0.1", "10.1.2.3/8,\n::1"],
    ["10.0.0.0/8,banana", "10.0.0.1,", "10.0.0.0/33", "$x", "::1%lo"],
  ],
  ["denylist-source-range", ["10.0.0.0/08"], ["banana", ",", "10.0.0.0/-1", "1.2.3.4/", "01.2.3.4"]],
];

const rows = (some: readonly Short[], fate: Fate, empty: Fate) =>
  some.map(([name, good, bad]): Row => ({ name, good, bad, fate, empty }));

export const ROWS: readonly Row[] = [
  ...rows(DROPPED, "dropped", "ignored"),
  ...rows(DENIED, "denied", "ignored"),
  ...rows(IGNORED, "ignored", "ignored"),
  ...rows(GROUP, "group", "ignored"),
  ...rows(DROPPED_OR_GROUP, "dropped", "group"),
  ...rows(ALWAYS_DENIED, "denied", "denied"),
];
