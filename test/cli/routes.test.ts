import { expect, test } from "vitest";
import { runHere } from "./in-process.ts";
import { CAPTURED, SAMPLE } from "./kubectl-captures.ts";

const SERVICE = `---
apiVersion: v1
kind: Service
metadata: { name: empty }
spec: { ports: [{ port: 80 }] }
`;

test("routes prints what kubectl describe ingress does, but for the endpoints", async () => {
  const manifests = `${SAMPLE}${SERVICE}`;
  const { code, stdout } = await runHere(["routes", "-", "--no-echo", "--map", "web=3000"], {
    input: manifests,
  });
  expect(code).toBe(0);
  const [sample] = CAPTURED;
  const expected = sample.printed
    .replace("192.168.49.2", "127.0.0.1")
    .replace(
      "10.244.0.6:8080,10.244.0.8:8080,10.244.0.7:8080 + 2 more...",
      '<error: services "fallback" not found>',
    )
    .replaceAll("10.244.0.3:8080,10.244.0.4:8080", "127.0.0.1:3000")
    .replace("web:81 ()", "web:81 (127.0.0.1:3000)");
  const start = stdout.slice(0, stdout.indexOf("Events:"));
  expect(start).toBe(expected.slice(0, expected.indexOf("Events:")));
});

const TWO = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: second }
spec:
  ingressClassName: nginx
  defaultBackend: { service: { name: web, port: { number: 80 } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: first, namespace: shop }
spec:
  ingressClassName: traefik
  rules:
    - host: shop.test
      http: { paths: [{ path: /cart, pathType: Exact, backend: { service: { name: cart, port: { name: http } } } }] }
`;

test("an Ingress that is not served has no address, and an event that says why", async () => {
  const { stdout } = await runHere(["routes", "-", "--controller", "ingress-nginx"], { input: TWO });
  const [second = "", first = ""] = stdout.split("\n\n\n");
  expect(second).toContain("Address:          127.0.0.1\n");
  expect(second).toContain("  *           *     web:80 (echo/web-0)\n");
  expect(second).toContain("Events:       <none>");
  expect(first).toContain("Address:          \n");
  expect(first).toMatch(
    /Events:\n {2}Type +Reason +From +Message\n.*\n {2}Normal +class-ignored +<stdin>:\d+ +\S/,
  );
});

test("routes -o json says where every route leads and where it is written", async () => {
  const { stdout } = await runHere(["routes", "-", "-o", "json", "--controller", "ingress-nginx"], {
    input: TWO,
  });
  const { routes, problems } = JSON.parse(stdout);
  expect(routes).toEqual([
    {
      ingress: "default/second",
      host: "",
      backend: { namespace: "default", service: "web", port: 80 },
      upstream: "echo/web-0",
      file: "<stdin>",
      line: 7,
    },
  ]);
  expect(problems).toEqual([
    expect.objectContaining({
      code: "class-ignored",
      object: { kind: "Ingress", namespace: "shop", name: "first" },
    }),
  ]);
});

test("what belongs to no Ingress goes to standard error", async () => {
  const { code, stdout, stderr } = await runHere(["routes", "-"], {
    input: `${TWO}---\nkind: Ingress\na: [\n`,
  });
  expect(code).toBe(0);
  expect(stderr).toContain("error");
  expect(stderr).toContain("<stdin>:");
  expect(stdout).toContain("Name:             second");
});
