import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runHere } from "./in-process.ts";

let folder = "";
const at = (...names: string[]) => join(folder, ...names);
const put = (name: string, text: string) => writeFileSync(at(name), text);
const get = (name: string) => readFileSync(at(name), "utf8");
const convert = (...argv: string[]) => runHere(["convert", ...argv], { cwd: folder });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "convert-to-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SERVICE = `# The shop.
apiVersion: v1
kind: Service
metadata: { name:   web }
spec: { ports: [{ port: 80 }] }
`;
const INGRESS = `# Front door.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop # also in the runbook
spec:
  ingressClassName: nginx
  tls:
    - hosts: [shop.test]
      secretName: shop-tls
  rules:
    - host: shop.test # the public name
      http:
        paths:
          # The cart has its own team.
          - path: /cart
            pathType: Prefix
            backend:
              service: { name: cart, port: { number: 80 } }
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web # v2 since May
                port: { number: 80 }
# the end
`;
const CONVERTED = `# Front door.
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: gateway
spec:
  gatewayClassName: eg
  listeners:
    - name: http
      port: 80
      protocol: HTTP
    - name: https-shop-test
      port: 443
      protocol: HTTPS
      hostname: shop.test
      tls:
        certificateRefs:
          - name: shop-tls
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop # also in the runbook
spec:
  parentRefs:
    - name: gateway
      sectionName: https-shop-test
  hostnames:
    - shop.test # the public name
  rules:
    # The cart has its own team.
    - matches:
        - path:
            type: PathPrefix
            value: /cart
      backendRefs:
        - name: cart
          port: 80
    - matches:
        - path:
            type: PathPrefix
            value: /
      backendRefs:
        - name: web # v2 since May
          port: 80
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop-https-redirect
spec:
  parentRefs:
    - name: gateway
      sectionName: http
  hostnames:
    - shop.test
  rules:
    - filters:
        - type: RequestRedirect
          requestRedirect:
            scheme: https
            statusCode: 308
# the end
`;

describe("the objects stand where the Ingress stood", () => {
  test("printed, with the other documents and what is said beside them", async () => {
    put("a.yaml", `${SERVICE}---\n${INGRESS}`);
    const { code, stdout, stderr } = await convert("--to", "gateway-api", at("a.yaml"));
    expect(stdout).toBe(`${SERVICE}---\n${CONVERTED}`);
    expect(stderr).toContain("1 Ingress converted to gateway-api\n");
    expect(stderr).toMatch(/\d+ requests compared \(ingress-nginx and gateway-api\): \d+ the same/);
    expect(stderr).toContain("Nothing else differs.\n");
    expect(code).toBe(0);
    expect(get("a.yaml")).toBe(`${SERVICE}---\n${INGRESS}`);
  });

  test("written, with CRLF as before", async () => {
    put("a.yaml", `${SERVICE}---\n${INGRESS}`.replaceAll("\n", "\r\n"));
    const { code, stdout } = await convert("--to", "gateway-api", "--write", at("a.yaml"));
    expect(get("a.yaml")).toBe(`${SERVICE}---\n${CONVERTED}`.replaceAll("\n", "\r\n"));
    expect(stdout).toContain(
      `${at("a.yaml")}:8  Ingress default/shop: Gateway gateway, HTTPRoute shop, HTTPRoute shop-https-redirect\n`,
    );
    expect(code).toBe(0);
  });

  test("looked for alone: exit status 1, and nothing is written", async () => {
    put("a.yaml", INGRESS);
    const { code, stdout } = await convert("--to", "gateway-api", "--check", at("a.yaml"));
    expect(stdout).toContain("1 Ingress to convert to gateway-api\n");
    expect(code).toBe(1);
    expect(get("a.yaml")).toBe(INGRESS);
  });

  test("as JSON, with what was compared", async () => {
    put("a.yaml", INGRESS);
    const { stdout, stderr } = await convert("--to", "gateway-api", "-o", "json", at("a.yaml"));
    const { to, files, converted, problems, compared } = JSON.parse(stdout);
    expect({ to, problems, stderr }).toEqual({ to: "gateway-api", problems: [], stderr: "" });
    expect(files).toEqual([{ file: at("a.yaml"), text: CONVERTED, written: false }]);
    expect(converted).toEqual([
      {
        object: { kind: "Ingress", namespace: "default", name: "shop" },
        file: at("a.yaml"),
        line: 2,
        to: ["Gateway gateway", "HTTPRoute shop", "HTTPRoute shop-https-redirect"],
      },
    ]);
    const [{ from, requests, same, known, general, unnamed }] = compared;
    expect({ from, known, unnamed }).toEqual({ from: "ingress-nginx", known: [], unnamed: [] });
    expect(requests).toBeGreaterThan(same);
    expect(general.map(({ id }: { id: string }) => id)).toContain("hsts");
  });
});

describe("what cannot be converted", () => {
  test("an unknown target is named with the nearest", async () => {
    const { code, stderr } = await convert("--to", "gatway-api", folder);
    expect(stderr).toContain('"gatway-api" is not one of v1, gateway-api');
    expect(stderr).toContain("did you mean gateway-api?");
    expect(code).toBe(2);
  });

  test("an Ingress that names a port by a name that nobody explains is left as it is", async () => {
    put("a.yaml", INGRESS.replace("port: { number: 80 }\n# the end", "port: { name: http }\n# the end"));
    const { code, stdout, stderr } = await convert("--to", "gateway-api", at("a.yaml"));
    expect(stdout).toBe(get("a.yaml"));
    expect(stderr).toContain("Ingress default/shop is left as it is: spec.rules[0].http.paths[1].backend");
    expect(stderr).toContain("Nothing to convert.");
    expect(code).toBe(1);
  });
});
