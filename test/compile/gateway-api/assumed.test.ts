import { expect, test } from "vitest";
import { worldOf } from "./gateway-world.ts";

const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { ports: [{ port: 80 }] }
`;
const routeTo = (parent: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec:
  parentRefs: [{ ${parent} }]
  hostnames: [shop.test]
  rules: [{ backendRefs: [{ name: web, port: 80 }] }]
`;
const other = (kind: string, spec: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: other, namespace: shop }
spec: { ${spec} }
`;
const gatewayOf = (name: string) =>
  other("Gateway", `gatewayClassName: ${name}, listeners: [{ name: http, protocol: HTTP, port: 80 }]`);

test.each<readonly [string, string, readonly string[]]>([
  ["name alone", "name: public, namespace: infra", ["http 80", "https 443"]],
  ["a section of http", "name: public, sectionName: web", ["http 80"]],
  ["a section of https", "name: public, sectionName: shop-https", ["https 443"]],
  ["a port", "name: public, port: 8080", ["http 8080"]],
  ["a port of TLS", "name: public, port: 8443", ["https 8443"]],
  ["a Service, as meshes do", "kind: Service, name: web", []],
])("a Gateway that the files lack is assumed for a route with %s", (_, parent, wanted) => {
  const { table, problems } = worldOf([SERVICE, routeTo(parent)], { completeness: "partial" });
  const points = table.entryPoints.flatMap(({ scheme, port, selection }) =>
    selection.kind === "hosts" && selection.hosts.exact.has("shop.test") ? [`${scheme} ${port}`] : [],
  );
  expect(points).toEqual(wanted);
  expect(problems.map(({ code }) => code)).toEqual(wanted.length === 0 ? [] : ["gateway-assumed"]);
});

test.each<readonly [string, readonly string[], "partial" | "whole"]>([
  ["the cluster was read", [SERVICE, routeTo("name: public")], "whole"],
  ["the files hold another", [SERVICE, gatewayOf("eg"), routeTo("name: public")], "partial"],
  [
    "the files hold a ListenerSet",
    [
      SERVICE,
      other(
        "ListenerSet",
        "parentRef: { name: public }, listeners: [{ name: http, protocol: HTTP, port: 80 }]",
      ),
      routeTo("name: public"),
    ],
    "partial",
  ],
])("no Gateway is assumed where %s", (_, manifests, completeness) => {
  const { ask, problems } = worldOf(manifests, { completeness });
  expect(ask("GET / HTTP/1.1\r\nHost: shop.test").kind).toBe("respond");
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    [
      "route-not-attached",
      "HTTPRoute shop/web is not served by this parent: there is no Gateway shop/public",
    ],
  ]);
});

test.each([
  ["eg", []],
  ["mine", []],
  ["istio", ["gateway-of-other"]],
  ["gke-l7-global-external-managed", ["gateway-of-other"]],
])("a Gateway of class %s is told as another implementation's where it usually is", (name, codes) => {
  const { problems } = worldOf([gatewayOf(name)], { completeness: "partial" });
  expect(problems.map(({ code }) => code)).toEqual(codes);
});
