import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const SERVICE = "service: { name: web, port: { number: 80 } }";
const RESOURCE = "resource: { apiGroup: k8s.example, kind: Bucket, name: static }";

function ingress(annotations: Readonly<Record<string, string>>, path = "/p", backend = SERVICE): string {
  const written = Object.entries(annotations).map(
    ([name, value]) => `    nginx.ingress.kubernetes.io/${name}: '${value}'\n`,
  );
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    a: b
${written.join("")}spec:
  ingressClassName: nginx
  rules:
    - host: '${annotations["from-to-www-redirect"] === undefined ? "web.test" : "*.web.test"}'
      http: { paths: [{ path: '${path}', pathType: ImplementationSpecific, backend: { ${backend} } }] }
`;
}

test.each([
  ["nothing", ingress({}), [], []],
  ["a value that is ignored", ingress({ "proxy-buffering": "sometimes" }), [], []],
  [
    "a value that costs the Ingress",
    ingress({ "limit-rps": "many" }),
    [["annotation-refused", "ingress"]],
    ["web.test"],
  ],
  [
    "a value that stops nginx",
    ingress({ "proxy-read-timeout": "-1" }),
    [["controller-stops", "ingress"]],
    ["web.test"],
  ],
  ["an inspected path", ingress({}, "/var/run/secrets"), [["ingress-inspected", "ingress"]], ["web.test"]],
  ["a bad expression", ingress({ "use-regex": "true" }, "/p("), [["bad-pattern", "route"]], []],
  ["a backend that is no Service", ingress({}, "/p", RESOURCE), [["resource-backend", "route"]], []],
  // The Ingress is served at its own host all the same.
  ["a redirect from no name", ingress({ "from-to-www-redirect": "true" }), [], []],
])("%s: what is lost, and the hosts without an Ingress by that", (_, text, losses, hosts) => {
  const { snapshot } = snapshotOf(parseManifest(text, "a.yaml").resources);
  const { lost, table } = compile(snapshot, { controller: "ingress-nginx", classless: "served" });
  expect(lost.map((problem) => [problem.code, problem.lost])).toEqual(losses);
  expect([...table.unserved.keys()]).toEqual(hosts);
});
