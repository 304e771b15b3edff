import { join } from "node:path";
import { expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const QUICK_START = join(import.meta.dirname, "..", "..", "examples", "quick-start");
const FILE = join(QUICK_START, "ingress-basic.yaml");

const MANIFEST = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations: { nginx.ingress.kubernetes.io/proxy-body-size: 1k }
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
          - { path: /cart, pathType: Prefix, backend: { service: { name: cart, port: { name: http } } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: secure }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [tls.test], secretName: tls }]
  rules:
    - host: tls.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

test("the request line names the host that was asked, also for a head that is too long to be read", async () => {
  const path = `/${"a".repeat(9_000)}`;
  const { stdout } = await runHere(["explain", `http://shop.test${path}`, "-f", "-"], { input: MANIFEST });
  expect(stdout.split("\n")[0]).toBe(`GET http://shop.test:31000${path}  → respond 414`);
});

/** The first line has request and decision. */
async function decisionOf(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(["explain", ...args, "-f", "-"], { input: MANIFEST });
  if (code !== 0) return stderr;
  return stdout.split("\n")[0]?.split("  → ")[1] ?? "";
}

test.each([
  // arguments                                                           decision
  [["http://shop.test/a"], "forward default/web:80 /a"],
  [["shop.test/cart/1?q#f"], "forward default/cart:http /cart/1?q"],
  [["shop.test:31000/cartoon"], "forward default/web:80 /cartoon"],
  [["http://shop.test/x/../cart//%2e/"], "forward default/cart:http /x/../cart//%2e/"],
  [["http://shop.test/../etc"], "respond 400"],
  [["http://nobody.test/"], "respond 404"],
  [["http://nobody.test/cart", "-H", "Host: shop.test"], "forward default/cart:http /cart"],
  [["/cart", "-H", "Host: shop.test"], "forward default/cart:http /cart"],
  [["/cart"], "respond 400"],
  [["http://nobody.test/", "-H", "Host: a b"], "respond 400"],
  [["http://shop.test/", "-X", "TRACE"], "respond 405"],
  [["http://shop.test/", "-X", "CONNECT"], "respond 405"],
  [["http://shop.test/", "-X", "get"], "respond 400"],
  [["http://shop.test/", "-X", "G T"], "respond 400"],
  [["http://shop.test/", "-X", "FOO_-"], "forward default/web:80 /"],
  [["http://shop.test/", "-H", "Content-Length: x"], "respond 400"],
  [["http://shop.test/", "-H", "Content-Length: 2", "-H", "Transfer-Encoding: chunked"], "respond 400"],
  [["http://shop.test/", "-H", "Transfer-Encoding: gzip"], "respond 501"],
  [["http://shop.test/", "-H", "Content-Length: 1025"], "respond 413"],
  [["http://shop.test/", "-H", "Content-Length: 1024"], "forward default/web:80 /"],
  [["http://tls.test/a"], "redirect 308 https://tls.test:32000/a"],
  [["tls.test:8080/a"], "redirect 308 https://tls.test:32000/a"],
  [["http://tls.test/a", "--https-port", "8443"], "redirect 308 https://tls.test:8443/a"],
  [["http://tls.test/a", "--https-port", "0"], "redirect 308 https://tls.test:32000/a"],
  [["http://tls.test/a", "--exact"], "redirect 308 https://tls.test/a"],
  [["https://tls.test/a"], "forward default/web:80 /a"],
  [["tls.test:32000/a"], "forward default/web:80 /a"],
  [["-X", "POST", "--body-size", "1024", "http://shop.test/"], "forward default/web:80 /"],
  [["-X", "POST", "--body-size", "1025", "http://shop.test/"], "respond 413"],
  [["-X", "POST", "--body-size", "1k", "http://shop.test/"], "forward default/web:80 /"],
  [["-X", "POST", "--body-size", "2M", "http://shop.test/"], "respond 413"],
  [["http://shop.test/", "--no-echo"], "respond 503"],
  [["http://shop.test/", "--no-echo", "--map", "web=3000"], "forward default/web:80 /"],
  [["http://shop.test/", "--ingress-class", "other"], "respond 404"],
] as const)("explain %j → %s", async (args, decision) => expect(await decisionOf(...args)).toBe(decision));

