import { expect, test } from "vitest";
import { examine, type WrittenRule } from "./examine.ts";

type Row = readonly [what: string, rules: readonly WrittenRule[], found: readonly string[]];

const web = [["/", "web", "Prefix"]] as const;
const to = (location: string) => ({ "permanent-redirect": location });

/** Code, Ingress and witness of each finding. */
function said(rules: readonly WrittenRule[], controller?: "ingress-nginx" | "kubernetes") {
  return examine(rules, controller).findings.map(
    ({ code, object, witness }) => `${code} ${object?.name} ${witness}`,
  );
}

test.each<Row>([
  [
    "a redirect to its own path",
    [{ name: "a", host: "a.test", paths: [["/old", "web", "Prefix"]], annotations: to("/old") }],
    ["redirect-loop a http://a.test/old"],
  ],
  [
    "two Ingresses that redirect to each other",
    [
      { name: "a", host: "a.test", paths: web, annotations: to("http://b.test/") },
      { name: "b", host: "b.test", paths: web, annotations: to("http://a.test/") },
    ],
    ["redirect-loop a http://a.test/"],
  ],
  [
    "a redirect to a path that no rule names: it has the annotations of its host's first Ingress",
    [{ name: "a", host: "a.test", paths: [["/old", "web", "Prefix"]], annotations: to("/new") }],
    ["redirect-loop a http://a.test/new"],
  ],
  [
    "a redirect of a location that no rule has: it is of the Ingress that asks for it",
    [
      {
        name: "a",
        host: "a.test",
        paths: [["/", "web", "Exact"]],
        annotations: { "use-regex": "true", ...to("/new") },
      },
    ],
    ["redirect-loop a http://a.test/new"],
  ],
  [
    "an app-root of /",
    [{ name: "a", host: "a.test", paths: web, annotations: { "app-root": "/" } }],
    ["redirect-loop a http://a.test/"],
  ],
  [
    "www and back",
    [
      {
        name: "a",
        host: "a.test",
        paths: web,
        annotations: { "from-to-www-redirect": "true", ...to("http://www.a.test/") },
      },
    ],
    ["redirect-loop a http://a.test/"],
  ],
  [
    "redirects to elsewhere, and to a path that answers",
    [
      { name: "a", host: "a.test", paths: web, annotations: to("https://else.test/") },
      { name: "b", host: "b.test", paths: [["/old", "web", "Prefix"]], annotations: to("/new") },
      { name: "new", host: "b.test", paths: web },
      { name: "c", host: "c.test", paths: web, annotations: to("http://c.test:8080/") },
    ],
    [],
  ],
  [
    "an expression that hides a shorter path",
    [
      {
        name: "a",
        host: "a.test",
        paths: [
          ["/(.*)", "all"],
          ["/api", "api"],
        ],
        annotations: { "use-regex": "true" },
      },
    ],
    ["unreachable-rule a http://a.test/api"],
  ],
  [
    "an alternative, a class and a repetition that hide shorter paths",
    [
      {
        name: "a",
        host: "a.test",
        paths: [
          ["/api/(v1|v2)/.*", "all"],
          ["/api/v2/x", "x", "Exact"],
          ["/foo/[a-z]*", "all"],
          ["/foo/1", "one"],
          ["/[^/]{1,20}/(.*)$", "all"],
          ["/bar/", "bar"],
          ["/prefix/", "prefix", "Prefix"],
        ],
        annotations: { "use-regex": "true" },
      },
    ],
    [
      "unreachable-rule a http://a.test/api/v2/x",
      "unreachable-rule a http://a.test/prefix/",
      "unreachable-rule a http://a.test/foo/1",
      "unreachable-rule a http://a.test/bar/",
    ],
  ],
  [
    "expressions that hang on what follows, or end",
    [
      {
        name: "a",
        host: "a.test",
        paths: [
          ["/one/[a-z]+$", "all"],
          ["/one/two", "two"],
          ["/two/(?=x)[a-z]*", "all"],
          ["/two/yes", "yes"],
          ["/three/[a-z]+\\b", "all"],
          ["/three/yes", "yes"],
          ["/four/[a-z]\\.*$", "all"],
          ["/four/a", "yes"],
        ],
        annotations: { "use-regex": "true" },
      },
    ],
    [],
  ],
  [
    "an expression that hides what is below a path, and not the path",
    [
      {
        name: "below",
        host: "b.test",
        paths: [
          ["/app/(.*)", "all"],
          ["/app", "app"],
        ],
        annotations: { "rewrite-target": "/app" },
      },
    ],
    ["rewrite-drops-path below http://b.test/app/users/7"],
  ],
  [
    "expressions that leave the path out, or lead to the same Service",
    [
      {
        name: "a",
        host: "a.test",
        paths: [
          ["/api/(.*)", "api"],
          ["/apis", "other"],
          ["/api/v", "api"],
          ["/[ab]", "other"],
        ],
        annotations: { "use-regex": "true" },
      },
    ],
    [],
  ],
  [
    "an Exact / behind app-root",
    [
      {
        name: "a",
        host: "a.test",
        paths: [
          ["/", "web", "Exact"],
          ["/x", "web", "Prefix"],
        ],
        annotations: { "app-root": "/x" },
      },
    ],
    ["unreachable-rule a http://a.test/"],
  ],
  [
    "a fixed rewrite-target",
    [
      {
        name: "a",
        host: "a.test",
        paths: [
          ["/api", "api", "Prefix"],
          ["/v2", "api", "Prefix"],
        ],
        annotations: { "rewrite-target": "/" },
      },
    ],
    ["rewrite-drops-path a http://a.test/api/users/7"],
  ],
  [
    "rewrites of exactly one path, to a file, with the rest, and of a path that ends",
    [
      {
        name: "a",
        host: "a.test",
        paths: [["/login", "web", "Exact"]],
        annotations: { "rewrite-target": "/auth" },
      },
      { name: "b", host: "b.test", paths: web, annotations: { "rewrite-target": "/index.html" } },
      {
        name: "c",
        host: "c.test",
        paths: [["/api(/|$)(.*)", "web"]],
        annotations: { "rewrite-target": "/$2" },
      },
      { name: "d", host: "d.test", paths: [["/only$", "web"]], annotations: { "rewrite-target": "/" } },
      { name: "e", host: "e.test", paths: web, annotations: { "rewrite-target": "$request_uri" } },
    ],
    [],
  ],
  [
    "a group that the path does not have",
    [{ name: "a", host: "a.test", paths: [["/api/(.*)", "web"]], annotations: { "rewrite-target": "/$2" } }],
    ["rewrite-missing-group a http://a.test/api/x"],
  ],
  [
    "a path without host beside hosts",
    [
      { name: "a", host: "a.test", paths: web },
      { name: "all", paths: web },
    ],
    ["catch-all all http://any.example/any"],
  ],
  ["only paths without host", [{ name: "all", paths: web }], []],
  [
    "ordinary hosts",
    [
      { name: "a", host: "a.test", paths: [...web, ["/api", "api", "Prefix"], ["/api/v1", "api", "Exact"]] },
      { name: "b", host: "*.b.test", paths: web, annotations: { "app-root": "/home" } },
    ],
    [],
  ],
])("%s", (_, rules, found) => expect(said(rules)).toEqual(found));

