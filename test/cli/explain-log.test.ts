import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const rule = (host: string, path: string, service: string) =>
  `    - host: ${host}\n      http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: { name: ${service}, port: { number: 80 } } } }] }\n`;
const ingress = (name: string, more: string, rules: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: ${name} }\nspec:\n  ingressClassName: nginx\n${more}  rules:\n${rules}`;

const MANIFESTS = [
  ingress("shop", "", rule("shop.test", "/cart", "cart") + rule("shop.test", "/", "web")),
  ingress("safe", "  tls: [{ hosts: [safe.test] }]\n", rule("safe.test", "/", "safe")),
  ingress("idle", "", rule("idle.test", "/", "idle")),
].join("---\n");

let folder: string;
let manifests: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-log-"));
  manifests = join(folder, "a.yaml");
  writeFileSync(manifests, MANIFESTS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const explained = (input: string, ...more: string[]) =>
  runHere(["explain", "-", manifests, ...more], { cwd: folder, input });

async function inJson(lines: readonly string[], ...more: string[]) {
  const { code, stdout, stderr } = await explained(lines.join("\n"), ...more, "-o", "json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

const TIME = "[28/Nov/2026:12:00:00 +0000]";
const vhost = (host: string, path: string, status = 200) =>
  `${host} 10.0.0.1 - - ${TIME} "GET ${path} HTTP/1.1" ${status} 1 "-" "-"`;
const controller = (path: string, status: number, upstream: string) =>
  `10.0.0.1 - - ${TIME} "GET ${path} HTTP/1.1" ${status} 1 "-" "-" 80 0.002 [${upstream}] [] 10.0.0.9:80 1 0.002 ${status} x`;

test("prints which rule each line hits, what cannot have been answered so, and what is not counted", async () => {
  const log = [
    "I1128 12:00:00.000000       7 main.go:10] started",
    vhost("shop.test:80", "/cart/1"),
    vhost("shop.test:80", "/cart", 404),
    vhost("shop.test:80", "/"),
    vhost("safe.test:80", "/", 308),
    vhost("safe.test:443", "/"),
    vhost("safe.test:443", "/", 308),
    vhost("other.test:80", "/x", 404),
    "what a day",
    `10.0.0.1 - - ${TIME} "GET / HTTP/1.1" 200 1`,
  ].join("\n");
  expect(await explained(log)).toEqual({
    code: 0,
    stderr: "",
    stdout: `LINES  RULE                      INGRESS       SERVICE          STATUSES     PLACE
3      safe.test / (Prefix)      default/safe  default/safe:80  308×2 200×1  ${manifests}:20
2      shop.test /cart (Prefix)  default/shop  default/cart:80  200×1 404×1  ${manifests}:8
1      shop.test / (Prefix)      default/shop  default/web:80   200×1        ${manifests}:10
0      idle.test / (Prefix)      default/idle  default/idle:80  never hit    ${manifests}:29
1      no rule (other.test:80)                                  404×1

