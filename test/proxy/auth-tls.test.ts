import { X509Certificate } from "node:crypto";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createContexts } from "../../certs/contexts.ts";
import { match } from "../../src/match/match.ts";
import { matchTls } from "../../src/match/tls.ts";
import { NGINX } from "../../src/plane/nginx.ts";
import { rfc2253 } from "../../src/proxy/listen/peer.ts";
import { type Authority, newAuthority, secretYaml, type TestPair } from "../support/authority.ts";
import { parseOptions } from "../support/case-file.ts";
import { type CompiledCase, compileCase } from "../support/compiled-case.ts";
import { bodyOf, rawClient, statusOf } from "../support/raw.ts";
import { selfSigned, type TestProxy, testProxy } from "./support.ts";

const BAD_CERTIFICATE = NGINX.answer({ status: 400, cause: "bad client certificate" }).body;
const NO_CERTIFICATE = NGINX.answer({ status: 400, cause: "no client certificate" }).body;

let trusted: Authority;
let middle: Authority;
let other: Authority;
let alice: TestPair;
let mallory: TestPair;
let server: TestPair;
beforeAll(() => {
  trusted = newAuthority("Trusted");
  middle = trusted.vouchFor("Middle");
  other = newAuthority("Other");
  alice = trusted.issue("alice");
  mallory = other.issue("mallory");
  server = selfSigned("server.test");
});

type Annotations = Readonly<Record<string, string>>;

/** An Ingress for a host. default path: `/` */
function ingress(
  host: string,
  annotations: Annotations,
  path = "/",
  name = host.replace(/\./g, "-"),
): string {
  const lines = Object.entries(annotations).map(
    ([key, value]) => `    nginx.ingress.kubernetes.io/${key}: ${JSON.stringify(value)}\n`,
  );
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    example.com/none: ""
${lines.join("")}spec:
  ingressClassName: nginx
  rules:
    - host: ${host}
      http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;
}

function compiled(...documents: readonly string[]): CompiledCase {
  const text = [...documents, secretYaml("ca", { "ca.crt": trusted.cert })].join("---\n");
  const all = compileCase([{ file: "tls.yaml", text }], parseOptions("", "tls.yaml"));
  onTestFinished(() => all.close());
  return all;
}

async function served(all: CompiledCase): Promise<TestProxy> {
  const contexts = createContexts({ certPem: server.cert, keyPem: server.key });
  return testProxy(1, {
    decide: (facts) => match(all.table, facts),
    resolve: all.resolver.resolve,
    decideTls: (name) => matchTls(all.table, name),
    secureContext: (_, terms): SecureContext => contexts(terms),
  });
}

interface Asked {
  readonly sni?: string | undefined;
  readonly client?: TestPair | undefined;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: readonly string[];
}

async function openTls({ proxy }: TestProxy, sni: string | undefined, client?: TestPair): Promise<TLSSocket> {
  const socket = connectTls({
    port: proxy.https.port,
    host: "127.0.0.1",
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
    ...(sni === undefined ? {} : { servername: sni }),
    ...(client === undefined ? {} : client),
  });
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  return socket;
}