test.each([
  // arguments                                              error
  [["ftp://shop.test/"], 'error: "ftp://shop.test/" is no URL'],
  [["shop.test", "-H", "nonsense"], 'error: --header: "nonsense" is not of the form'],
  [
    ["shop.test", "--body-size", "1x"],
    'error: --body-size: "1x" is not a size, such as 2000000, 512k or 2m.',
  ],
  [["shop.test", "--body-size", "2m2"], "  See ingress-dev explain --help."],
  [["shop.test", "-o", "tui"], 'error: --output: "tui" is not one of text, json.'],
  [["shop.test", "--map", "web"], "error: --map: web "],
  [["shop.test", "--https-port", "x"], 'error: --https-port: "x" is not a port'],
] as const)("explain %j is refused", async (args, error) => {
  const { code, stdout, stderr } = await runHere(["explain", ...args, "-f", "-"], { input: MANIFEST });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(error);
});

test("the whole answer for people", async () => {
  const { code, stdout, stderr } = await runHere(["explain", "www.basic1.com/path1", QUICK_START]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.replaceAll(QUICK_START, "quick-start").split("\n")).toEqual([
    "GET http://www.basic1.com:31000/path1  → forward default/service1:80 /",
    "",
    "  Rule            www.basic1.com /path1 (Prefix, matched as a regular expression)",
    "  Ingress         default/basic  quick-start/ingress-basic.yaml:13",
    "  Backend         default/service1:80",
    "  Served by       echo/service1-0",
    "  Asked for       GET /",
    "  Headers set     Host: www.basic1.com:31000",
    "                  X-Request-ID: <32 hexadecimal digits>",
    "                  X-Real-IP: 127.0.0.1",
    "                  X-Forwarded-For: 127.0.0.1",
    "                  X-Forwarded-Host: www.basic1.com:31000",
    "                  X-Forwarded-Port: 31000",
    "                  X-Forwarded-Proto: http",
    "                  X-Forwarded-Scheme: http",
    "                  X-Scheme: http",
    "  Steps           path /path1 → /  (rewrite-target, quick-start/ingress-basic.yaml:6)",
    "                  forward default/service1:80 /",
    expect.stringMatching(/^ {2}Why {13}\S/),
    expect.stringMatching(/^ {18}\S/),
    expect.stringMatching(/^ {18}\S/),
    "  Regex set by    rewrite-target of Ingress default/basic  quick-start/ingress-basic.yaml:6",
    expect.stringMatching(/^ {2}Rejected {8}default\/basic www\.basic1\.com \/path2 \(Prefix\): /),
    "  In the cluster  X-Forwarded-Port: 80",
    "",
  ]);
});