10 lines, 7 requests; 1 rule never hit
1 line of no request (line 1)
1 line without a host (line 10): name one with -H 'Host: NAME'
1 line that cannot be read (line 9)
`,
  });
});

describe("what the controller logs without a host", () => {
  test("the upstream tells the rule", async () => {
    const found = await inJson([
      controller("/cart", 200, "default-cart-80"),
      controller("/other", 200, "default-web-80"),
      controller("/", 308, "default-safe-80"),
      controller("/", 200, "default-safe-80"),
    ]);
    expect(found).toMatchObject({ lines: 4, requests: 4, contradicted: 0 });
    const counts = found.rules.map(({ service, count }: { service: string; count: number }) => [
      service,
      count,
    ]);
    expect(counts).toEqual([
      ["default/safe:80", 2],
      ["default/cart:80", 1],
      ["default/web:80", 1],
      ["default/idle:80", 0],
    ]);
  });

  test("a path that no longer leads there is a contradiction, with its reason", async () => {
    const found = await inJson([controller("/cart/1", 200, "default-web-80")]);
    expect(found).toMatchObject({
      contradicted: 1,
      contradictions: [
        {
          line: 1,
          request: { method: "GET", url: "http://shop.test/cart/1" },
          recorded: { status: 200, service: "default-web-80" },
          now: { service: "default/cart:80", why: [expect.stringContaining("/cart"), expect.anything()] },
        },
      ],
    });
  });

  test("-H Host names the host of lines without one", async () => {
    const line = `10.0.0.1 - - ${TIME} "GET /cart HTTP/1.1" 200 1`;
    expect(await inJson([line, vhost("idle.test", "/")], "-H", "Host: shop.test")).toMatchObject({
      hostless: { count: 0 },
      rules: [{ service: "default/cart:80", count: 1 }, { service: "default/idle:80", count: 1 }, {}, {}],
    });
    expect(await inJson([line, vhost("idle.test", "/")])).toMatchObject({
      requests: 1,
      hostless: { count: 1, first: 1 },
    });
  });
});

test("statuses and own lines that cannot be", async () => {
  const hit = (service: string) =>
    JSON.stringify({
      ...{ type: "hit", method: "GET", scheme: "http", host: "shop.test:31000", path: "/cart", status: 200 },
      ...{ decision: "forward", backend: { namespace: "default", service, port: 80 }, upstreamPath: "/cart" },
    });
  const found = await inJson([
    '{"type":"ready"}',
    hit("cart"),
    hit("web"),
    vhost("other.test", "/", 200),
    vhost("other.test", "/", 404),
  ]);
  expect(found).toMatchObject({ lines: 5, requests: 4, contradicted: 2, others: { count: 1, first: 1 } });
  expect(found.contradictions.map(({ line }: { line: number }) => line)).toEqual([3, 4]);
  expect(found.unruled).toEqual({
    count: 2,
    contradicted: 1,
    statuses: { 200: 1, 404: 1 },
    hosts: ["other.test"],
  });
});

test("a HAR is read as well, whatever its layout; other sites' entries tell of no rule", async () => {
  const entry = (url: string, status: number) => ({
    request: { method: "GET", url, headers: [] },
    response: { status },
  });
  const entries = [
    entry("http://shop.test/cart", 200),
    entry("https://other.test/", 200),
    entry("http://safe.test/", 200),
  ];
  for (const indent of [0, 2]) {
    const found = await inJson([JSON.stringify({ log: { version: "1.2", entries } }, null, indent)]);
    expect(found).toMatchObject({ requests: 2, contradicted: 1, others: { count: 1 }, unread: { count: 0 } });
    expect(found.contradictions[0]).toMatchObject({ recorded: { status: 200 }, now: { status: 308 } });
  }
});

const KNOWN = { decision: "redirect", ingress: "default/safe" };

test("ports of listeners are no difference: a recording and up's own log tell them", async () => {
  const location = "https://safe.test:18432/a";
  const entry = {
    request: { method: "GET", url: "http://safe.test:18431/a", headers: [] },
    response: { status: 308, headers: [{ name: "Location", value: location }] },
    _ingressDev: KNOWN,
  };
  const ports = { http: 18431, https: 18432 };
  const har = JSON.stringify({ log: { version: "1.2", _ingressDev: { ports }, entries: [entry] } });
  expect(await inJson([har])).toMatchObject({ requests: 1, contradicted: 0 });
  const ready = { type: "ready", http: { port: 18431 }, https: { port: 18432 } };
  const hit = {
    type: "hit",
    method: "GET",
    scheme: "http",
    host: "safe.test",
    path: "/a",
    status: 308,
    location,
  };
  const log = [ready, { ...hit, ...KNOWN }].map((each) => JSON.stringify(each));
  expect(await inJson(log)).toMatchObject({ requests: 1, contradicted: 0 });
});

test("up's own log has one char per byte, and URLs are shown as text", async () => {
  const bytes = Buffer.from("/cart/ü", "utf8").toString("latin1");
  const known = { decision: "forward", upstreamPath: bytes };
  const hit = (service: string) =>
    JSON.stringify({
      ...{ type: "hit", method: "GET", scheme: "http", host: "shop.test", path: bytes, status: 200 },
      ...{ ...known, backend: { namespace: "default", service, port: 80 } },
    });
  expect(await inJson([hit("cart")])).toMatchObject({ requests: 1, contradicted: 0 });
  const { stdout } = await explained(hit("web"));
  expect(stdout).toContain(
    "  line 1: GET http://shop.test/cart/ü\n    recorded  200 from default/web:80 /cart/ü\n",
  );
});

test("heads that are none of HTTP tell of no request", async () => {
  const refused = { decision: "respond", why: ["a header line is not one of HTTP"] };
  const hit = { type: "hit", method: "GET", scheme: "http", host: "shop.test", path: "/cart", status: 400 };
  const found = await inJson([JSON.stringify({ ...hit, ...refused }), vhost("shop.test", "/cart")]);
  expect(found).toMatchObject({ requests: 1, contradicted: 0, others: { count: 1, first: 1 } });
  const entry = {
    request: { method: "GET", url: "http://shop.test/", headers: [] },
    response: { status: 400 },
    _ingressDev: { ...refused, malformed: true },
  };
  const har = JSON.stringify({ log: { version: "1.2", entries: [entry] } });
  expect(await inJson([har])).toMatchObject({ requests: 0, contradicted: 0, others: { count: 1 } });
});

test("20,000 lines take seconds, and keep nothing of them", async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) =>
    vhost(`host-${i}.test:80`, `/${i}`, i % 2 ? 404 : 200),
  );
  const began = process.cpuUsage();
  const found = await inJson(lines);
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1e6).toBeLessThan(40);
  expect(found).toMatchObject({ requests: 20_000, contradicted: 10_000, unruled: { count: 20_000 } });
  expect(found.contradictions).toHaveLength(20);
  expect(found.unruled.hosts).toHaveLength(5);
});

describe("an input that is no log is one error", () => {
  test.each<[string, string | Buffer, RegExp]>([
    ["empty", "", /^error: Standard input is empty\.\n/],
    ["binary", Buffer.from([1, 0, 2]), /^error: Standard input is binary, and no log\.\n/],
    ["compressed", gzipSync("x"), /^error: Standard input is compressed\.\n {2}Decompress it first: gunzip/],
    ["prose", "\nwhat a day\nindeed", /^error: No line of standard input is .* \(the first is line 2\)\.\n/],
    [
      "a HAR that is cut off",
      '{"log":{"entries":[\n{"request":',
      /^error: <stdin>:2: entry 1: .* cut off\.\n/,
    ],
    ["one line without end", "x".repeat(3_000_000), /^error: No line of standard input is/],
  ])("%s", async (_, input, says) => {
    const { code, stdout, stderr } = await explained(input as string);
    expect(stderr).toMatch(says);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test.each<[readonly string[], RegExp]>([
    [["-X", "POST"], /^error: --request is for a URL/],
    [["--body-size", "1"], /^error: --body-size is for a URL/],
    [["-H", "X-A: b"], /^error: --header X-A: beside a log only Host/],
    [["-"], /^error: Standard input is the log/],
    [["-o", "xml"], /^error: --output/],
  ])("%j", async (argv, says) => {
    const { code, stdout, stderr } = await explained(vhost("shop.test", "/"), ...argv);
    expect(stderr).toMatch(says);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});
