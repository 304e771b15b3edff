import fc from "fast-check";
import { ORIGINS } from "./requests.ts";
import type { OracleIngress, OraclePath, OracleRule, OracleSettings } from "./resources.ts";

/** Paths by kind, each with request paths worth trying. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  "/": ["/", "/any"],
  "/foo": ["/foo", "/foo/", "/foo/bar", "/foobar", "/FOO"],
  "/foo/": ["/foo", "/foo/", "/foo/bar", "/fo"],
  "/foo/bar": ["/foo/bar", "/foo/bar/", "/foo/bar/baz", "/foo/barz"],
  "/foo/bar/": ["/foo/bar", "/foo/bar/", "/foo/bar/baz"],
  "/foo/bar/baz": ["/foo/bar/baz", "/foo/bar/baz/x"],
  "/Foo": ["/Foo", "/foo", "/Foo/x"],
  "/foobar": ["/foobar", "/foobar/x"],
  "/foo.bar": ["/foo.bar", "/foo.bar/", "/fooxbar"],
  "/a-b_c~d": ["/a-b_c~d", "/a-b_c~d/e"],
  "/.well-known/acme-challenge": ["/.well-known/acme-challenge/token", "/.well-known/acme-challenge"],
  "/.well-known/acme-challenge/x": ["/.well-known/acme-challenge/x", "/.well-known/"],
  "/foo..": ["/foo..", "/foo../x"],
};

/** Plain paths that the webhook refuses and the API server accepts. */
const ODD: Readonly<Record<string, readonly string[]>> = {
  "/caf\u00e9": ["/caf%C3%A9", "/caf%C3%A9/x", "/caf%c3%a9", "/caf%C3%89", "/caf"],
  "/a b": ["/a b", "/a b/c"],
  "/a%20b": ["/a b", "/a%2520b", "/a%2520b/c"],
  "/a+b": ["/a+b", "/aab", "/a+b/c"],
  '/a"b': ["/a%22b", "/a%22b/c"],
  "/a\\b": ["/a%5Cb", "/a%5cb/c", "/a"],
  "/a;b": ["/a;b", "/a;b/c"],
  "/a?b": ["/a%3fb", "/ab", "/b"],
  "/a#b": ["/a%23b"],
  "/a$": ["/a$", "/a", "/a$/b"],
  "/$1": ["/$1", "/$1/x"],
  "/{a}": ["/%7Ba%7D", "/a"],
  "/a'b": ["/a'b"],
};

/** Paths that require ImplementationSpecific. */
const LOOSE: Readonly<Record<string, readonly string[]>> = {
  "//foo": ["//foo", "/foo"],
  "/foo//bar": ["/foo//bar", "/foo/bar"],
  "/foo/../bar": ["/foo/../bar", "/bar"],
  "/foo/.": ["/foo/.", "/foo/"],
  "/foo%2Fbar": ["/foo%2Fbar", "/foo%252Fbar"],
};

/** Regular expressions, with and without captures. */
const REGEX: Readonly<Record<string, readonly string[]>> = {
  "/foo(/|$)(.*)": ["/foo", "/foo/", "/foo/bar/baz", "/foobar", "/x/foo/bar", "/foo//bar"],
  "/foo/?(.*)": ["/foo", "/foobar", "/foo/bar"],
  "/foo/bar/[a-z]{3}": ["/foo/bar/abc", "/foo/bar/ABCD", "/foo/bar/ab"],
  "/id/[0-9]+": ["/id/12", "/id/12a", "/id/a"],
  "/(.*)": ["/", "/x", "/x/y z"],
  "/api/v(\\d)/(.*)": ["/api/v1/x", "/api/vx/x", "/api/v1/"],
  "/a|/b": ["/a", "/b", "/x/b", "/x/a"],
  "/(en|de)/([^/]+)/?$": ["/en/x", "/de/x/", "/EN/x/y", "/fr/x"],
  "/foo$": ["/foo", "/foo%0a", "/foo%0a%0a", "/foo/"],
  "/[[:alpha:]]+$": ["/abc", "/ab1", "/\u00e9"],
  "/(?<name>[a-z]+)/(\\d+)": ["/abc/1", "/ABC/12x", "/1/1"],
  "/.*\\.php$": ["/index.php", "/a/b.php", "/b.phpx"],
  "/x(y)?(z)": ["/xz", "/xyz", "/xy"],
  "/(?i)foo": ["/foo", "/FOO"],
  "/foo.bar": ["/foo.bar", "/fooxbar", "/foo%0abar"],
  "/\\Qa.b\\E/(.+)": ["/a.b/c", "/axb/c"],
  "/(a+)\\1b": ["/aab", "/aaab", "/ab"],
  "/q/(.*?)/r": ["/q/1/r", "/q/1/r/2/r", "/q//r"],
  "^/foo": ["/foo", "/x"],
  "/w\\b(.*)": ["/w", "/w-x", "/wx"],
  "/caf\u00e9/(.*)": ["/caf%C3%A9/x", "/caf%C3%89/x"],
  "/(\u00e9|e)+$": ["/%C3%A9%c3%a9", "/e", "/%C3"],
  "/(?>a+)(b++)c": ["/aabbc", "/AABBC", "/abc/d"],
  "/(?:(x)|y)*/z": ["/xy/z", "/yx/z", "//z", "/z"],
};
const PATHS = { ...PLAIN, ...ODD, ...LOOSE, ...REGEX };

/** Request paths that are likely to match an Ingress's path. */
export function samples(path: string): readonly string[] {
  return PATHS[path as keyof typeof PATHS] ?? [path];
}

