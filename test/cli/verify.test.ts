import { EventEmitter } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { verifyCommand } from "../../src/cli/verify.ts";
import { nginxAnswer } from "../../src/plane/nginx/pages.ts";
import { controllerOfExample } from "../support/all-cases.ts";
import { newAuthority } from "../support/authority.ts";
import { closedPort, misbehaving } from "../verify/misbehaving.ts";
import { runHere, type Said } from "./in-process.ts";
import { type ServedHere, serveHere } from "./serve-here.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const examples = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function ingress(paths: string, more = ""): string {
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop${more} }
spec:
  ingressClassName: nginx
  rules: [{ host: shop.test, http: { paths: [${paths}] } }]
`;
}

const pathTo = (path: string, service: string) =>
  `{ path: ${path}, pathType: Prefix, backend: { service: { name: ${service}, port: { number: 80 } } } }`;
const SHOP = ingress([pathTo("/cart", "cart"), pathTo("/", "web")].join(", "));

function portsOf({ serving }: ServedHere): readonly string[] {
  const { http, https } = serving.proxy;
  return ["--http-port", String(http.port), "--https-port", String(https.port)];
}

/** Runs `verify` on the manifests of standard input. Whatever `up` serves sees nothing but GET and HEAD. */
async function verify(manifests: string, ...argv: readonly string[]): Promise<Said> {
  return runHere(["verify", ...argv, "--rate", "1000", "-"], { input: manifests });
}

async function jsonOf(said: Promise<Said>) {
  const { code, stdout, stderr } = await said;
  return { code, stderr, ...(stdout === "" ? {} : JSON.parse(stdout)) };
}

function methodsSeenBy({ told }: ServedHere): readonly string[] {
  return [...new Set(told.flatMap((event) => (event.type === "hit" ? [event.method] : [])))].sort();
}

describe("beside what up serves", () => {
  test.each(examples)("examples/%s is as predicted", async (name) => {
    const manifests = textsOf(join(EXAMPLES, name));
    // As in production, but for Secrets: files may lack what a cluster has.
    const controller = controllerOfExample(name);
    const served = await serveHere(manifests, { controller, exact: true, watchIngressWithoutClass: true });
    const options = [
      ...portsOf(served),
      "--controller",
      controller,
      "--watch-ingress-without-class",
      "-o",
      "json",
    ];
    const found = await jsonOf(verify(manifests, "localhost", ...options));
    expect(found.differences.filter(({ code }: { code: string }) => code !== "certificate")).toEqual([]);
    expect(found.compared).toBeGreaterThan(2);
    expect(methodsSeenBy(served).filter((method) => method !== "HEAD")).toEqual(["GET"]);
  });
});

function textsOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name) && !/^ingress-dev\.yaml$|\.test\.ya?ml$/.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n---\n");
}

const CHANGES: readonly (readonly [what: string, served: string, code: string, detail: RegExp])[] = [
  [
    "another Service",
    ingress([pathTo("/cart", "cart-next"), pathTo("/", "web")].join(", ")),
    "service-changed",
    /default\/cart:80 → default\/cart-next/,
  ],
  [
    "a path that is not there",
    ingress(pathTo("/cart", "cart")),
    "own-answer",
    /404 in place of default\/web:80/,
  ],
  [
    "a redirect",
    SHOP.replace(
      "name: shop",
      'name: shop, annotations: { nginx.ingress.kubernetes.io/permanent-redirect: "https://e.test" }',
    ),
    "own-answer",
    /301 in place of/,
  ],
  ["a class that is not served", SHOP.replace("nginx", "other"), "own-answer", /404 in place of/],
];

test.each(CHANGES)("finds %s", async (_, running, code, detail) => {
  const served = await serveHere(running);
  const found = await jsonOf(verify(SHOP, "localhost", ...portsOf(served), "-o", "json"));
  expect(found.code).toBe(1);
  expect(found.differences[0]).toMatchObject({
    code,
    detail: expect.stringMatching(detail),
    old: {},
    new: {},
  });
});

test("finds a redirect to elsewhere, and takes the local port for production's", async () => {
  const redirecting = (to: string) =>
    SHOP.replace(
      "name: shop",
      `name: shop, annotations: { nginx.ingress.kubernetes.io/temporal-redirect: "${to}" }`,
    );
  const served = await serveHere(redirecting("https://e.test/a"));
  const found = await jsonOf(
    verify(redirecting("https://e.test/b"), "localhost", ...portsOf(served), "-o", "json"),
  );
  expect(found.differences[0]).toMatchObject({
    code: "redirect-changed",
    old: { location: "https://e.test/b" },
    new: { location: "https://e.test/a" },
  });
  const secured = `${SHOP}  tls: [{ hosts: [shop.test], secretName: tls }]\n`;
  const secure = await serveHere(secured);
  expect(await verify(secured, "localhost", ...portsOf(secure))).toMatchObject({ code: 0 });
});

const AUTHORITY = newAuthority("verify");
const secretOf = ({ cert, key }: { cert: string; key: string }) => `
---
apiVersion: v1
kind: Secret
metadata: { name: tls }
type: kubernetes.io/tls
data: { tls.crt: ${Buffer.from(cert).toString("base64")}, tls.key: ${Buffer.from(key).toString("base64")} }
`;

test("compares certificates by the Secret's fingerprint, each name once", async () => {
  const secured = `${SHOP}  tls: [{ hosts: [shop.test], secretName: tls }]\n`;
  const [one, other] = [secretOf(AUTHORITY.issue("shop.test")), secretOf(AUTHORITY.issue("shop.test"))];
  const served = await serveHere(secured + one);
  const of = (manifests: string) => jsonOf(verify(manifests, "localhost", ...portsOf(served), "-o", "json"));
  expect((await of(secured + one)).differences).toEqual([]);
  // A Secret that files lack may be in the cluster: its names tell.
  expect((await of(secured)).differences).toEqual([]);
  expect((await of(secured + other)).differences).toMatchObject(
    [
      {
        code: "certificate",
        old: { certificate: /Secret default\/tls/ },
        new: { certificate: /one for shop\.test/ },
      },
    ].map((difference) => ({ ...difference, old: expect.anything(), new: expect.anything() })),
  );
  const bare = await serveHere(SHOP);
  const found = await jsonOf(verify(secured, "localhost", ...portsOf(bare), "-o", "json"));
  const certificates = found.differences.filter(({ code }: { code: string }) => code === "certificate");
  expect(certificates).toMatchObject([
    { detail: expect.stringContaining("Secret default/tls → the controller's fake certificate") },
  ]);
});

/** A controller that answers every request so. */
async function answering(text: string) {
  const head = text.slice(0, text.indexOf("\r\n\r\n") + 4);
  return misbehaving((socket, asked) => void socket.end(asked.startsWith("HEAD") ? head : text, "latin1"));
}
const pageOf = (status: number, server = "nginx") => {
  const { body } = nginxAnswer({ status, server });
  return `HTTP/1.1 ${status} X\r\nServer: nginx\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