/** One raw https request. default SNI: the host */
async function ask(proxy: TestProxy, host: string, asked: Asked = {}): Promise<string> {
  const { sni = host, client, path = "/", method = "GET", headers = [] } = asked;
  const raw = rawClient(await openTls(proxy, "sni" in asked ? asked.sni : sni, client));
  raw.send(
    [`${method} ${path} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers, "", ""].join("\r\n"),
  );
  return (await raw.end()).text;
}

/** The headers that the backend received. */
function received(text: string): Readonly<Record<string, string>> {
  expect(statusOf(text)).toBe(200);
  return JSON.parse(bodyOf(text)).headers;
}

const ON = { "auth-tls-secret": "default/ca" };

describe("auth-tls-verify-client", () => {
  test.each([
    ["on", "none", 400, 496],
    ["on", "good", 200, 0],
    ["on", "bad", 400, 495],
    ["optional", "none", 200, 0],
    ["optional", "good", 200, 0],
    ["optional", "bad", 400, 495],
    ["optional_no_ca", "none", 200, 0],
    ["optional_no_ca", "bad", 200, 0],
    ["optional_no_ca", "expired", 400, 495],
    ["off", "none", 200, 0],
    ["off", "bad", 200, 0],
  ] as const)("%s, a certificate that is %s: %i", async (verify, kind, status, page) => {
    const proxy = await served(compiled(ingress("a.test", { ...ON, "auth-tls-verify-client": verify })));
    const expired = trusted.issue("late", { expired: true });
    const client = { none: undefined, good: alice, bad: mallory, expired }[kind];
    const text = await ask(proxy, "a.test", { client });
    expect(statusOf(text)).toBe(status);
    if (page !== 0) {
      expect(bodyOf(text)).toBe(page === 495 ? BAD_CERTIFICATE : NO_CERTIFICATE);
      expect(text).toMatch(/X-Ingress-Dev-Why: .*the annotation auth-tls-secret of Ingress default\/a-test/);
      expect(text).toContain("\r\nConnection: close\r\n");
    }
  });

  test("HTTP/2 asks for the same, and http for nothing", async () => {
    const all = compiled(ingress("a.test", ON));
    const proxy = await served(all);
    const ask2 = (client: TestPair | undefined) =>
      new Promise<unknown>((resolve, reject) => {
        const session = connectHttp2(`https://127.0.0.1:${proxy.proxy.https.port}`, {
          rejectUnauthorized: false,
          servername: "a.test",
          ...(client === undefined ? {} : client),
        });
        onTestFinished(() => session.destroy());
        const stream = session.request({ ":authority": "a.test", ":path": "/" });
        stream.on("response", (head) => resolve(head[":status"])).on("error", reject);
      });
    expect(await ask2(alice)).toBe(200);
    expect(await ask2(undefined)).toBe(400);
    expect(await ask2(mallory)).toBe(400);
  });

  test("a session that is taken up again, and a connection that is kept, are as good as the first", async () => {
    const proxy = await served(compiled(ingress("a.test", ON)));
    const first = await openTls(proxy, "a.test", alice);
    const kept = rawClient(first);
    let session: Buffer | undefined;
    first.on("session", (found) => {
      session = found;
    });
    for (let count = 1; count <= 2; count++) {
      kept.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
      await kept.until((text) => text.split("HTTP/1.1 200").length === count + 1);
    }
    const again = connectTls({
      port: proxy.proxy.https.port,
      host: "127.0.0.1",
      servername: "a.test",
      rejectUnauthorized: false,
      ...alice,
      ...(session === undefined ? {} : { session }),
    });
    onTestFinished(() => void again.destroy());
    const next = rawClient(again);
    next.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    expect(received((await next.end()).text)["ssl-client-verify"]).toBe("SUCCESS");
  });

  test("auth-tls-verify-depth counts the certificates in between", async () => {
    const deep = middle.vouchFor("Deeper");
    const near = middle.issue("near");
    const far = deep.issue("far");
    const chain = { key: near.key, cert: near.cert + middle.cert };
    const longer = { key: far.key, cert: far.cert + deep.cert + middle.cert };
    const proxy = await served(
      compiled(ingress("a.test", ON), ingress("b.test", { ...ON, "auth-tls-verify-depth": "2" })),
    );
    expect(statusOf(await ask(proxy, "a.test", { client: chain }))).toBe(200);
    const refused = await ask(proxy, "a.test", { client: longer });
    expect(statusOf(refused)).toBe(400);
    expect(refused).toContain("certificate chain too long");
    expect(statusOf(await ask(proxy, "b.test", { client: longer }))).toBe(200);
  });
});

