import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runHere } from "./in-process.ts";

/** Two controllers: an Ingress of ingress-nginx, and an HTTPProxy with a path that can be changed. */
const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [shop.test], secretName: shop-tls }]
  rules:
    - host: shop.test
      http: { paths: [{ path: /cart, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
`;
const proxy = (prefix: string) => `
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: blog }
spec:
  virtualhost: { fqdn: blog.test }
  routes: [{ conditions: [{ prefix: ${prefix} }], services: [{ name: web, port: 80 }] }]
---
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: wild }
spec:
  virtualhost: { fqdn: "*.wild.test", tls: { secretName: wild-tls } }
  routes: [{ services: [{ name: web, port: 80 }] }]
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-several-"));
  writeFileSync(join(folder, "shop.yaml"), INGRESS);
  writeFileSync(join(folder, "blog.yaml"), proxy("/"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (argv: readonly string[], input = "") =>
  runHere(argv, { cwd: folder, env: { HOME: folder }, input });

test("diff asks each side's controller of the host", async () => {
  const now = mkdtempSync(join(folder, "now-"));
  writeFileSync(join(now, "shop.yaml"), INGRESS);
  writeFileSync(join(now, "blog.yaml"), proxy("/b"));
  const files = [join(folder, "*.yaml"), now];
  const { code, stdout } = await run(["diff", ...files]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^rule removed: blog\.test \/ \(Prefix\) of HTTPProxy default\/blog/);
  expect(stdout).toContain("HTTPProxy default/blog blog.test / (Prefix)");
  expect(stdout).not.toContain("shop.test");
  expect(await run(["diff", now, now])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^No differences in \d+ requests/),
  });
});

test("diff from one controller to another, as by a class that was changed", async () => {
  const now = mkdtempSync(join(folder, "now-"));
  writeFileSync(join(now, "all.yaml"), INGRESS.replace("nginx", "contour"));
  const { stdout } = await run(["diff", join(folder, "shop.yaml"), now]);
  // ingress-nginx redirects http to https where there is a certificate, Contour does not.
  expect(stdout).toMatch(/^ {2}GET http:\/\/shop\.test\/cart\/ {2}redirect 308 .* → forward /m);
});

test.each(["shop-tls", "wild-tls"])("certs secret %s, whichever controller serves it", async (name) => {
  const argv = ["certs", "secret", name, "-f", folder, "--certs-dir", join(folder, "certs")];
  const { code, stdout } = await run(argv);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`name: "${name}"`)]);
});

test("doctor looks at the ports and hosts of all", async () => {
  const argv = [
    "doctor",
    folder,
    "--http-port",
    "0",
    "--https-port",
    "0",
    "--certs-dir",
    join(folder, "certs"),
  ];
  const { stdout } = await run([...argv, "--hosts-file", join(folder, "hosts"), "-o", "json"]);
  const { checks } = JSON.parse(stdout) as { checks: { what: string; message: string }[] };
  const all = checks.map(({ message }) => message).join("\n");
  expect(all).toMatch(/ingress-nginx: 1 route, 1 host; contour: 2 routes, 2 hosts\./);
  expect(all.match(/--http-port 0/g)).toHaveLength(2);
});

test("test --init writes what each controller does, and test finds it so", async () => {
  const file = join(folder, "ingress.test.yaml");
  expect((await run(["test", "--init", file, folder])).code).toBe(0);
  const text = readFileSync(file, "utf8");
  for (const host of ["https://shop.test", "http://blog.test", "https://www.wild.test"])
    expect(text).toContain(`host: ${host}`);
  expect(await run(["test", file])).toMatchObject({ code: 0 });
});

test("test --init tells the rules whose requests go to another controller", async () => {
  writeFileSync(join(folder, "blog.yaml"), proxy("/").replace("blog.test", "shop.test"));
  const { code, stdout } = await run(["test", "--init", join(folder, "ingress.test.yaml"), folder]);
  expect(code).toBe(0);
  expect(stdout.match(/^ {2}no request found for .*$/gm)).toEqual([
    expect.stringMatching(/for default\/blog shop\.test \/ /),
  ]);
});