test("the specification has catch-alls, and no rewrites or expressions", () => {
  const rules = [
    { name: "a", host: "a.test", paths: web, annotations: { "rewrite-target": "/x", ...to("/") } },
    { name: "all", paths: web },
  ];
  expect(said(rules, "kubernetes")).toEqual(["catch-all all http://any.example/any"]);
});

test("a finding says what happens, gives the usual fix, and names the line of the rule", () => {
  const [found] = examine([
    { name: "a", host: "a.test", paths: [["/api", "api", "Prefix"]], annotations: { "rewrite-target": "/" } },
  ]).findings;
  expect(found).toMatchObject({
    level: "warning",
    message:
      'rewrite-target "/" drops the rest of the path: the backend of path /api (Prefix) gets / for http://a.test/api/users/7, as for every other path below',
    fix: "Capture the rest: path: /api(/|$)(.*) with pathType: ImplementationSpecific, and rewrite-target: /$2",
    file: "rules.yaml",
  });
  expect(found?.line).toBeGreaterThan(10);
});

test("the usual fix is one", () => {
  const rules: readonly WrittenRule[] = [
    {
      name: "a",
      host: "a.test",
      paths: [["/api(/|$)(.*)", "api"]],
      annotations: { "rewrite-target": "/$2" },
    },
  ];
  const { findings, ask } = examine(rules);
  expect(findings).toEqual([]);
  expect(ask("http://a.test/api/users/7").decision).toMatchObject({ upstreamPath: "/users/7" });
});