test("the whole answer for scripts", async () => {
  const args = [
    "explain",
    "https://www.basic1.com/path1",
    QUICK_START,
    "-o",
    "json",
    "-H",
    "X-Request-ID: 7",
  ];
  const { code, stdout } = await runHere(args);
  expect(code).toBe(0);
  expect(stdout.endsWith("}\n")).toBe(true);
  expect(JSON.parse(stdout)).toEqual({
    decision: "forward",
    ingress: "default/basic",
    file: FILE,
    line: 13,
    rule: { host: "www.basic1.com", path: "/path1", pathType: "Prefix", regex: true },
    backend: { namespace: "default", service: "service1", port: 80 },
    upstream: "echo/service1-0",
    upstreamPath: "/",
    requestHeaders: {
      Host: "www.basic1.com:32000",
      "X-Request-ID": "7",
      "X-Real-IP": "127.0.0.1",
      "X-Forwarded-For": "127.0.0.1",
      "X-Forwarded-Host": "www.basic1.com:32000",
      "X-Forwarded-Port": expect.any(String),
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Scheme": "https",
      "X-Scheme": "https",
    },
    steps: [
      {
        ...{ kind: "rewrite", text: "path /path1 → /", from: "/path1", to: "/" },
        ...{ setting: "rewrite-target", file: FILE, line: 6 },
      },
      { kind: "decision", text: "forward default/service1:80 /" },
    ],
    why: expect.arrayContaining([expect.stringContaining("/path1")]),
    reasons: [
      expect.objectContaining({ code: "rule", line: expect.any(Number) }),
      expect.objectContaining({ code: "first-regex" }),
      expect.objectContaining({
        code: "host-regex",
        field: "metadata.annotations[nginx.ingress.kubernetes.io/rewrite-target]",
      }),
    ],
    rejected: [
      {
        ingress: "default/basic",
        rule: { host: "www.basic1.com", path: "/path2", pathType: "Prefix" },
        why: expect.any(String),
      },
    ],
    regexBy: {
      ingress: "default/basic",
      field: "metadata.annotations[nginx.ingress.kubernetes.io/rewrite-target]",
      ...{ file: FILE, line: 6 },
    },
    production: expect.stringContaining("Strict-Transport-Security"),
    productionDifferences: expect.arrayContaining(["X-Forwarded-Port: 443"]),
  });
});

