import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const MANIFESTS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http:
        paths:
          - { path: /cart, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } }
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: safe
spec:
  ingressClassName: nginx
  tls: [{ hosts: [safe.test], secretName: safe }]
  rules:
    - host: safe.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-replay-"));
  writeFileSync(join(folder, "shop.yaml"), MANIFESTS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface EntryOptions {
  readonly location?: string;
  readonly text?: string;
  readonly known?: object;
  readonly method?: string;
}

function entry(url: string, status: number, { location, text, known, method = "GET" }: EntryOptions = {}) {
  return {
    request: { method, url, headers: [] as object[] },
    response: { status, redirectURL: location ?? "", headers: [], content: { text } },
    _ingressDev: known,
  };
}

function save(entries: readonly object[]): string {
  const lines = entries.map((each) => JSON.stringify(each)).join(",\n");
  writeFileSync(join(folder, "a.har"), `{"log":{"entries":[\n${lines}\n]}}`);
  return "a.har";
}

const manifests = () => join(folder, "shop.yaml");

async function offline(...entries: readonly object[]) {
  const argv = ["replay", save(entries), manifests(), "--offline", "-o", "json"];
  const said = await runHere(argv, { cwd: folder });
  expect(said.stderr).toBe("");
  return { code: said.code, ...JSON.parse(said.stdout) };
}

const forward = (service: string, upstreamPath: string) => ({
  decision: "forward",
  backend: { namespace: "default", service, port: 80 },
  upstreamPath,
});

describe("replay --offline: what was recorded and can be answered so", () => {
  test.each<[string, object]>([
    ["a Service's answer, whatever it is", entry("http://shop.test/cart", 200)],
    ["a Service's own 404", entry("http://shop.test/cart", 404)],
    ["a Service's own redirect", entry("http://shop.test/", 301, { location: "/login" })],
    ["production's port", entry("http://shop.test:80/cart", 200, { known: forward("cart", "/cart") })],
    ["a redirect by the cluster", entry("http://safe.test/a?b", 308, { location: "https://safe.test/a?b" })],
    ["a redirect by up", entry("http://safe.test:31000/a", 308, { location: "https://safe.test:32000/a" })],
    ["the Service of the echo", entry("http://shop.test/cart?a", 200, { text: echo("cart", "/cart", "a") })],
    ["a failed upstream's page", entry("http://shop.test/", 502, { text: "<center>nginx</center>" })],
  ])("%s", async (_, recorded) =>
    expect(await offline(recorded)).toEqual({
      ...{ code: 0, file: "a.har", mode: "decided", compared: 1, different: 0, differences: [], leftOut: [] },
    }));
});

function echo(service: string, path: string, query: string): string {
  return JSON.stringify({ namespace: "default", service, pod: "x", port: 80, method: "GET", path, query });
}

describe("replay --offline: what cannot be answered so", () => {
  test.each<[string, object, object, object]>([
    [
      "another Service, by what ingress-dev recorded",
      entry("http://shop.test/cart", 200, { known: forward("web", "/cart") }),
      { service: "default/web:80" },
      { service: "default/cart:80", path: "/cart" },
    ],
    [
      "another path",
      entry("http://shop.test/cart", 200, { known: forward("cart", "/") }),
      { path: "/" },
      { path: "/cart" },
    ],
    [
      "another Service, by its echo",
      entry("http://shop.test/cart", 200, { text: echo("web", "/cart", "") }),
      { service: "default/web:80" },
      { service: "default/cart:80" },
    ],
    [
      "forwarded then, redirected now",
      entry("http://safe.test/", 200),
      { status: 200 },
      { status: 308, location: "https://safe.test/" },
    ],
    [
      "redirected to another place",
      entry("http://safe.test/", 308, { location: "https://other.test/" }),
      { location: "https://other.test/" },
      { location: "https://safe.test/" },
    ],
    [
      "redirected to https then, forwarded now",
      entry("http://shop.test/a", 308, { location: "https://shop.test/a" }),
      { status: 308 },
      { service: "default/web:80" },
    ],
    [
      "nginx's own page then, forwarded now",
      entry("http://shop.test/a", 404, { text: "<hr><center>nginx</center>" }),
      { status: 404 },
      { service: "default/web:80" },
    ],
    [
      "answered then by ingress-dev, forwarded now",
      entry("http://shop.test/a", 404, { known: { decision: "respond", why: ["no path"] } }),
      { status: 404, why: ["no path"] },
      { service: "default/web:80" },
    ],
  ])("%s", async (_, one, recorded, now) => {
    const found = await offline(one);
    expect(found).toMatchObject({
      code: 1,
      compared: 1,
      different: 1,
      differences: [{ line: 2, recorded, now }],
    });
    expect(found.differences[0].now.why.length).toBeGreaterThan(0);
  });
});

test("the text says what differs and why, equal ones once, and what is left out", async () => {
  const wrong = entry("http://shop.test/cart", 200, {
    known: { ...forward("web", "/cart"), why: ["before"] },
  });
  const file = save([
    wrong,
    entry("http://shop.test/cart", 200),
    wrong,
    entry("https://fonts.example.com/a", 200),
    entry("data:,x", 200),
    entry("http://shop.test/", 0),
  ]);
  const said = await runHere(["replay", file, manifests(), "--offline"], { cwd: folder });
  expect(said).toEqual({
    code: 1,
    stderr: "",
    stdout: `GET http://shop.test/cart  (a.har:2, 2 times)
  recorded  200 from default/web:80 /cart
  now       default/cart:80 /cart
  why       path /cart (Prefix) of Ingress default/shop, host shop.test
            it is the longest prefix that covers the path
  before    before

1 left out: they are no requests by HTTP (data)
1 left out: no Ingress names their hosts (fonts.example.com)
1 left out: no answer to them is recorded (shop.test)
a.har: 3 requests decided again, 2 answered differently
`,
  });
});

test("the text stops after 50 differences, and counts the rest", async () => {
  const wrong = (i: number) => entry(`http://shop.test/${i}`, 200, { known: forward("other", `/${i}`) });
  const file = save(Array.from({ length: 60 }, (_, i) => wrong(i)));
  const { stdout } = await runHere(["replay", file, manifests(), "--offline"], { cwd: folder });
  expect(stdout.match(/^GET/gm)).toHaveLength(50);
  expect(stdout).toContain("\n10 more differences are left out here: -o json has all.\n");
});

describe("bad input is one error, and nothing is sent", () => {
  test.each<[string, readonly string[], RegExp]>([
    ["no file", ["none.har", "shop.yaml"], /^error: There is no none\.har\.\n/],
    ["a folder", [".", "shop.yaml"], /^error: \. (?:cannot be read|is not a regular file)/],
    ["another file", ["shop.yaml", "none/"], /^error: shop\.yaml:1: it is no HAR/],
    ["no manifests", ["a.har", "none/"], /^error: .*none/],
    [
      "another computer",
      ["a.har", "shop.yaml", "--to", "203.0.113.7"],
      /^error: --to 203\.0\.113\.7 is not this/,
    ],
    ["two minds", ["a.har", "shop.yaml", "--to", "::1", "--offline"], /^error: --offline sends nothing/],
    [
      "nobody listens",
      ["a.har", "shop.yaml", "--http-port", "1"],
      /^error: Nothing listens on 127\.0\.0\.1:1 /,
    ],
    ["another form", ["a.har", "shop.yaml", "-o", "xml"], /^error: --output: "xml" is not one of/],
  ])("%s", async (_, argv, says) => {
    save([entry("http://shop.test/", 200)]);
    const words = argv.map((word, i) => (i === 1 && word === "shop.yaml" ? manifests() : word));
    const { code, stdout, stderr } = await runHere(["replay", ...words], { cwd: folder });
    expect(stderr).toMatch(says);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("a recording of other hosts alone", async () => {
    const file = save([entry("http://other.test/", 200), entry("http://another.test/", 200)]);
    const { code, stderr } = await runHere(["replay", file, manifests(), "--offline"], { cwd: folder });
    expect(stderr).toContain("has no request that can be replayed (2: no Ingress names their hosts).");
    expect(code).toBe(2);
  });
});

test("20,000 requests are decided in seconds", async () => {
  const entries = Array.from({ length: 20_000 }, (_, i) => entry(`http://shop.test/cart/${i}`, 200));
  const began = process.cpuUsage();
  const argv = ["replay", save(entries), manifests(), "--offline", "-o", "json"];
  const { code, stdout } = await runHere(argv, { cwd: folder });
  const used = process.cpuUsage(began);
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, compared: 20_000, different: 0 });
  expect((used.user + used.system) / 1e6).toBeLessThan(30);
});

test("what a client cannot send is left out, and the rest is sent", async () => {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const control = entry("http://shop.test/cart", 200);
  control.request.headers = [{ name: "X-A", value: "a\u0001b" }];
  const file = save([
    entry("http://shop.test/", 200, { method: "CONNECT" }),
    entry("http://shop.test/", 200, { method: "CONNECT", known: forward("web", "/") }),
    control,
    entry("http://shop.test/", 200),
  ]);
  const { port } = server.address() as AddressInfo;
  const flags = ["--http-port", String(port), "-o", "json"];
  const said = await runHere(["replay", file, manifests(), ...flags], { cwd: folder });
  server.closeAllConnections();
  server.close();
  expect(said.stderr).toBe("");
  expect(JSON.parse(said.stdout)).toMatchObject({
    ...{ compared: 1, different: 0 },
    leftOut: [{ count: 3, why: "their heads are of a form that is not sent again" }],
  });
});

test("a tunnel that a proxy recorded is no request to decide", async () => {
  const found = await offline(
    entry("http://shop.test/", 200, { method: "CONNECT" }),
    entry("http://shop.test/", 200),
  );
  expect(found).toMatchObject({ code: 0, compared: 1, leftOut: [{ count: 1 }] });
});

test.skipIf(process.platform === "win32")("a pipe that nobody writes to is an error", async () => {
  execFileSync("mkfifo", [join(folder, "pipe.har")]);
  const { code, stderr } = await runHere(["replay", "pipe.har", manifests(), "--offline"], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: pipe\.har is not a regular file\.\n/);
});
