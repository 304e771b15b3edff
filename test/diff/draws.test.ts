import { expect, test } from "vitest";
import { runHere } from "../cli/in-process.ts";
import { diffOf, type Files, folderOf } from "./folders.ts";

/** Ingresses of one host and path, by the Services that they lead to. */
function drawn(services: readonly string[]): Files {
  const documents = services.map(
    (service) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: of-${service} }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /p, pathType: Prefix, backend: { service: { name: ${service}, port: { number: 80 } } } }] }
`,
  );
  return { "all.yaml": documents.join("---\n") };
}

const TRAEFIK = ["--controller", "traefik-nginx"];

/** What `/p` differs by. */
const ROWS: readonly (readonly [
  title: string,
  before: readonly string[],
  after: readonly string[],
  causes: readonly string[],
])[] = [
  ["equal sets are no difference", ["a", "b"], ["a", "b"], []],
  ["the order in the files is none", ["a", "b"], ["b", "a"], []],
  ["one more answer", ["a"], ["a", "b"], ["drawn may also be answered otherwise, by chance"]],
  ["another answer among them", ["a", "b"], ["a", "c"], ["drawn may also be answered otherwise, by chance"]],
  ["one answer less", ["a", "b"], ["b"], ["drawn is no longer left to chance"]],
  ["sets that share nothing", ["a", "b"], ["c", "d"], ["service-changed"]],
];

test.each(ROWS)("%s: %j → %j", async (_, before, after, causes) => {
  const { differences } = await diffOf(drawn(before), drawn(after), TRAEFIK);
  const found = differences.filter(({ request }) => request === "GET http://a.test/p");
  expect(found.length).toBe(causes.length === 0 ? 0 : 1);
  for (const { code, cause } of found)
    expect(
      causes.some((text) => text === code || text === `${code} ${cause}`),
      `${code} ${cause}`,
    ).toBe(true);
});

test("both sides name all that may come", async () => {
  const { differences } = await diffOf(drawn(["a"]), drawn(["a", "b", "c"]), TRAEFIK);
  const found = differences.find(({ request }) => request === "GET http://a.test/p");
  expect(found?.old).toMatchObject({ backend: { service: "a" } });
  expect(found?.old.mayAlso).toBeUndefined();
  expect(found?.new).toMatchObject({
    backend: { service: "b" },
    mayAlso: [{ backend: { service: "a" } }, { backend: { service: "c" } }],
  });
});

test("explain names all that may come, with their places, and rejects none of them", async () => {
  const folder = folderOf(drawn(["a", "b", "c"]));
  const asked = ["explain", "-f", folder, "http://a.test/p", ...TRAEFIK];
  const text = (await runHere(asked)).stdout;
  expect(text).toMatch(/^ {2}May also be {5}forward default\/b:80 \/p .*all\.yaml:17$/m);
  expect(text).toMatch(/^ {18}forward default\/c:80 \/p .*all\.yaml:26$/m);
  expect(text).not.toContain("Rejected");
  const said = JSON.parse((await runHere([...asked, "-o", "json"])).stdout);
  expect(said).toMatchObject({
    backend: { service: "a" },
    mayAlso: [
      {
        decision: "forward",
        ingress: "default/of-b",
        line: 17,
        backend: { service: "b" },
        upstreamPath: "/p",
      },
      {
        decision: "forward",
        ingress: "default/of-c",
        line: 26,
        backend: { service: "c" },
        upstreamPath: "/p",
      },
    ],
  });
});

test("of Gateway API's routes whose ages no file tells, either may come", async () => {
  const apart = ["one", "two"].map(
    (name) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name} }
spec:
  parentRefs: [{ name: gw }]
  hostnames: [a.test]
  rules: [{ backendRefs: [{ name: ${name}, port: 80 }] }]
`,
  );
  const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw }
spec: { gatewayClassName: eg, listeners: [{ name: http, protocol: HTTP, port: 80 }] }
`;
  const both = { "all.yaml": [gateway, ...apart].join("---\n") };
  const asked = ["explain", "-f", folderOf(both), "http://a.test/p", "--controller", "gateway-api"];
  expect((await runHere(asked)).stdout).toMatch(/^ {2}May also be {5}forward default\/two:80 \/p /m);
  const renamed = { "all.yaml": both["all.yaml"].replace("name: one }\nspec", "name: z }\nspec") };
  const { differences } = await diffOf(both, renamed, ["--controller", "gateway-api"]);
  expect(differences).toEqual([]);
});
