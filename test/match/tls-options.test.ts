import { expect, onTestFinished, test } from "vitest";
import { matchTls } from "../../src/match/tls.ts";
import { compileCase } from "../support/compiled-case.ts";

function termsFor(options: string, servername: string) {
  const text = `
apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { ${options} }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, annotations: { nginx.ingress.kubernetes.io/ssl-ciphers: ECDHE-RSA-AES128-GCM-SHA256 } }
spec:
  ingressClassName: nginx
  rules: [{ host: own.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: plain }
spec:
  ingressClassName: nginx
  rules: [{ host: plain.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;
  const { table, close } = compileCase([{ file: "web.yaml", text }], {
    ...{ controller: "ingress-nginx", ingressClasses: ["nginx"], exact: true, echo: false },
  });
  onTestFinished(close);
  const decision = matchTls(table, servername);
  return decision.kind === "end" ? decision.terms : undefined;
}

const OWN = { ciphers: "ECDHE-RSA-AES128-GCM-SHA256" };
const CIPHERS = "ECDHE-RSA-AES256-GCM-SHA384";

test.each([
  // options                        host          terms
  ["", "own.test", OWN],
  ["", "plain.test", undefined],
  [`ssl-ciphers: ${CIPHERS}`, "own.test", OWN],
  [`ssl-ciphers: ${CIPHERS}`, "plain.test", { ciphers: CIPHERS }],
  [`ssl-ciphers: ${CIPHERS}`, "nobody.test", { ciphers: CIPHERS }],
  ["ssl-protocols: TLSv1.3", "own.test", { ...OWN, protocols: ["TLSv1.3"] }],
  ["ssl-protocols: TLSv1.3", "plain.test", { protocols: ["TLSv1.3"] }],
  ["ssl-ecdh-curve: prime256v1", "plain.test", { curves: "prime256v1" }],
  ['ssl-ciphers: ""', "plain.test", { ciphers: "HIGH:!aNULL:!MD5", serverCipherOrder: false }],
])("{ %s } for %s: %j", (options, host, terms) => expect(termsFor(options, host)).toEqual(terms));