const SERVICE = (namespace: string, name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { ports: [{ port: 80 }] }\n`;

test.each([
  ["no Services at all", [], false],
  ["its own Service", [SERVICE("default", "web")], false],
  ["another Service of its namespace", [SERVICE("default", "api")], true],
  ["a Service of its name in another namespace", [SERVICE("shop", "web")], true],
  ["a Service of another name and namespace", [SERVICE("shop", "api")], false],
])("an absent Service is told of where check warns: %s", async (_, services, isTold) => {
  const ingress =
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec: { ingressClassName: nginx, defaultBackend: { service: { name: web, port: { number: 80 } } } }\n";
  const input = [ingress, ...services].join("---\n");
  const explained = await runHere(["explain", "web.test/", "-f", "-", "-o", "json"], { input });
  const checked = await runHere(["check", "-", "-o", "json"], { input });
  expect([
    explained.stdout.includes("unless the cluster has the Service"),
    checked.stdout.includes("service-missing"),
  ]).toEqual([isTold, isTold]);
});

test("a redirect for scripts says status and location, and the cluster's", async () => {
  const { stdout } = await runHere(["explain", "www.basic-ssl.com/a", QUICK_START, "-o", "json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    decision: "redirect",
    status: 308,
    location: "https://www.basic-ssl.com:32000/a",
    production: "Location: https://www.basic-ssl.com/a",
  });
});

const SHARED = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, annotations: { nginx.ingress.kubernetes.io/affinity: cookie } }
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: canary
  annotations:
    nginx.ingress.kubernetes.io/canary: "true"
    nginx.ingress.kubernetes.io/canary-by-header: X-Canary
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: new, port: { number: 80 } } } }] }
`;

test("a canary and a session are named, with the cookie that is set", async () => {
  const args = ["explain", "shop.test", "-H", "X-Canary: always", "-f", "-"];
  const { stdout } = await runHere(args, { input: SHARED });
  expect(stdout).toMatch(/^ {2}Canary {10}default\/canary$/m);
  expect(stdout).toMatch(/^ {2}Backend {9}default\/new:80$/m);
  expect(stdout).toMatch(
    /^ {2}Sent back {7}Set-Cookie: INGRESSCOOKIE=\S+\|[0-9a-f]{32}; Path=\/; HttpOnly$/m,
  );
  expect(stdout).toContain("the annotation affinity of Ingress default/web keeps a session at one endpoint");
  const { stdout: json } = await runHere([...args, "-o", "json"], { input: SHARED });
  expect(JSON.parse(json)).toMatchObject({
    canary: "default/canary",
    backend: { service: "new" },
    responseHeaders: { "Set-Cookie": expect.stringContaining("INGRESSCOOKIE=") },
    rejected: [{ ingress: "default/web" }],
  });
});

const ANNOTATED = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/upstream-vhost: internal.test
    nginx.ingress.kubernetes.io/custom-http-errors: "413"
    nginx.ingress.kubernetes.io/default-backend: errors
    nginx.ingress.kubernetes.io/proxy-next-upstream: error http_503
    nginx.ingress.kubernetes.io/mirror-target: http://copies.test$request_uri
    nginx.ingress.kubernetes.io/proxy-redirect-from: http://internal.test/
    nginx.ingress.kubernetes.io/proxy-redirect-to: /
    nginx.ingress.kubernetes.io/proxy-cookie-path: / /shop/
    nginx.ingress.kubernetes.io/proxy-buffer-size: 8k
    nginx.ingress.kubernetes.io/proxy-request-buffering: "on"
    nginx.ingress.kubernetes.io/limit-rate: "10"
    nginx.ingress.kubernetes.io/proxy-buffering: "on"
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

test("every annotation that does something to the request on its way is named, with its Ingress", async () => {
  const { stdout } = await runHere(["explain", "http://shop.test/", "-f", "-"], { input: ANNOTATED });
  expect(stdout).toMatch(/ {2}Host: internal\.test$/m);
  for (const does of [
    'upstream-vhost of Ingress default/web sends the backend "Host: internal.test"',
    "custom-http-errors of Ingress default/web has errors 413 answered by errors",
    "default-backend of Ingress default/web (errors) answers while the backend has no endpoints",
    "proxy-next-upstream of Ingress default/web: on error, http_503 a request is sent to another upstream",
    "mirror-target of Ingress default/web sends a copy of each request to http://copies.test$request_uri",
    "proxy-redirect-from of Ingress default/web rewrites Location and Refresh: http://internal.test/ to /",
    "proxy-cookie-path of Ingress default/web rewrites cookies: / to /shop/",
    "proxy-buffer-size of Ingress default/web allows 8192 bytes for the head of a response",
    "proxy-request-buffering of Ingress default/web: a body of up to 1 MiB is read whole",
    "limit-rate of Ingress default/web sends responses at 10 KiB a second",
  ])
    expect(stdout).toContain(`the annotation ${does}`);
});

test("an error that another backend answers for: what it is sent, and why", async () => {
  const args = ["explain", "http://shop.test/a?b", "--body-size", "1048577", "-f", "-"];
  const { stdout } = await runHere(args, { input: ANNOTATED });
  expect(stdout).toMatch(/ → forward default\/errors:80 \/\?b$/m);
  expect(stdout).toMatch(/ {2}X-Code: 413$/m);
  expect(stdout).toMatch(/^ +X-Original-URI: \/a\?b$/m);
  expect(stdout).not.toContain("X-Real-IP");
  expect(stdout).toContain("the body is larger than 1048576 bytes (proxy-body-size)");
});

const GUARDED = `
apiVersion: v1
kind: Secret
metadata: { name: users }
stringData: { auth: "anna:{PLAIN}secret" }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: inner
  annotations:
    nginx.ingress.kubernetes.io/limit-rps: "5"
    nginx.ingress.kubernetes.io/auth-type: basic
    nginx.ingress.kubernetes.io/auth-secret: users
    nginx.ingress.kubernetes.io/auth-url: http://auth.tools.svc.cluster.local:8080/verify?u=$request_uri
    nginx.ingress.kubernetes.io/denylist-source-range: 10.0.0.0/8
spec:
  ingressClassName: nginx
  rules:
    - host: inner.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

/** In nginx's order, each with annotation and Ingress. */
const ASKED_FIRST = [
  "the annotations of Ingress default/inner limit each client: limit-rps: 5 requests a second, and 25 more at once",
  "the address is looked at: denylist-source-range denies 10.0.0.0/8 (Ingress default/inner)",
  "a user name and a password of Secret default/users are asked for (auth-type, auth-secret of Ingress default/inner)",
  "GET http://auth.tools.svc.cluster.local:8080/verify?u=/a is asked, which is Service tools/auth:8080: 2xx lets the request in (the annotation auth-url of Ingress default/inner)",
];

test("what is asked of a request first is named, and a refusal that is sure is foreseen", async () => {
  const explained = (...more: readonly string[]) =>
    runHere(["explain", "http://inner.test/a", ...more, "-f", "-"], { input: GUARDED });
  const known = ["-H", `Authorization: Basic ${btoa("anna:secret")}`];
  const text = (await explained(...known)).stdout;
  expect(text.split("\n")[0]).toMatch(/ {2}→ forward default\/web:80 \/a$/);
  const verdicts = ["lets it in", "does not refuse it", "lets it in", "only asking tells"];
  const lines = ASKED_FIRST.map((line, i) => `${line}  → ${verdicts[i]}\n`);
  expect(text).toContain(`  Asked first     ${lines.join("                  ")}`);
  const { guards } = JSON.parse((await explained(...known, "-o", "json")).stdout);
  expect(guards).toEqual(
    (["limits", "addresses", "basic-auth", "external-auth"] as const).map((kind, i) => ({
      kind,
      why: ASKED_FIRST[i],
      verdict: ["passed", "abstained", "passed", "later"][i],
    })),
  );
  const refused = (await explained()).stdout;
  expect(refused.split(ASKED_FIRST[2] ?? "")).toHaveLength(2);
  const { status, why } = JSON.parse((await explained("-o", "json")).stdout);
  expect([status, why[0]]).toEqual([401, "the request has no user name and password"]);
});

test.each([
  // what is asked                                                        status  first reason
  ["a path of 9,000 bytes", [`http://inner.test/${"a".repeat(9000)}`], 414, "target-too-long"],
  ["a header of 9,000 bytes", ["-H", `X-A: ${"a".repeat(9000)}`], 400, "headers-too-large"],
  ["a coding that nobody understands", ["-H", "Transfer-Encoding: gzip"], 501, "bad-framing"],
  ["a wrong password", ["-H", `Authorization: Basic ${btoa("anna:other")}`], 401, "wrong-password"],
  ["a user that is not there", ["-H", `Authorization: Basic ${btoa("otto:secret")}`], 401, "unknown-user"],
])("explain refuses %s, as up does", async (_, more, status, code) => {
  const [first = ""] = more;
  const args = first.startsWith("http") ? more : ["http://inner.test/a", ...more];
  const { stdout } = await runHere(["explain", ...args, "-f", "-", "-o", "json"], { input: GUARDED });
  const answer = JSON.parse(stdout);
  expect([answer.decision, answer.status, answer.reasons[0].code]).toEqual(["respond", status, code]);
  if (status === 401) expect(answer.responseHeaders["WWW-Authenticate"]).toBe('Basic realm=""');
});

test("a Secret for TLS to the pods that is not there is not said to be used, and the fix names it", async () => {
  const input = GUARDED.replace(
    /annotations:[\s\S]*?\nspec:/,
    "annotations: { nginx.ingress.kubernetes.io/backend-protocol: HTTPS, nginx.ingress.kubernetes.io/proxy-ssl-secret: default/pods }\nspec:",
  );
  const { stdout, stderr } = await runHere(["explain", "http://inner.test/a", "-f", "-"], { input });
  expect(stdout).not.toContain("TLS to the pods uses");
  expect(stderr).toContain("kubectl create secret generic pods --from-file=ca.crt");
});
