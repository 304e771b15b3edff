import { expect, test } from "vitest";
import { contourOf } from "./contour-world.ts";

const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
---
`;

const path = (text: string, service: string) =>
  `{ path: ${JSON.stringify(text)}, pathType: ImplementationSpecific, backend: { service: { name: ${service}, port: { number: 80 } } } }`;

test.each([
  ["web", "drops the later paths of its rule", "respond"],
  // Contour looks for the Service first (computeIngressRule).
  ["gone", "is left out alone where its Service is missing", "forward"],
])("an expression that does not parse, to Service %s, %s", (service, _, wanted) => {
  const world = contourOf(`${SERVICE}apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  rules:
    - host: app.test
      http: { paths: [${path("/a**", service)}, ${path("/b", "web")}] }
`);
  expect(world.ask("/b", "http").kind).toBe(wanted);
});