test.each([
  ["its own 404", pageOf(404), 1, /the controller answers by itself: 404/],
  ["its own 503", pageOf(503), 1, /has no endpoints/],
  ["its own 502", pageOf(502), 1, /reaches no pod/],
  ["garbage", "garbage\r\n\r\n", 1, /no answer: the answer is no HTTP/],
  ["the default backend's page", "HTTP/1.1 404 X\r\n\r\ndefault backend - 404", 1, /default backend's/],
  [
    "terminal controls",
    "HTTP/1.1 301 X\r\nLocation: /\x9b31m\r\nServer: \x9b2J\r\n\r\n<title>\x1b[2J</title>",
    1,
    /\\x9b/,
  ],
])("a controller with %s differs", async (_, text, code, shown) => {
  const { port } = await answering(text);
  const said = await verify(ingress(pathTo("/", "web")), `http://127.0.0.1:${port}`);
  expect(said.code).toBe(code);
  expect(said.stdout).toMatch(shown);
  expect(said.stdout.replace(/\x1b\[\d+m/g, "")).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

test.each([
  ["a 404 of its own", 'HTTP/1.1 404 X\r\nContent-Type: application/json\r\n\r\n{"error":"none"}'],
  ["a 500 of its own", "HTTP/1.1 500 X\r\n\r\n<h1>Traceback</h1>"],
  ["a redirect of its own", "HTTP/1.1 302 X\r\nLocation: /login\r\n\r\nsign in"],
])("a backend with %s does not differ, and nobody says which it is", async (_, text) => {
  const { port } = await answering(text);
  const found = await jsonOf(verify(ingress(pathTo("/", "web")), `http://127.0.0.1:${port}`, "-o", "json"));
  // The server answers so even where the controller would answer by itself.
  const ofShop = found.differences.filter(
    ({ old }: { old: { decision: string } }) => old.decision === "forward",
  );
  expect(ofShop).toEqual([]);
  expect(found.services.told).toBe(0);
  expect(found.services.notTold).toBeGreaterThan(0);
  expect(found.complete).toBe(false);
});

test("what cannot be decided is counted, never the same", async () => {
  const { port } = await answering(pageOf(404, "nginx/1.27.1"));
  const found = await jsonOf(verify(ingress(pathTo("/", "web")), `http://127.0.0.1:${port}`, "-o", "json"));
  expect(found.undecided).toContainEqual({
    count: expect.any(Number),
    why: "the status 404 may be the backend's or the controller's own",
  });
  expect(found.complete).toBe(false);
});

test("a controller that stops answering is given up", async () => {
  let asked = 0;
  const { port, heads } = await misbehaving((socket) => {
    if (++asked > 5) socket.resetAndDestroy();
    else socket.end("HTTP/1.1 200 OK\r\n\r\nhi");
  });
  const many = Array.from({ length: 40 }, (_, at) => pathTo(`/p${at}`, "web")).join(", ");
  const said = await verify(ingress(many), `http://127.0.0.1:${port}`);
  expect(said.code).toBe(1);
  expect(said.stdout).toMatch(/\d+ requests were not compared: no answer came any more/);
  expect(heads.length).toBeLessThan(40);
});

test("an address that nobody listens on is one error", async () => {
  const port = await closedPort();
  const said = await verify(SHOP, `http://127.0.0.1:${port}`);
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toMatch(
    new RegExp(`error: 127\\.0\\.0\\.1:${port} cannot be reached: the connection was refused`),
  );
});

test("nothing goes to another computer unasked, and the error says what would", async () => {
  const said = await verify(SHOP, "203.0.113.7");
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toMatch(
    /error: \d+ GET and \d+ HEAD requests would go to 203\.0\.113\.7:80, 203\.0\.113\.7:443, at most 1000 a second; that is not this computer\. Nothing was sent\./,
  );
  expect(said.stderr).toContain("add --yes");
});

test("--resolve counts for what is another computer", async () => {
  const { port } = await answering(pageOf(404));
  const said = await verify(SHOP, `http://127.0.0.1:${port}`, "--resolve", `shop.test:${port}:203.0.113.7`);
  expect(said.stderr).toContain(`203.0.113.7:${port}`);
});

test("--resolve sends a host's requests to that address", async () => {
  const served = await serveHere(SHOP);
  const port = served.serving.proxy.http.port;
  const resolve = ["--resolve", `controller.invalid:${port}:127.0.0.1`];
  expect(await verify(SHOP, `http://controller.invalid:${port}`, ...resolve)).toMatchObject({ code: 0 });
});

const BAD: readonly (readonly [argv: readonly string[], words: RegExp])[] = [
  [[], /needs the address of a running controller|no running controller/],
  [["http://127.0.0.1/x", "-"], /a path has no place/],
  [["127.0.0.1", "--rate", "0", "-"], /--rate: "0"/],
  [["127.0.0.1", "--rate", "-1", "-"], /--rate/],
  [["127.0.0.1", "--rate", "1e9", "-"], /--rate: "1e9"/],
  [["127.0.0.1", "--rate", "1001", "-"], /at most 1000/],
  [["127.0.0.1", "--rate", "many", "-"], /--rate: "many"/],
  [["127.0.0.1", "--timeout", "0", "-"], /--timeout/],
  [["127.0.0.1", "--http-port", "0", "-"], /--http-port/],
  [["127.0.0.1", "--resolve", "shop.test", "-"], /HOST:PORT:ADDRESS/],
  [["127.0.0.1", "-o", "junit", "-"], /one of text, json, markdown/],
  [["--against", "127.0.0.1", "-"], /--against compares two controllers, and one is named/],
  [["--against", "a", "--against", "b", "--against", "c", "-"], /and 3 are named/],
  [["127.0.0.1", "/no/such/folder"], /no\/such\/folder/],
  [["127.0.0.1", "--rat", "5", "-"], /--rate/],
];

test.each(BAD)("verify %j is refused before anything is sent", async (argv, words) => {
  const said = await runHere(["verify", ...argv], { input: SHOP });
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toMatch(words);
});

test("manifests without an Ingress are told of", async () => {
  const { stderr } = await runHere(["verify", "http://127.0.0.1:9", "-"], { input: "" });
  expect(stderr).toMatch(/^No Ingress in standard input .*: nothing but the controller's own answers/m);
});

test("a folder in the place of the controller is said so", async () => {
  const said = await runHere(["verify", "examples/"], { cwd: join(EXAMPLES, "..") });
  expect(said.code).toBe(2);
  expect(said.stderr).toMatch(/examples\/ is a file or folder/);
});

test("manifests that nginx refuses predict nothing", async () => {
  const refused = annotated({ "use-regex": "true" })
    .replace("path: /,", 'path: "/a(",')
    .replace("Prefix", "ImplementationSpecific");
  const said = await verify(refused, "127.0.0.1");
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toMatch(/error: The controller answers what it answered before: nginx refuses/);
});

/** One path with annotations of ingress-nginx. */
function annotated(annotations: Readonly<Record<string, string>>): string {
  const lines = Object.entries(annotations).map(
    ([name, value]) => `nginx.ingress.kubernetes.io/${name}: "${value}"`,
  );
  return ingress(pathTo("/", "web")).replace(
    "name: shop",
    `name: shop, annotations: { ${lines.join(", ")} }`,
  );
}

const ALLOWED = { "whitelist-source-range": "10.0.0.0/8" };
const CLIENT = "--client-address";
const GUARDED: readonly (readonly [
  what: string,
  annotations: Readonly<Record<string, string>>,
  status: number,
  options: readonly string[],
  is: "same" | "different" | RegExp,
])[] = [
  ["an allow list, from who knows where", ALLOWED, 403, [], /client's address decides/],
  ["an allow list, from outside", ALLOWED, 403, [CLIENT, "192.0.2.1"], "same"],
  ["an allow list, from inside", ALLOWED, 403, [CLIENT, "10.0.0.1"], "different"],
  ["a rate limit", { "limit-rps": "1" }, 503, [], /rate limit/],
  ["a rate limit, and another status", { "limit-rps": "1" }, 404, [], "different"],
  ["an authentication service", { "auth-url": "http://auth.test/" }, 401, [], /authentication service/],
  ["an authentication service that is not asked", { "auth-url": "http://auth.test/" }, 404, [], "different"],
  [
    "a password whose Secret is in the cluster",
    { "auth-type": "basic", "auth-secret": "users" },
    401,
    [],
    "same",
  ],
  [
    "a password whose Secret is nowhere",
    { "auth-type": "basic", "auth-secret": "users" },
    503,
    [],
    "different",
  ],
];

test.each(GUARDED)("%s", async (_, annotations, status, options, is) => {
  const { port } = await answering(pageOf(status));
  const target = `http://127.0.0.1:${port}`;
  const found = await jsonOf(verify(annotated(annotations), target, ...options, "--all", "-o", "json"));
  const ofShop = found.differences.filter(
    ({ request }: { request: string }) => request === "GET http://shop.test/",
  );
  const whys: readonly string[] = found.undecided.map(({ why }: { why: string }) => why);
  expect(ofShop).toHaveLength(is === "different" ? 1 : 0);
  if (is instanceof RegExp) expect(whys).toContainEqual(expect.stringMatching(is));
});

test("a weighted canary may answer as well as the main Service", async () => {
  const canary = ingress(pathTo("/", "web-next"), "-next").replace(
    "name: shop-next",
    'name: shop-next, annotations: { nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/canary-weight: "10" }',
  );
  const manifests = `${ingress(pathTo("/", "web"))}---${canary}`;
  const of = async (service: string) => {
    const body = JSON.stringify({ namespace: "default", service, pod: `${service}-0` });
    const { port } = await answering(`HTTP/1.1 200 OK\r\n\r\n${body}`);
    const { differences } = await jsonOf(
      verify(manifests, `http://127.0.0.1:${port}`, "--all", "-o", "json"),
    );
    return differences.filter(({ request }: { request: string }) => request === "GET http://shop.test/")
      .length;
  };
  expect([await of("web"), await of("web-next"), await of("other")]).toEqual([0, 0, 1]);
});

describe("two controllers", () => {
  const against = (a: ServedHere, b: ServedHere) =>
    [a, b].flatMap(({ serving }) => ["--against", `http://127.0.0.1:${serving.proxy.http.port}`]);

  test("of equal manifests are the same", async () => {
    const [a, b] = [await serveHere(SHOP), await serveHere(SHOP)];
    expect(await verify(SHOP, ...against(a, b))).toMatchObject({ code: 0 });
    expect(
      [methodsSeenBy(a), methodsSeenBy(b)].flat().filter((method) => !/^(?:GET|HEAD)$/.test(method)),
    ).toEqual([]);
  });

  test("of other manifests differ, whatever is predicted", async () => {
    const changed = ingress([pathTo("/cart", "cart-next"), pathTo("/", "web")].join(", "));
    const [a, b] = [await serveHere(SHOP), await serveHere(changed)];
    const found = await jsonOf(verify(SHOP, ...against(a, b), "-o", "json"));
    expect(found).toMatchObject({ code: 1, against: [expect.any(String), expect.any(String)] });
    expect(found.differences[0]).toMatchObject({ code: "service-changed", old: {}, new: {} });
  });
});

test("Ctrl-C stops the sending, and prints what was found", async () => {
  const interrupts = new EventEmitter();
  let asked = 0;
  const { port, heads } = await misbehaving((socket) => {
    if (++asked === 3) interrupts.emit("SIGINT");
    else socket.end(pageOf(404));
  });
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(SHOP);
  onTestFinished(() => void stdout.destroy());
  const code = await verifyCommand(
    `http://127.0.0.1:${port}`,
    { filename: ["-"], rate: "1000" },
    {
      ...{ version: "1.2.3", env: {}, cwd: "/" },
      ...{ stdin: stdin as never, stdout: stdout as never, stderr: stderr as never },
    },
    interrupts,
  );
  expect(code).toBe(130);
  expect(String(stdout.read())).toMatch(/requests were not compared: it was interrupted/);
  expect(heads.length).toBeLessThan(20);
  expect(interrupts.listenerCount("SIGINT")).toBe(0);
});

test("manifests of several controllers are held against one at a time", async () => {
  const PROXY = `
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: proxy }
spec: { virtualhost: { fqdn: proxy.test }, routes: [{ services: [{ name: web, port: 80 }] }] }
`;
  const { code, stderr } = await verify(`${SHOP}---${PROXY}`, "http://127.0.0.1:1");
  expect(code).toBe(2);
  expect(stderr).toContain(
    "several controllers (ingress-nginx, contour), and each has an address of its own",
  );
  expect(stderr).toContain("--controller ingress-nginx, then --controller contour");
});
