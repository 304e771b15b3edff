import { expect, test } from "vitest";
import { witnessesOf } from "../../src/witness/witness.ts";
import { compileCase } from "../support/compiled-case.ts";

const PREFIX = "nginx.ingress.kubernetes.io/";

interface Written {
  readonly name?: string;
  readonly host?: string;
  readonly paths?: readonly string[];
  readonly service?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function documentOf({
  name = "shop",
  host,
  paths = ["/cart"],
  service = "web",
  annotations = {},
}: Written): string {
  const named = Object.entries(annotations).map(([key, value]) => [`${PREFIX}${key}`, value]);
  return JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations: Object.fromEntries(named) },
    spec: {
      ingressClassName: "nginx",
      rules: [
        {
          ...(host === undefined ? {} : { host }),
          http: {
            paths: paths.map((path) => ({
              path,
              pathType: "ImplementationSpecific",
              backend: { service: { name: service, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  });
}

function tableOf(...written: readonly Written[]) {
  const text = written.map(documentOf).join("\n---\n");
  return compileCase([{ file: "shop.yaml", text }], { controller: "ingress-nginx", exact: false, echo: true })
    .table;
}

/** `GET http://shop.test/cart` */
function shown(...tables: readonly ReturnType<typeof tableOf>[]): readonly string[] {
  return [...witnessesOf(tables).requests].map(({ request }) => {
    const [, host = ""] = request.headers.find(([name]) => name === "Host") ?? [];
    return `${request.method} ${request.scheme}://${host}${request.target}`;
  });
}

test("a path is asked with and without a slash, in other case, longer, below and above it, and escaped", () => {
  const requests = shown(tableOf({ host: "shop.test", paths: ["/shop/cart"] }));
  for (const target of [
    ...["/", "/any", "/shop", "/shop/cart", "/shop/cart/", "/shop/cartany", "/shop/cart/any"],
    ...["/SHOP/CART", "/shop/%63art%2Fany"],
  ])
    expect(requests).toContain(`GET http://shop.test${target}`);
  expect(requests).toContain("GET http://SHOP.TEST/");
  expect(requests).toContain("GET http://any.example/");
});

test("a wildcard is asked one and two labels below, and bare", () => {
  const requests = shown(tableOf({ host: "*.shop.test" }));
  for (const host of ["any.shop.test", "any.any.shop.test", "shop.test"])
    expect(requests).toContain(`GET http://${host}/`);
});

test("paths of both tables are asked at a host of either", () => {
  const requests = shown(
    tableOf({ host: "shop.test", paths: ["/old"] }),
    tableOf({ host: "shop.test", paths: ["/new"] }),
  );
  expect(requests).toEqual(
    expect.arrayContaining(["GET http://shop.test/old", "GET http://shop.test/new/any"]),
  );
});

test("a ConfigMap that says nothing of requests leaves witnesses complete", () => {
  const configMap = JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "ingress-nginx-controller", namespace: "ingress-nginx" },
    data: { "ssl-redirect": "false" },
  });
  const text = documentOf({ host: "shop.test" });
  const tables = [text, `${text}\n---\n${configMap}`].map(
    (each) =>
      compileCase([{ file: "a.yaml", text: each }], { controller: "ingress-nginx", exact: false, echo: true })
        .table,
  );
  expect(witnessesOf(tables).incomplete).toEqual([]);
});

test("tables without expressions are told apart completely", () => {
  const { complete, incomplete } = witnessesOf([tableOf({ host: "shop.test" }), tableOf({ host: "a.test" })]);
  expect({ complete, incomplete }).toEqual({ complete: true, incomplete: [] });
});

test.each<[what: string, said: RegExp, written: Written]>([
  [
    "paths",
    /^Paths are regular expressions \(first shop\.test\/x\(\.\*\)/,
    { paths: ["/x(.*)"], annotations: { "use-regex": "true" } },
  ],
  ["hosts", /^A host name is a regular expression/, { annotations: { "server-alias": "~^re\\d\\.test$" } }],
  [
    "origins",
    /^Allowed origins/,
    { annotations: { "enable-cors": "true", "cors-allow-origin": "https://a.test" } },
  ],
])("expressions in %s are sampled, and it is said", (_, said, written) => {
  const { complete, incomplete } = witnessesOf([
    tableOf({ host: "shop.test", ...written }),
    tableOf({ host: "shop.test" }),
  ]);
  expect(complete).toBe(false);
  expect(incomplete).toEqual([expect.stringMatching(said)]);
});

test("an expression is asked for by samples, and by its plain beginning", () => {
  const requests = shown(
    tableOf({ host: "shop.test", paths: ["/api(/|$)(.*)"], annotations: { "rewrite-target": "/$2" } }),
  );
  expect(requests).toEqual(
    expect.arrayContaining([
      "GET http://shop.test/api",
      "GET http://shop.test/api/x",
      "GET http://shop.test/apiany",
    ]),
  );
});

test("a route is asked what its annotations ask: clients, origins, preflights, users' canaries", () => {
  const both: readonly Written[] = [
    {
      host: "shop.test",
      annotations: { "allowlist-source-range": "10.0.0.0/8", "enable-cors": "true" },
    },
    {
      name: "canary",
      service: "new",
      host: "shop.test",
      annotations: { canary: "true", "canary-by-header": "X-Beta", "canary-weight": "30" },
    },
  ];
  const witnesses = [...witnessesOf([tableOf(...both)]).requests].map(({ request }) => request);
  const within = witnesses.filter(({ client }) => client === "10.0.0.5");
  expect(
    within.some(({ headers }) => headers.some(([name, value]) => name === "X-Beta" && value === "always")),
  ).toBe(true);
  expect(within.some(({ method }) => method === "OPTIONS")).toBe(true);
  expect(within.some(({ chance = 1 }) => chance < 0.3)).toBe(true);
  expect(within.some(({ chance = 0 }) => chance > 0.3)).toBe(true);
  expect(witnesses.some(({ client }) => client === "203.0.113.9")).toBe(true);
});

test("the number of requests grows with the number of rules", () => {
  const countOf = (rules: number) => {
    const written = Array.from({ length: rules }, (_, at) => ({
      name: `shop${at}`,
      host: `shop${at}.test`,
      paths: ["/", `/api${at}`],
    }));
    return shown(tableOf(...written), tableOf(...written.slice(1))).length;
  };
  expect(countOf(60)).toBeLessThan(2.2 * countOf(30));
});

test("requests may be read twice", () => {
  const { requests } = witnessesOf([tableOf({ host: "shop.test" })]);
  expect([...requests]).toEqual([...requests]);
});
