import { expect, test } from "vitest";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

const ingress = (name: string, path: string, middlewares = "") => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { traefik.ingress.kubernetes.io/router.middlewares: "${middlewares}" } }
spec:
  ingressClassName: traefik
  rules: [{ host: a.test, http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;

function codesOf(...documents: readonly string[]): readonly (readonly [string, string | undefined])[] {
  const { snapshot } = snapshotOf(parseManifest(documents.join("---\n"), "a.yaml").resources);
  const { problems } = compile(snapshot, { controller: "traefik", classless: "served" });
  return problems.map(({ code, object }) => [code, object?.name]);
}

test.each<readonly [string, readonly string[], ReturnType<typeof codesOf>]>([
  ["nothing where all is served", [ingress("a", "/"), ingress("b", "/b")], []],
  [
    "a guard that is gone, where a shorter rule answers",
    [ingress("a", "/"), ingress("b", "/b", "default-auth@kubernetescrd")],
    [["guard-lost", "b"]],
  ],
  ["a route that is gone, where nothing answers", [ingress("b", "/b", "auth")], [["route-lost", "b"]]],
  ["routes that are drawn", [ingress("a", "/"), ingress("b", "/")], [["ambiguous-route", "b"]]],
])("check says %s", (_, documents, problems) => expect(codesOf(...documents)).toEqual(problems));
