import { expect, test } from "vitest";
import { compiled, ingressOf, serviceOf, type WrittenIngress } from "./support.ts";

/** Each Ingress with the rules of its routers, in order. Priorities are lengths. */
const RULES: readonly (readonly [WrittenIngress, readonly string[]])[] = [
  [{ paths: [{ host: "a.test" }] }, ['Host("a.test") && PathPrefix("/")']],
  [{ paths: [{ path: "/a/" }] }, ['(Path("/a") || PathPrefix("/a/"))']],
  [{ paths: [{ path: "/a", pathType: "Exact" }] }, ['Path("/a")']],
  [
    {
      paths: [{ host: "a.test", path: '/"(\\d)', pathType: "ImplementationSpecific" }],
      annotations: { "use-regex": "TRUE" },
    },
    ['Host("a.test") && PathRegexp("(?i)^/\\"(\\\\d)")'],
  ],
  [
    { paths: [{ host: "a.test" }], annotations: { "server-alias": "b.test, *.c.test" } },
    ['(Host("a.test") || Host("b.test") || Host("*.c.test")) && PathPrefix("/")'],
  ],
  [
    { paths: [{ host: "a.test" }], annotations: { "from-to-www-redirect": "true" } },
    ['Host("a.test") && PathPrefix("/")', 'Host("www.a.test")'],
  ],
  [
    {
      paths: [{ host: "a.test", path: "/a" }],
      spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } },
    },
    ['Host("a.test") && (Path("/a") || PathPrefix("/a/"))', 'Host("a.test")'],
  ],
  [{ spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } } }, ['PathPrefix("/")']],
];

test.each(RULES)("%j becomes %j", (ingress, rules) => {
  const { table } = compiled([serviceOf("s"), ingressOf(ingress)]);
  const words = table.routes.map(({ inWords }) => inWords);
  expect(words.map((each) => each?.match)).toEqual(rules);
  expect(words.map((each) => each?.priority)).toEqual(rules.map((rule) => Buffer.byteLength(rule)));
});

test("a canary has routers of its own beside those of its path", () => {
  const canary = {
    canary: "true",
    "canary-by-header": "X-C",
    "canary-by-cookie": "c.k",
    "canary-weight": "20",
  };
  const { table } = compiled([
    ...["s", "t"].map(serviceOf),
    ingressOf({ paths: [{ host: "a.test" }] }),
    ingressOf({ name: "canary", annotations: canary, paths: [{ host: "a.test", service: "t" }] }),
  ]);
  const rule = 'Host("a.test") && PathPrefix("/")';
  const cookie = (value: string) => `HeaderRegexp("Cookie", "(^|;\\\\s*)c\\\\.k=${value}(;|$)")`;
  expect(table.routes.map(({ inWords }) => inWords)).toMatchObject([
    { name: "default-web-rule-0-path-0", match: rule },
    {
      name: "default-web-rule-0-path-0-canary",
      match: `(${rule}) && (Header("X-C", "always") || (${cookie("always")} && !Header("X-C", "never")))`,
    },
    {
      name: "default-web-rule-0-path-0-non-canary",
      match: `(${rule}) && (Header("X-C", "never") || ${cookie("never")})`,
    },
  ]);
});