describe("which server asks", () => {
  test("the oldest Ingress with a CA, for every path of the host; other hosts ask for nothing", async () => {
    const all = compiled(
      ingress("a.test", {}, "/first", "first"),
      ingress("a.test", { ...ON, "auth-tls-verify-client": "optional" }, "/", "second"),
      ingress("a.test", ON, "/third", "third"),
      ingress("b.test", {}),
    );
    const proxy = await served(all);
    expect(received(await ask(proxy, "a.test", { path: "/first", client: alice }))["ssl-client-verify"]).toBe(
      "SUCCESS",
    );
    expect(received(await ask(proxy, "a.test", { path: "/third" }))["ssl-client-verify"]).toBe("NONE");
    expect(received(await ask(proxy, "b.test", { client: alice }))["ssl-client-verify"]).toBeUndefined();
  });

  test("another name in the handshake: 421; none, or one that nobody has: as without a certificate", async () => {
    const proxy = await served(compiled(ingress("a.test", ON), ingress("b.test", {})));
    const other = await ask(proxy, "a.test", { sni: "b.test", client: alice });
    expect(statusOf(other)).toBe(421);
    expect(bodyOf(other)).toBe(NGINX.answer({ status: 421 }).body);
    expect(statusOf(await ask(proxy, "b.test", { sni: "a.test", client: alice }))).toBe(200);
    expect(bodyOf(await ask(proxy, "a.test", { sni: undefined, client: alice }))).toBe(NO_CERTIFICATE);
    expect(bodyOf(await ask(proxy, "a.test", { sni: "c.test", client: alice }))).toBe(NO_CERTIFICATE);
    expect(statusOf(await ask(proxy, "A.TEST", { sni: "a.test", client: alice }))).toBe(200);
  });
});

describe("what the backend is told", () => {
  const SPOOFED = ["ssl-client-verify: SUCCESS", "ssl-client-subject-dn: CN=root", "ssl-client-cert: mine"];

  test("the subject, the issuer and how it went, whatever the client says; the certificate where asked for", async () => {
    const proxy = await served(
      compiled(
        ingress("a.test", { ...ON, "auth-tls-verify-client": "optional_no_ca" }),
        ingress("b.test", { ...ON, "auth-tls-pass-certificate-to-upstream": "true" }),
      ),
    );
    expect(received(await ask(proxy, "a.test", { client: alice, headers: SPOOFED }))).toMatchObject({
      "ssl-client-verify": "SUCCESS",
      "ssl-client-subject-dn": "CN=alice,O=Test\\, Inc.",
      "ssl-client-issuer-dn": "CN=Trusted,O=Test\\, Inc.",
      "ssl-client-cert": "mine",
    });
    const bad = received(await ask(proxy, "a.test", { client: mallory }));
    expect(bad["ssl-client-verify"]).toBe("FAILED:unable to verify the first certificate");
    const none = received(await ask(proxy, "a.test", { headers: SPOOFED }));
    expect(none["ssl-client-verify"]).toBe("NONE");
    expect(none["ssl-client-subject-dn"]).toBeUndefined();
    const passed =
      received(await ask(proxy, "b.test", { client: alice, headers: SPOOFED }))["ssl-client-cert"] ?? "";
    expect(passed).toMatch(/^-----BEGIN%20CERTIFICATE-----%0A[\w%.-]+-----END%20CERTIFICATE-----%0A$/);
    expect(new X509Certificate(decodeURIComponent(passed)).subject).toBe(
      new X509Certificate(alice.cert).subject,
    );
  });

  test.each([
    ["C=DE\nO=Test\\, Inc.\nCN=My CA", "CN=My CA,O=Test\\, Inc.,C=DE"],
    ["CN=alice\\;1\nemailAddress=a@b.c", "emailAddress=a@b.c,CN=alice\\;1"],
    ["O=Söhne\nCN=x", "CN=x,O=S\\C3\\B6hne"],
    ["CN=a + OU=b \\+ c\nO=d", "O=d,CN=a+OU=b \\+ c"],
    ["", ""],
  ])("%j is %j for nginx", (name, written) => expect(rfc2253(name)).toBe(written));
});

