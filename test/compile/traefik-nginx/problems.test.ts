import { describe, expect, test } from "vitest";
import { compiled, ingressOf, serviceOf, type WrittenIngress } from "./support.ts";

const HOST = [{ host: "a.test" }];

/** What is said of one Ingress. */
const SAID: readonly (readonly [what: string, ingress: WrittenIngress, code: string, words: string])[] = [
  [
    "a snippet",
    { annotations: { "server-snippet": "return 200;" } },
    "annotation-refused",
    "snippets are not allowed",
  ],
  [
    "a Prefix with a bracket",
    { paths: [{ path: "/(a)" }] },
    "path-type-strict",
    'path "/(a)" of type Prefix',
  ],
  [
    "no authority",
    { annotations: { "auth-tls-secret": "default/ca" } },
    "annotation-refused",
    "no Secret default/ca",
  ],
  [
    "no password file",
    { annotations: { "auth-type": "basic", "auth-secret": "users" } },
    "route-lost",
    "no Secret default/users",
  ],
  [
    "no address",
    { annotations: { "whitelist-source-range": "10.0.0.0/99" } },
    "route-lost",
    "whitelist-source-range",
  ],
  [
    "a page for no number",
    { annotations: { "custom-http-errors": "-404", "default-backend": "s" } },
    "route-lost",
    '"-404" is no status',
  ],
  ["an empty vhost", { annotations: { "upstream-vhost": "" } }, "route-lost", "upstream-vhost is empty"],
  [
    "a look-ahead",
    { annotations: { "use-regex": "true" }, paths: [{ path: "/(?!a)", pathType: "ImplementationSpecific" }] },
    "route-lost",
    "error parsing regexp",
  ],
  [
    "a word for a number",
    { annotations: { "limit-rps": "abc" } },
    "annotation-ignored",
    '"abc" is no whole number',
  ],
  ["1 for true", { annotations: { "use-regex": "1" } }, "annotation-ignored", "it counts as false"],
  ["a slip", { annotations: { "rewrite-targt": "/" } }, "annotation-unknown", "did you mean rewrite-target?"],
  ["a mirror", { annotations: { "mirror-target": "http://x" } }, "annotation-not-read", "no copy is sent"],
  [
    "a deny list",
    { annotations: { "denylist-source-range": "0.0.0.0/0" } },
    "annotation-not-read",
    "are let in",
  ],
  ["a canary alone", { annotations: { canary: "true" } }, "canary-ignored", "no Ingress of its namespace"],
  [
    "its own host as alias",
    { annotations: { "server-alias": "a.test" } },
    "alias-taken",
    "is the host of a rule",
  ],
  [
    "a body limit alone",
    { annotations: { "proxy-body-size": "1m" } },
    "annotation-surprising",
    "bodies of any size pass",
  ],
  [
    "error pages of nobody",
    { annotations: { "custom-http-errors": "404" } },
    "annotation-surprising",
    "does nothing",
  ],
  [
    "the rewrite of many tutorials",
    { annotations: { "rewrite-target": "/" }, paths: [{ host: "a.test", path: "/api" }] },
    "annotation-surprising",
    "everything below the path is answered 400",
  ],
  [
    "a firewall",
    { annotations: { "enable-modsecurity": "true" } },
    "annotation-not-read",
    "lets requests pass",
  ],
  [
    "one path twice",
    { paths: [...HOST, ...HOST] },
    "ambiguous-route",
    "the rules are of one length, 33 bytes",
  ],
];

test.each(SAID)("%s is told", (_, ingress, code, words) => {
  const { problems } = compiled([serviceOf("s"), ingressOf({ paths: HOST, ...ingress })]);
  const told = problems.filter((problem) => problem.code === code);
  expect(told.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
  expect(told.map(({ file, object }) => [file, object?.name])).toEqual([["a.yaml", "web"]]);
});

test("an annotation that is not read is told once for all Ingresses", () => {
  const annotations = { satisfy: "any" };
  const { problems } = compiled([
    serviceOf("s"),
    ...["one", "two", "three"].map((name) =>
      ingressOf({ name, annotations, paths: [{ host: `${name}.test` }] }),
    ),
  ]);
  expect(problems.map(({ code, level }) => [code, level])).toEqual([["annotation-not-read", "notice"]]);
  expect(problems[0]?.message).toContain("Ingress default/one (and 2 more with it)");
});

test.each([
  ["without a guard", {}, "guard-lost", "go to router default-open-rule-0-path-0, without auth-type"],
  ["behind a guard", { "whitelist-source-range": "10.0.0.0/8" }, "route-lost", "go to the next shorter rule"],
])("a guarded path is lost before a shorter one %s", (_, annotations, code, words) => {
  const { problems } = compiled([
    serviceOf("s"),
    ingressOf({ name: "open", annotations, paths: HOST }),
    ingressOf({
      annotations: { "auth-type": "basic", "auth-secret": "none" },
      paths: [{ host: "a.test", path: "/admin" }],
    }),
  ]);
  expect(problems.map((problem) => [problem.code, problem.message])).toEqual([
    [code, expect.stringContaining(words)],
  ]);
});

describe("what Traefik draws", () => {
  const two = (a: WrittenIngress, b: WrittenIngress) =>
    compiled([serviceOf("s"), ingressOf({ name: "one", ...a }), ingressOf({ name: "two", ...b })]).problems;

  test("equal lengths of a wildcard and a host that it covers", () => {
    const problems = two({ paths: [{ host: "*.app.test" }] }, { paths: [{ host: "x.app.test" }] });
    expect(problems.map(({ code }) => code)).toEqual(["ambiguous-route"]);
    expect(problems[0]?.message).toMatch(/Ingress default\/(?:one|two) \(a\.yaml:\d+\)/);
  });

  test("equal lengths of a host, and of a longer path of every host", () => {
    const problems = two({ paths: [{ host: "one.test" }] }, { paths: [{ path: "/ab" }] });
    expect(problems.map(({ code }) => code)).toEqual(["ambiguous-route"]);
  });

  test("no equal lengths of hosts apart, nor of paths apart", () => {
    expect(two({ paths: [{ host: "a.test" }] }, { paths: [{ host: "b.test" }] })).toEqual([]);
    expect(two({ paths: [{ path: "/a" }] }, { paths: [{ path: "/b" }] })).toEqual([]);
  });

  test("a default backend of two hosts is one router", () => {
    const spec = { defaultBackend: { service: { name: "s", port: { number: 80 } } } };
    const { problems } = compiled([
      serviceOf("s"),
      ingressOf({
        spec,
        paths: [
          { host: "a.test", path: "/a" },
          { host: "b.test", path: "/b" },
        ],
      }),
    ]);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ["ambiguous-route", expect.stringContaining("its default backend for 2 hosts is one router")],
    ]);
  });
});
