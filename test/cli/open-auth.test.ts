import { expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const manifest = (url: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, annotations: { nginx.ingress.kubernetes.io/auth-url: "${url}" } }
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;
const SERVICE = "http://auth.login.svc.cluster.local:8080/verify";
const WARNING =
  "The echo service answers for the authentication service login/auth:8080 of Ingress default/shop, with 200: everybody comes in here.";

test.each([
  [SERVICE, [], true],
  [SERVICE, ["--map", "login/auth=3000"], false],
  [SERVICE, ["--no-echo"], false],
  ["https://login.example.com/verify", [], false],
] as const)("auth-url %s, %j: said that everybody comes in: %s", async (url, args, isSaid) => {
  const input = manifest(url);
  const explain = await runHere(["explain", "http://shop.test/", "-f", "-", ...args], { input });
  const routes = await runHere(["routes", "-", "-o", "json", ...args], { input });
  const found: readonly { message: string }[] = JSON.parse(routes.stdout).problems;
  expect(found.map(({ message }) => message)).toEqual(isSaid ? [WARNING] : []);
  expect(explain.stderr.includes(WARNING)).toBe(isSaid);
});

test("routes and explain tell of a map for nothing as up does", async () => {
  const input = manifest("https://login.example.com/verify");
  const { stderr } = await runHere(["explain", "http://shop.test/", "-f", "-", "--map", "wep=1"], { input });
  expect(stderr).toContain("wep=1 is for a Service that no Ingress leads to.");
  expect(stderr).toContain("Did you mean web?");
});
