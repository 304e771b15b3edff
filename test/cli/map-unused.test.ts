import { expect, test } from "vitest";
import { unusedMaps } from "../../src/cli/routing/unused-maps.ts";
import { atOnce } from "../../src/steps.ts";
import { parseMap } from "../../src/upstream/map.ts";
import { compileCase } from "../support/compiled-case.ts";

const OPTIONS = { controller: "ingress-nginx", ingressClasses: ["nginx"], exact: false, echo: true } as const;

function ingress(name: string, annotations: string, more = ""): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { ${annotations} } }
spec:
  ingressClassName: nginx
  rules:
    - host: ${name}.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: app, port: { number: 80 } } } }] }
${more}`;
}

const annotated = (name: string, value: string) =>
  ingress("web", `nginx.ingress.kubernetes.io/${name}: ${JSON.stringify(value)}`);
const CANARY = `${ingress("web", "")}---
${ingress(
  "canary",
  '"nginx.ingress.kubernetes.io/canary": "true", "nginx.ingress.kubernetes.io/canary-weight": "50"',
)
  .replace("canary.test", "web.test")
  .replace("name: app", "name: can")}`;
const EXTERNAL = `${ingress("web", "")}---
apiVersion: v1
kind: Service
metadata: { name: app }
spec: { type: ExternalName, externalName: other.shop.svc.cluster.local }
`;
const STREAMS = `apiVersion: v1
kind: ConfigMap
metadata: { name: tcp-services, namespace: ingress-nginx }
data: { "9000": "default/db:5432" }
`;
const AUTH = "http://auth.login.svc.cluster.local:8080/verify?u=$request_uri";

test.each([
  // what leads to the Service            manifests                                          map                unused
  ["a path", ingress("web", ""), "app=1", "none"],
  ["nothing", ingress("web", ""), "ap=1", "Did you mean app?"],
  ["a path of another namespace", ingress("web", ""), "shop/app=1", "Did you mean app?"],
  ["default-backend", annotated("default-backend", "err"), "err=1", "none"],
  ["a canary", CANARY, "can=1", "none"],
  ["auth-url", annotated("auth-url", AUTH), "login/auth=1", "none"],
  ["auth-url of another namespace", annotated("auth-url", AUTH), "shop/auth=1", "Did you mean auth?"],
  ["auth-url with a variable host", annotated("auth-url", "http://$host.login.svc/"), "auth=1", "none"],
  [
    "mirror-target",
    annotated("mirror-target", "http://copy.default.svc.cluster.local$request_uri"),
    "copy=1",
    "none",
  ],
  ["an externalName", EXTERNAL, "shop/other=1", "none"],
  ["tcp-services", STREAMS, "db=1", "none"],
  ["an auth-url elsewhere", annotated("auth-url", "http://login.example.com/"), "login=1", "There are: app."],
] as const)("%s: %s %s", async (_, text, map, fix) => {
  const { table, services } = compileCase([{ file: "a.yaml", text }], OPTIONS);
  const found = atOnce(unusedMaps([parseMap(map)], table, services));
  expect(found.map((problem) => problem.fix)).toEqual(fix === "none" ? [] : [fix]);
});
