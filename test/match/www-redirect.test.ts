import { expect, test } from "vitest";
import { hostsOf } from "../../src/cli/addresses.ts";
import { explain } from "../../src/match/explain.ts";
import { match } from "../../src/match/match.ts";
import type { RequestFacts } from "../../src/model/decision.ts";
import { compileCase } from "../support/compiled-case.ts";

const { table } = compileCase(
  [
    {
      file: "www.yaml",
      text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, annotations: { nginx.ingress.kubernetes.io/from-to-www-redirect: "true" } }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [shop.test, www.shop.test], secretName: shop }]
  rules:
    - host: shop.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: shop, port: { number: 80 } } } }] }
`,
    },
  ],
  { controller: "ingress-nginx", ingressClasses: ["nginx"], exact: false, echo: true },
);

test("the other name is a host of the table, with the certificate of the first where that names it", () => {
  expect(hostsOf(table)).toEqual(["shop.test", "www.shop.test"]);
  expect(table.tlsHosts.map(({ host, secretName }) => [host, secretName])).toEqual([
    ["shop.test", "shop"],
    ["www.shop.test", "shop"],
  ]);
});

test("explain names the annotation and its Ingress, and what the cluster would send", () => {
  const facts: RequestFacts = {
    scheme: "http",
    method: "GET",
    host: "www.shop.test:31000",
    target: "/a",
    ports: { http: 31000, https: 32000 },
    exact: false,
    header: () => undefined,
    remoteAddress: "127.0.0.1",
    chance: 0.5,
    noEndpoints: () => undefined,
  };
  const decision = match(table, facts);
  const { rejected, differences } = explain(table, { facts, decision });
  expect(decision).toMatchObject({ kind: "redirect", status: 308, location: "http://shop.test:31000/a" });
  expect(decision.why[0]?.text).toBe(
    "the annotation from-to-www-redirect of Ingress default/shop sends www.shop.test to shop.test",
  );
  expect(decision.route?.ingress?.name).toBe("shop");
  expect(rejected).toEqual([]);
  expect(differences).toContain("Location: http://shop.test:80/a");
});
