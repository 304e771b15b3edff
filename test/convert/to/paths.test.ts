import { describe, expect, test } from "vitest";
import { conversion, pathTo, written } from "./conversion.ts";

function ruled(path: string, pathType: string, host = "a.test"): object {
  return { rules: [{ host, http: { paths: [{ ...pathTo("s", path), pathType }] } }] };
}

type Row = readonly [
  target: string,
  path: string,
  pathType: string,
  annotations: Readonly<Record<string, string>>,
  kind: string,
  said: object,
];

const matched = (type: string, value: string) => ({
  rules: [expect.objectContaining({ matches: [{ path: { type, value } }] })],
});
const conditioned = (condition: object) => ({
  routes: [expect.objectContaining({ conditions: [condition] })],
});
const replaced = (substitution: string) => ({
  urlRewrite: { path: { replaceRegexMatch: expect.objectContaining({ substitution }) } },
});

/** A path, and how a target says it. */
const PATHS: readonly Row[] = [
  // ingress-nginx takes ImplementationSpecific for Prefix.
  [
    "traefik",
    "/shop",
    "ImplementationSpecific",
    {},
    "IngressRoute",
    {
      routes: [
        expect.objectContaining({ match: "Host(`a.test`) && (Path(`/shop`) || PathPrefix(`/shop/`))" }),
      ],
    },
  ],
  // Clients escape them, and Envoy compares what they send.
  ["gateway-api", "/a b", "Prefix", {}, "HTTPRoute", matched("PathPrefix", "/a%20b")],
  ["gateway-api", "/é", "Exact", {}, "HTTPRoute", matched("Exact", "/%C3%A9")],
  ["contour", "/a b", "Prefix", {}, "HTTPProxy", conditioned({ prefix: "/a%20b" })],
  ["contour", "/what?", "Exact", {}, "HTTPProxy", conditioned({ exact: "/what%3F" })],
  [
    "gateway-api",
    "/é+",
    "ImplementationSpecific",
    { "use-regex": "true" },
    "HTTPRoute",
    matched("RegularExpression", "(?i)/(?:%C3%A9)+.*"),
  ],
  // A group that is not there.
  [
    "gateway-api",
    "/a[0-9]",
    "ImplementationSpecific",
    { "rewrite-target": "/x/$1" },
    "HTTPRouteFilter",
    replaced("/x/"),
  ],
  [
    "gateway-api",
    "/a([0-9])",
    "ImplementationSpecific",
    { "rewrite-target": "/x/$1" },
    "HTTPRouteFilter",
    replaced("/x/\\1"),
  ],
];

describe("a path", () => {
  test.each(PATHS)("to %s: %s (%s) with %j", async (target, path, pathType, annotations, kind, said) => {
    const { objects, compared } = await conversion(
      [written({ annotations, more: ruled(path, pathType) })],
      target,
    );
    expect(objects.find((object) => object.kind === kind)?.spec).toMatchObject(said);
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });
});

describe("paths of a host where one is an expression alone", () => {
  // Envoy tries all expressions before all prefixes.
  test.each([
    ["gateway-api", "HTTPRoute"],
    ["contour", "HTTPProxy"],
  ])("are all expressions to %s", async (target, kind) => {
    const annotations = { "use-regex": "true" };
    const { objects, compared } = await conversion(
      [written({ annotations, paths: ["/(.*)x", "/api/v1"] })],
      target,
    );
    const spec = JSON.stringify(objects.find((object) => object.kind === kind)?.spec);
    expect(spec.match(/\/api\/v1\.\*/g)).toHaveLength(1);
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });
});

test("a filter stands in the namespace of its route", async () => {
  const ingress = JSON.parse(written({ annotations: { "rewrite-target": "/x" }, paths: ["/a[0-9]"] }));
  ingress.metadata.namespace = "other";
  const { objects } = await conversion([JSON.stringify(ingress)], "gateway-api");
  const filter = objects.find(({ kind }) => kind === "HTTPRouteFilter");
  expect(filter?.metadata).toMatchObject({ namespace: "other" });
});

test("expressions of one length are named where another of them comes first", async () => {
  const younger = written({ name: "web-2", paths: ["/shop"] });
  const { problems, compared } = await conversion(
    [written({ annotations: { "use-regex": "true" }, paths: ["/(.*)"] }), younger],
    "gateway-api",
  );
  expect(problems.map(({ message }) => message).join("\n")).toContain("an expression as long as /(.*)");
  expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
});