test("explain - finds the rule of each line by its host", async () => {
  const line = (host: string, path: string) =>
    `{"time":"2026-01-01T00:00:00Z","method":"GET","host":"${host}","path":"${path}","status":200}`;
  const { code, stdout } = await run(
    ["explain", "-", "-f", folder, "-o", "json"],
    `${line("blog.test", "/x")}\n${line("shop.test", "/cart")}\n${line("blog.test", "/y")}\n`,
  );
  const { rules } = JSON.parse(stdout) as { rules: { ingress: string; count: number }[] };
  expect([code, rules.map(({ ingress, count }) => `${ingress} ${count}`)]).toEqual([
    0,
    ["default/blog 2", "default/shop 1", "default/wild 0"],
  ]);
});

test("replay --offline decides each request by the controller of its host", async () => {
  const entry = (url: string, status: number, location = "") => ({
    startedDateTime: "2026-01-01T00:00:00.000Z",
    time: 1,
    request: { method: "GET", url, httpVersion: "HTTP/1.1", headers: [], queryString: [], cookies: [] },
    response: { status, statusText: "", headers: [], content: {}, redirectURL: location, cookies: [] },
  });
  const entries = [
    entry("http://blog.test/x", 200),
    entry("http://shop.test/cart", 308, "https://shop.test/cart"),
    entry("http://a.wild.test/", 301, "https://a.wild.test/"),
  ];
  const file = join(folder, "all.har");
  writeFileSync(file, JSON.stringify({ log: { version: "1.2", creator: {}, entries } }));
  const { code, stdout } = await run(["replay", file, folder, "--offline"]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/3 requests?/)]);
});

test("hosts sync tells the hosts of all, and those that a hosts file cannot hold", async () => {
  const { stdout } = await run(["hosts", "sync", folder, "--hosts-file", join(folder, "hosts")]);
  for (const host of ["shop.test", "blog.test", "not *.wild.test"]) expect(stdout).toContain(host);
});

test("verify has one address, so it asks which controller that is", async () => {
  const { code, stderr } = await run(["verify", "http://127.0.0.1:9", folder]);
  expect(code).toBe(2);
  expect(stderr).toContain("several controllers (ingress-nginx, contour)");
  expect(stderr).toContain("--controller ingress-nginx");
});

test("explain takes the listener of a URL's port, and follows redirects there", async () => {
  const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw }
spec:
  gatewayClassName: eg
  listeners: [{ name: http, port: 80, protocol: HTTP }, { name: alt, port: 8080, protocol: HTTP }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: eg }
spec: { controllerName: gateway.envoyproxy.io/gatewayclass-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: alt }
spec:
  parentRefs: [{ name: gw, sectionName: alt }]
  hostnames: [alt.test]
  rules:
    - matches: [{ path: { value: /go } }]
      filters: [{ type: RequestRedirect, requestRedirect: { path: { type: ReplaceFullPath, replaceFullPath: /end } } }]
    - backendRefs: [{ name: web, port: 80 }]
`;
  writeFileSync(join(folder, "gateway.yaml"), gateway);
  const first = async (...argv: readonly string[]) =>
    (await run(["explain", ...argv, "-f", folder])).stdout.match(/^GET .*$/gm);
  expect(await first("http://alt.test:8080/x")).toEqual([
    "GET http://alt.test:8080/x  → forward default/web:80 /x",
  ]);
  expect((await first("http://alt.test/x"))?.[0]).toMatch(/→ respond 404$/);
  expect(await first("--follow", "http://alt.test:8080/go")).toEqual([
    "GET http://alt.test:8080/go  → redirect 302 http://alt.test:8080/end",
    "GET http://alt.test:8080/end  → forward default/web:80 /end",
  ]);
});

test("routes has the columns of kubectl get for custom resources", async () => {
  const inWords = async () =>
    (await run(["routes", folder])).stdout.split("\n").map((line) => line.trim().replace(/ {2,}/g, " | "));
  expect(await inWords()).toEqual(
    expect.arrayContaining([
      "NAMESPACE | NAME | FQDN | TLS SECRET | STATUS | STATUS DESCRIPTION",
      "default | blog | blog.test | valid | Valid HTTPProxy",
      "default | wild | *.wild.test | wild-tls | valid | Valid HTTPProxy",
    ]),
  );
  writeFileSync(
    join(folder, "traefik.yaml"),
    "apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: { name: r }\nspec: { routes: [{ kind: Rule, match: 'Host(`r.test`)', services: [{ name: web, port: 80 }] }] }\n",
  );
  expect(await inWords()).toContain("default | r | Host(`r.test`)");
});