const service = fc.constantFrom("alpha", "beta", "gamma", "delta");
const host = fc.oneof(
  { weight: 6, arbitrary: fc.constant("a.test") },
  { weight: 2, arbitrary: fc.constant("*.a.test") },
  { weight: 2, arbitrary: fc.constant("") },
  fc.constantFrom("x.a.test", "b.test", "*.x.a.test", "www.a.test"),
);

function pathOf(
  texts: readonly string[],
  types: readonly OraclePath["pathType"][],
): fc.Arbitrary<OraclePath> {
  return fc.record({ path: fc.constantFrom(...texts), pathType: fc.constantFrom(...types), service });
}

const path: fc.Arbitrary<OraclePath> = fc.oneof(
  { weight: 6, arbitrary: pathOf(Object.keys(PLAIN), ["Prefix", "Exact", "ImplementationSpecific"]) },
  { weight: 1, arbitrary: pathOf(Object.keys(ODD), ["Prefix", "Exact", "ImplementationSpecific"]) },
  { weight: 1, arbitrary: pathOf(Object.keys(LOOSE), ["ImplementationSpecific"]) },
);
const regexPath = pathOf(
  Object.keys(REGEX).filter((text) => text.startsWith("/")),
  ["ImplementationSpecific", "Prefix", "Exact"],
);

const rule = (paths: fc.Arbitrary<OraclePath>): fc.Arbitrary<OracleRule> =>
  fc.record({ host, paths: fc.array(paths, { minLength: 0, maxLength: 4 }) });

const maybe = <T>(value: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });

const TARGETS = [
  "/",
  "/$1",
  "/$2",
  "/x/$1/$2",
  "$1",
  "/$1$2$9",
  "/foo",
  "/foo/",
  "/a/../b",
  "/new//$2",
  "x$1",
  "http://e.test/$1",
  "https://e.test/x/$2",
  "/a$10b",
];
const URLS = ["http://e.test", "https://e.test/x/?a=b&c=d", "http://e.test/a,b:c", "http:/x", "https:"];

const ranges = fc.uniqueArray(fc.constantFrom("127.0.0.0/8", "10.0.0.0/8", "127.0.0.1", "::1"), {
  minLength: 1,
  maxLength: 2,
});

const settings: fc.Arbitrary<OracleSettings> = fc.record({
  appRoot: maybe(fc.constantFrom("/app", "/app/", "/", "/foo")),
  sslRedirect: maybe(fc.boolean(), 2),
  forceSslRedirect: maybe(fc.boolean()),
  permanentRedirect: maybe(fc.constantFrom(...URLS)),
  permanentRedirectCode: maybe(fc.integer({ min: 300, max: 308 })),
  temporalRedirect: maybe(fc.constantFrom(...URLS)),
  temporalRedirectCode: maybe(fc.integer({ min: 300, max: 307 })),
  preserveTrailingSlash: maybe(fc.boolean()),
  relativeRedirects: maybe(fc.boolean()),
  // On a wildcard it makes a name that nginx refuses.
  fromToWww: maybe(maybe(fc.constant(true))),
  upstreamVhost: maybe(fc.constantFrom("vhost.test", "$host", "v-$scheme.test")),
  forwardedPrefix: maybe(fc.constantFrom("/prefix", "/$1", "/p/$2")),
  enableCors: maybe(fc.boolean(), 2),
  corsOrigins: maybe(fc.uniqueArray(fc.constantFrom(...ORIGINS, "*"), { minLength: 1, maxLength: 3 }), 4),
  corsCredentials: maybe(fc.boolean()),
  allow: maybe(ranges),
  deny: maybe(ranges),
  serverAlias: maybe(
    fc.uniqueArray(
      fc.constantFrom(
        "alias.test",
        "*.alias.test",
        "~^re\\d+\\.test$",
        "~.*\\.any\\.test",
        "b.test",
        "www.b.test",
      ),
      { minLength: 1, maxLength: 3 },
    ),
    2,
  ),
});

const tls: fc.Arbitrary<OracleIngress["tls"]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  fc.array(
    fc.record({
      hosts: fc.uniqueArray(fc.constantFrom("a.test", "*.a.test", "b.test", "alias.test", "www.b.test"), {
        minLength: 1,
        maxLength: 3,
      }),
      secretName: maybe(fc.constantFrom("one", "two"), 12),
    }),
    { minLength: 1, maxLength: 2 },
  ),
);

function ingress(kind: "plain" | "regex" | "rewrite"): fc.Arbitrary<Omit<OracleIngress, "name">> {
  const regex = fc.record({
    rewriteTarget: kind === "rewrite" ? fc.constantFrom(...TARGETS) : fc.constant(undefined),
    useRegex:
      kind === "plain" ? fc.constant(undefined) : kind === "regex" ? fc.constant(true) : maybe(fc.boolean()),
  });
  return fc.record({
    settings: fc.tuple(settings, regex).map(([one, other]) => ({ ...one, ...other })),
    tls,
    defaultBackend: maybe(service, 2),
    rules: fc.array(rule(kind === "plain" ? path : fc.oneof({ weight: 3, arbitrary: regexPath }, path)), {
      minLength: 0,
      maxLength: 3,
    }),
  });
}

/** A few Ingresses with shared hosts. The API server refuses one without rules and default backend. */
export const ingresses: fc.Arbitrary<readonly OracleIngress[]> = fc
  .array(
    fc
      .oneof(
        { weight: 4, arbitrary: ingress("plain") },
        { weight: 1, arbitrary: ingress("regex") },
        { weight: 2, arbitrary: ingress("rewrite") },
      )
      .filter(({ rules, defaultBackend }) => rules.length > 0 || defaultBackend !== undefined),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.map((one, index) => ({ name: `i${index}`, ...one })));
