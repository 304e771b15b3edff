import { expect, it, test } from "vitest";
import { contourOf } from "./contour-world.ts";

const ingress = (name: string, tls: string, annotations = "") => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { ${annotations} } }
spec:
  tls: [${tls}]
  rules:
    - host: app.test
      http: { paths: [{ path: /${name}, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
`;

const MORE = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Secret
metadata: { name: no-key }
data: { tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t }
---
`;

const GOOD = "{ hosts: [app.test], secretName: app-tls }";

test.each([
  ["{ hosts: [app.test], secretName: gone }", "", "Secret default/gone: Secret not found"],
  ["{ hosts: [app.test] }", "", "it names no Secret"],
  [
    "{ hosts: [app.test], secretName: no-key }",
    "",
    "Secret default/no-key: invalid TLS certificate: failed to parse PEM block",
  ],
  [
    GOOD,
    "projectcontour.io/tls-cert-namespace: other",
    "no TLSCertificateDelegation gives Secret other/app-tls",
  ],
  [
    GOOD,
    'projectcontour.io/tls-minimum-protocol-version: "1.3", projectcontour.io/tls-maximum-protocol-version: "1.2"',
    "its lowest TLS version is above its highest",
  ],
])("tls %s with %s is said to be left out", (tls, annotations, words) => {
  const { table, problems } = contourOf(MORE + ingress("a", tls, annotations));
  expect(problems).toMatchObject([{ code: "tls-not-served", message: expect.stringContaining(words) }]);
  expect(problems[0]?.line).toBeGreaterThan(0);
  expect(table.tlsHosts).toEqual([]);
});

it("says that Contour draws one of two ranges of versions of a host, and takes the first", () => {
  const versions = 'projectcontour.io/tls-minimum-protocol-version: "1.3"';
  const drawn = contourOf(MORE + ingress("a", GOOD) + ingress("b", GOOD, versions));
  expect(drawn.problems).toMatchObject([
    {
      code: "ambiguous-route",
      message: expect.stringMatching(/Ingress default\/b and Ingress default\/a \(test\.yaml:\d+\)/),
    },
  ]);
  expect(drawn.table.tlsHosts).toMatchObject([{ secretName: "app-tls", ingress: { name: "a" } }]);
});

it("says nothing of TLS that is good", () => {
  expect(contourOf(MORE + ingress("a", GOOD) + ingress("b", GOOD)).problems).toEqual([]);
});
