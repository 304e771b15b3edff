import { expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const MANIFEST = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http:
        paths:
          - { path: /cart, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } }
          - { path: /api/v1, pathType: Exact, backend: { service: { name: api, port: { number: 80 } } } }
          - { path: /files/, pathType: Exact, backend: { service: { name: files, port: { number: 80 } } } }
    - host: "*.wild.test"
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: wild, port: { number: 80 } } } }] }
    - host: all.test
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: all, port: { number: 80 } } } }
          - { path: /orders, pathType: Prefix, backend: { service: { name: orders, port: { number: 80 } } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: other }
spec:
  ingressClassName: traefik
  rules:
    - host: traefik.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: t, port: { number: 80 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: regex
  annotations:
    nginx.ingress.kubernetes.io/use-regex: "true"
spec:
  ingressClassName: nginx
  rules:
    - host: regex.test
      http:
        paths:
          - { path: "/users/[0-9]+", pathType: ImplementationSpecific, backend: { service: { name: u, port: { number: 80 } } } }
          - { path: "/img(/|$)(.*)", pathType: ImplementationSpecific, backend: { service: { name: i, port: { number: 80 } } } }
`;

interface NearJson {
  readonly ingress: string;
  readonly rule: { readonly path: string };
  readonly file: string;
  readonly line: number;
  readonly why: string;
  readonly url?: string;
}

async function json(...args: readonly string[]) {
  const { stdout, stderr } = await runHere(
    ["explain", "--controller", "ingress-nginx", ...args, "-f", "-", "-o", "json"],
    {
      input: MANIFEST,
    },
  );
  return JSON.parse(stdout === "" ? stderr : stdout);
}

test.each([
  // request                        URL that matches                    what differs
  ["shop.test/Cart/1?q=1", "http://shop.test/cart/1?q=1", "paths are compared with regard to case"],
  ["shop.test/api/v1/", "http://shop.test/api/v1", "the request has a slash at its end"],
  ["shop.test/api/v1/users", "http://shop.test/api/v1", "an Exact path covers nothing below it"],
  ["shop.test/cartoon", "http://shop.test/cart", "a Prefix covers whole path elements"],
  ["shop.test/crat/1", "http://shop.test/cart/1", "/crat is close to /cart"],
  ["shop.test/api", "http://shop.test/api/v1", "the rule asks for more of the path"],
  ["shopp.test/cart", "http://shop.test/cart", "host shopp.test is close to shop.test"],
  ["www.shop.test/cart", "http://shop.test/cart", "without www."],
  ["www.shop.test/Cart", "http://shop.test/cart", "without www.; paths are compared with regard to case"],
  ["https://nobody.test/cart", "https://shop.test/cart", "the path is one of host shop.test"],
  ["a.b.wild.test/x", "http://b.wild.test/x", "*.wild.test covers exactly one label, so not a.b.wild.test"],
  ["wild.test/x", "http://www.wild.test/x", "*.wild.test covers exactly one label, so not wild.test itself"],
  ["all.test/Orders", "http://all.test/orders", "paths are compared with regard to case"],
  ["regex.test/imgs/x", "http://regex.test/img", "^/img(/|$)(.*) does not match /imgs/x"],
] as const)("explain %s: near is %s", async (asked, url, why) => {
  const { near } = (await json(asked)) as { near: readonly NearJson[] };
  expect(near[0]).toMatchObject({ url, why: expect.stringContaining(why), line: expect.any(Number) });
});

test.each([
  ["shop.test/cart"],
  ["all.test/nothing-like-it"],
  ["shop.test/../etc"],
  ["nobody.test/nothing"],
  ["nobody.test/healthz"],
])("explain %s: nothing is near", async (asked) => expect((await json(asked)).near).toBeUndefined());

test("a rule whose Ingress is not served comes first, and no URL matches it", async () => {
  const { near } = (await json("traefik.test/x")) as { near: readonly NearJson[] };
  expect(near[0]).toMatchObject({ ingress: "default/other", rule: { host: "traefik.test", path: "/" } });
  expect(near[0]?.why).toContain("is ignored");
  expect(near[0]?.url).toBeUndefined();
});

test("where no redirect adds it, a missing slash is told", async () => {
  const { near } = await json("shop.test/files", "--controller", "kubernetes");
  expect(near[0]).toMatchObject({ url: "http://shop.test/files/", why: expect.stringContaining("slash") });
});

test("people see the rule, its place, what differs and the URL", async () => {
  const { stdout } = await runHere(["explain", "shop.test/Cart", "-f", "-"], { input: MANIFEST });
  expect(stdout).toContain(
    "  Near            default/shop shop.test /cart (Prefix)  <stdin>:11: paths are compared with regard to case: /Cart is not /cart  → explain http://shop.test/cart\n",
  );
});

test("a thousand rules on as many hosts: few are told, and soon", async () => {
  const rules = Array.from(
    { length: 1_000 },
    (_, at) =>
      `    - host: h${at}.test\n      http: { paths: [{ path: /same, pathType: Prefix, backend: { service: { name: s, port: { number: 80 } } } }] }\n`,
  );
  const input = `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: many }\nspec:\n  ingressClassName: nginx\n  rules:\n${rules.join("")}`;
  const { stdout } = await runHere(["explain", "nobody.example/same", "-f", "-", "-o", "json"], { input });
  expect(JSON.parse(stdout).near).toHaveLength(3);
});
