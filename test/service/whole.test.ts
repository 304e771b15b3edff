import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const MANIFESTS = `apiVersion: v1
kind: Service
metadata: { name: other }
spec: { selector: { app: other }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, annotations: { nginx.ingress.kubernetes.io/auth-type: basic, nginx.ingress.kubernetes.io/auth-secret: users } }
spec:
  ingressClassName: nginx
  rules:
    - host: web.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;
const { snapshot } = snapshotOf(parseManifest(MANIFESTS, "a.yaml").resources);

function said(completeness: "partial" | "whole"): readonly string[] {
  const standIns = completeness === "whole" ? undefined : {};
  const options = { controller: "ingress-nginx", classless: "served", completeness, standIns } as const;
  return compile(snapshot, options).problems.map(({ level, code, message }) => `${level} ${code} ${message}`);
}

test("files may be a part of what is applied", () =>
  expect(said("partial")).toEqual([
    expect.stringMatching(/^warning reference-absent .*no such Secret \(where the cluster lacks it too, /),
    expect.stringMatching(
      /^notice service-missing The Service web of namespace default is not among the man/,
    ),
  ]));

test("what a cluster lacks is not there", () =>
  expect(said("whole")).toEqual([
    expect.stringMatching(/^error annotation-denied .*no such Secret: the controller answers 503 /),
    "warning service-missing Ingress default/web: there is no Service web in namespace default. Requests find no endpoint (503).",
  ]));
