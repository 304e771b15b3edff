import { expect, test } from "vitest";
import { addressesFor, hostsOf, isLoopback, urlsOf } from "../../src/cli/addresses.ts";
import { compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const rule = (host: string, ...paths: readonly string[]) => `
    - host: "${host}"
      http:
        paths:${paths.map((path) => `\n          - { path: "${path}", pathType: ImplementationSpecific, backend: { service: { name: web, port: { number: 80 } } } }`).join("")}`;

function tableOf(rules: string, annotations = "{}", tls = "[]") {
  const manifest = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: a, annotations: ${annotations} }
spec:
  ingressClassName: nginx
  tls: ${tls}
  rules:${rules}
`;
  const { snapshot } = snapshotOf(parseManifest(manifest, "a.yaml").resources);
  const options = { controller: "ingress-nginx", ingressClasses: ["nginx"], classless: "served" } as const;
  return compile(snapshot, options).table;
}

const REGEX = '{ nginx.ingress.kubernetes.io/use-regex: "true" }';

test.each([
  // hosts and paths                                     annotations  the URL to try
  [rule("a.test", "/path1", "/path2/longer"), "{}", ["http://a.test:31000/path1"]],
  [rule("A.test", "/"), "{}", []],
  [rule("a.test", "/cart(/|$)(.*)"), REGEX, ["http://a.test:31000/cart"]],
  [rule("a.test", "/carts?/x"), REGEX, ["http://a.test:31000/cart"]],
  [rule("a.test", "/(.*)"), REGEX, ["http://a.test:31000/"]],
  [rule("a.test", "/x") + rule("b.test", "/y"), "{}", ["http://a.test:31000/x", "http://b.test:31000/y"]],
  [rule("*.a.test", "/x"), "{}", []],
])("a URL to try for each host of %s", (rules, annotations, urls) => {
  const ports = { http: { port: 31000 }, https: { port: 32000 } };
  expect(urlsOf(tableOf(rules, annotations), ports)).toEqual(urls);
});

test.each([
  ["{ hosts: [a.test], secretName: s }", 32000, "https://a.test:32000/"],
  ["{ hosts: [a.test], secretName: s }", 443, "https://a.test/"],
])("with TLS %s on port %i: %s", (tls, port, url) => {
  const ports = { http: { port: 31000 }, https: { port } };
  expect(urlsOf(tableOf(rule("a.test", "/"), "{}", `[${tls}]`), ports)).toEqual([url]);
});

test("hosts are every name and wildcard", () => {
  expect(hostsOf(tableOf(rule("a.test", "/") + rule("*.b.test", "/")))).toEqual(["a.test", "*.b.test"]);
});

test.each([
  ["127.0.0.1", ["127.0.0.1", "::1"], true],
  ["::1", ["::1"], true],
  ["127.0.0.2", ["127.0.0.2"], true],
  ["0.0.0.0", ["127.0.0.1", "::1"], false],
  ["::", ["127.0.0.1", "::1"], false],
  ["192.168.1.5", ["192.168.1.5"], false],
])("bound to %s, names lead to %j", (bind, addresses, loopback) => {
  expect(addressesFor(bind)).toEqual(addresses);
  expect(isLoopback(bind)).toBe(loopback);
});