describe("auth-tls-error-page", () => {
  test.each([
    ["https://login.test/why", "https://login.test/why"],
    ["login.test/why", "login.test/why"],
    ["https://login.test:8443/a_b/c.html", "https://login.test:8443/a_b/c.html"],
  ])("%s: 302", async (page, location) => {
    const proxy = await served(compiled(ingress("a.test", { ...ON, "auth-tls-error-page": page })));
    const text = await ask(proxy, "a.test");
    expect(statusOf(text)).toBe(302);
    expect(text).toContain(`\r\nLocation: ${location}\r\n`);
    expect(statusOf(await ask(proxy, "a.test", { client: alice }))).toBe(200);
  });

  test("a path is served by the same server, to a GET with the body (tried on nginx 1.22.1)", async () => {
    const proxy = await served(compiled(ingress("a.test", { ...ON, "auth-tls-error-page": "/why" })));
    expect(JSON.parse(bodyOf(await ask(proxy, "a.test", { path: "/secret?a=1" })))).toMatchObject({
      path: "/why",
      query: "",
    });
    const raw = rawClient(await openTls(proxy, "a.test"));
    raw.send("POST /secret HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
    const post = JSON.parse(bodyOf((await raw.end()).text));
    expect(post).toMatchObject({ method: "GET", path: "/why", body: "body" });
    expect(post.headers["content-length"]).toBe("4");
  });

  test("what the server says of every request holds at the page's path too (tried on nginx 1.22.1)", async () => {
    const page = { ...ON, "auth-tls-error-page": "/why" };
    const blocks = `apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { block-user-agents: crawler }
`;
    const named = { ...page, "auth-tls-match-cn": "CN=alice" };
    const proxy = await served(compiled(ingress("a.test", named), ingress("b.test", page), blocks));
    const unnamed = await ask(proxy, "a.test");
    expect(statusOf(unnamed)).toBe(403);
    expect(bodyOf(unnamed)).toBe("client certificate unauthorized");
    const raw = rawClient(await openTls(proxy, "b.test"));
    raw.send("GET /secret HTTP/1.1\r\nHost: b.test\r\nUser-Agent: crawler\r\nConnection: close\r\n\r\n");
    expect(statusOf((await raw.end()).text)).toBe(403);
    expect(statusOf(await ask(proxy, "b.test"))).toBe(200);
  });
});

test("a name that nginx has no location for is 500", async () => {
  const all = compiled(ingress("a.test", { ...ON, "auth-tls-error-page": "@denied" }));
  expect(all.problems.map(({ code }) => code)).toEqual(["annotation-surprising"]);
  expect(statusOf(await ask(await served(all), "a.test"))).toBe(500);
});

test("auth-tls-match-cn: 403 for others, and for http, where nobody has a name", async () => {
  const all = compiled(ingress("a.test", { ...ON, "auth-tls-match-cn": "CN=ali(ce|na)" }));
  const proxy = await served(all);
  expect(statusOf(await ask(proxy, "a.test", { client: alice }))).toBe(200);
  const bob = await ask(proxy, "a.test", { client: trusted.issue("Alice") });
  expect(statusOf(bob)).toBe(403);
  expect(bodyOf(bob)).toBe("client certificate unauthorized");
  expect(bob).toContain("\r\nContent-Type: text/html\r\n");
  expect(bodyOf(await ask(proxy, "a.test"))).toBe(NO_CERTIFICATE);
  const plain = match(all.table, {
    scheme: "http",
    method: "GET",
    host: "a.test",
    target: "/",
    ports: { http: 80, https: 443 },
    exact: false,
    header: () => undefined,
    remoteAddress: "127.0.0.1",
    chance: 0,
    noEndpoints: () => undefined,
  });
  expect(plain).toMatchObject({ kind: "respond", status: 403 });
});

test.each([
  ["auth-tls-verify-client", "maybe", "warning annotation-ignored"],
  ["auth-tls-verify-depth", "deep", "warning annotation-ignored"],
  ["auth-tls-error-page", "https://a.test/why?now", "error annotation-refused"],
  ["auth-tls-pass-certificate-to-upstream", "yes", "error annotation-refused"],
  ["auth-tls-verify-depth", "-1", "error controller-stops"],
  ["auth-tls-match-cn", "alice", "error annotation-refused"],
  ["auth-tls-match-cn", "CN=(?!alice)", "error annotation-refused"],
  ["auth-tls-match-cn", "CN=(alice", "error annotation-refused"],
])("a bad value, %s: %s: %s", (name, value, outcome) => {
  const { problems } = compiled(ingress("a.test", { ...ON, [name]: value }));
  expect(problems.map(({ level, code }) => `${level} ${code}`)).toEqual([outcome]);
});

test("a Secret with a key but no ca.crt asks nobody for a certificate, and that is said", async () => {
  const keys = secretYaml("keys", { "tls.crt": server.cert, "tls.key": server.key });
  const all = compiled(ingress("a.test", { "auth-tls-secret": "default/keys" }), keys);
  expect(all.problems.map(({ code }) => code)).toEqual(["annotation-ignored"]);
  expect(received(await ask(await served(all), "a.test"))["ssl-client-verify"]).toBeUndefined();
});

describe("ssl-ciphers, and HTTP/2 switched off", () => {
  test("a host takes no other ciphers than it names; other hosts take theirs", async () => {
    const only = "ECDHE-RSA-AES256-GCM-SHA384";
    const proxy = await served(compiled(ingress("a.test", { "ssl-ciphers": only }), ingress("b.test", {})));
    const tls12 = (servername: string, ciphers: string) =>
      new Promise<string>((resolve) => {
        const socket = connectTls({
          port: proxy.proxy.https.port,
          host: "127.0.0.1",
          rejectUnauthorized: false,
          servername,
          secureContext: createSecureContext({ maxVersion: "TLSv1.2", ciphers }),
        });
        socket
          .on("secureConnect", () => resolve(socket.getCipher().name))
          .on("error", () => resolve("refused"));
        onTestFinished(() => void socket.destroy());
      });
    expect(await tls12("a.test", "ECDHE-RSA-AES128-GCM-SHA256")).toBe("refused");
    expect(await tls12("a.test", `ECDHE-RSA-AES128-GCM-SHA256:${only}`)).toBe(only);
    expect(await tls12("b.test", "ECDHE-RSA-AES128-GCM-SHA256")).toBe("ECDHE-RSA-AES128-GCM-SHA256");
  });

  test("ssl-prefer-server-ciphers: whose order counts", async () => {
    const mine = "ECDHE-RSA-AES256-GCM-SHA384";
    const yours = "ECDHE-RSA-AES128-GCM-SHA256";
    const ciphers = { "ssl-ciphers": `${mine}:${yours}` };
    const proxy = await served(
      compiled(
        ingress("a.test", { ...ciphers, "ssl-prefer-server-ciphers": "true" }),
        ingress("b.test", { ...ciphers, "ssl-prefer-server-ciphers": "false" }),
      ),
    );
    const chosen = (servername: string) =>
      new Promise<string>((resolve, reject) => {
        const secureContext = createSecureContext({ maxVersion: "TLSv1.2", ciphers: `${yours}:${mine}` });
        const at = { port: proxy.proxy.https.port, host: "127.0.0.1", rejectUnauthorized: false };
        const socket = connectTls({ ...at, servername, secureContext });
        socket.on("secureConnect", () => resolve(socket.getCipher().name)).on("error", reject);
        onTestFinished(() => void socket.destroy());
      });
    expect(await chosen("a.test")).toBe(mine);
    expect(await chosen("b.test")).toBe(yours);
  });

  test("where HTTP/2 is switched off a client that offers both gets HTTP/1.1", async () => {
    const contexts = createContexts({ certPem: server.cert, keyPem: server.key });
    const { table } = compiled(ingress("a.test", {}));
    const { proxy } = await testProxy(1, {
      http2: () => "off",
      decideTls: (name) => matchTls(table, name),
      secureContext: (_, terms) => contexts(terms),
    });
    const socket = connectTls({
      port: proxy.https.port,
      host: "127.0.0.1",
      rejectUnauthorized: false,
      servername: "a.test",
      ALPNProtocols: ["h2", "http/1.1"],
    });
    onTestFinished(() => void socket.destroy());
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    expect(socket.alpnProtocol).toBe("http/1.1");
  });
});
