import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket, TlsOptions } from "node:tls";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { match } from "../../src/match/match.ts";
import { type Authority, newAuthority, secretYaml, type TestPair } from "../support/authority.ts";
import { parseOptions } from "../support/case-file.ts";
import { type CompiledCase, compileCase } from "../support/compiled-case.ts";
import { bodyOf, exchangeRaw, statusOf } from "../support/raw.ts";
import { testProxy, upstreamAt } from "./support.ts";

let trusted: Authority;
let middle: Authority;
let other: Authority;
let web: TestPair;
let client: TestPair;
beforeAll(() => {
  trusted = newAuthority("Trusted");
  middle = trusted.vouchFor("Middle");
  other = newAuthority("Other");
  web = trusted.issue("web.test");
  client = trusted.issue("ingress.test");
});

/** An https upstream that reports its TLS parameters. */
async function httpsUpstream(options: TlsOptions): Promise<number> {
  const server = createServer(options, (request, response) => {
    const socket = request.socket as TLSSocket & { servername: string | false };
    const peer = socket.getPeerCertificate();
    response.end(`${socket.getProtocol()} sni=${socket.servername} client=${peer.subject?.CN}`);
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function compiled(annotations: Record<string, string>, secret: Record<string, string>): CompiledCase {
  const lines = Object.entries(annotations).map(
    ([name, text]) => `    nginx.ingress.kubernetes.io/${name}: "${text}"`,
  );
  const ingress = (name: string, path: string, own: readonly string[]) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    nginx.ingress.kubernetes.io/backend-protocol: HTTPS
${own.join("\n")}
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: { name: web, port: { number: 443 } } } }] }
`;
  const text = [
    ingress("ssl", "/", lines),
    ingress("neighbour", "/neighbour", []),
    secretYaml("tls", secret),
  ];
  const all = compileCase([{ file: "ssl.yaml", text: text.join("---\n") }], parseOptions("", "ssl.yaml"));
  onTestFinished(() => all.close());
  return all;
}

/** Asks an upstream through the annotations; returns the client's result. */
async function ask(
  upstream: TlsOptions,
  annotations: Record<string, string>,
  secret: Record<string, string>,
  path = "/",
): Promise<string> {
  const port = await httpsUpstream(upstream);
  const { table, problems } = compiled({ "proxy-ssl-secret": "default/tls", ...annotations }, secret);
  expect(problems.filter(({ level }) => level === "error")).toEqual([]);
  const proxy = await testProxy(upstreamAt(port, { protocol: "https" }), {
    decide: (facts) => match(table, facts),
  });
  const { text } = await exchangeRaw(
    proxy.port,
    `GET ${path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`,
  );
  const why = /X-Ingress-Dev-Why: (.*)/.exec(text)?.[1] ?? "";
  return statusOf(text) === 200 ? bodyOf(text) : `${statusOf(text)} ${why}`;
}

const NAMED = { "proxy-ssl-verify": "on", "proxy-ssl-name": "web.test" };

describe("proxy-ssl-secret", () => {
  test("its certificate is shown to a pod that asks for one; without SNI unless asked for", async () => {
    const upstream = { ...web, ca: trusted.cert, requestCert: true, rejectUnauthorized: true };
    const secret = { "ca.crt": trusted.cert, "tls.crt": client.cert, "tls.key": client.key };
    expect(await ask(upstream, {}, secret)).toBe("TLSv1.2 sni=false client=ingress.test");
    expect(await ask(upstream, {}, { "ca.crt": trusted.cert })).toMatch(/^502 .*could not be used/);
    expect(await ask(upstream, { ...NAMED, "proxy-ssl-server-name": "on" }, secret)).toBe(
      "TLSv1.2 sni=web.test client=ingress.test",
    );
    expect(await ask(upstream, {}, secret, "/neighbour")).toBe("TLSv1.2 sni=false client=ingress.test");
  });

  test.each([
    ["TLSv1.3", "TLSv1.3"],
    ["TLSv1.2 TLSv1.3", "TLSv1.3"],
    ["TLSv1.2", "TLSv1.2"],
    ["SSLv3", "TLSv1.2"],
  ])("proxy-ssl-protocols %s: %s", async (protocols, answer) => {
    expect(await ask(web, { "proxy-ssl-protocols": protocols }, { "ca.crt": trusted.cert })).toMatch(
      new RegExp(`^${answer} `),
    );
  });

  test("proxy-ssl-ciphers: what is not common to both is 502", async () => {
    const upstream = { ...web, ciphers: "ECDHE-RSA-AES128-GCM-SHA256" };
    const ca = { "ca.crt": trusted.cert };
    expect(await ask(upstream, { "proxy-ssl-ciphers": "ECDHE-RSA-AES128-GCM-SHA256" }, ca)).toMatch(
      /^TLSv1\.2/,
    );
    expect(await ask(upstream, { "proxy-ssl-ciphers": "ECDHE-RSA-AES256-GCM-SHA384" }, ca)).toMatch(/^502/);
  });
});

describe("proxy-ssl-verify", () => {
  test.each([
    ["a certificate of the CA's", () => web, NAMED, /^TLSv1\.2/],
    ["somebody else's", () => other.issue("web.test"), NAMED, /^502 .*unable to/],
    ["one that has expired", () => trusted.issue("web.test", { expired: true }), NAMED, /^502 .*expired/],
    ["one for another name", () => trusted.issue("b.test"), NAMED, /^502 .*DNS:b\.test, not for web\.test/],
    ["no proxy-ssl-name", () => web, { "proxy-ssl-verify": "on" }, /^502 .*not for upstream_balancer/],
    ["verify off", () => other.issue("b.test"), {}, /^TLSv1\.2/],
  ])("%s", async (_, pair, annotations, answer) => {
    expect(await ask(pair(), annotations, { "ca.crt": trusted.cert })).toMatch(answer);
  });

  test("proxy-ssl-verify-depth counts the certificates in between", async () => {
    const deeper = middle.vouchFor("Deeper");
    const near = middle.issue("web.test");
    const far = deeper.issue("web.test");
    const ca = { "ca.crt": trusted.cert };
    const chain = { key: near.key, cert: near.cert + middle.cert };
    const longer = { key: far.key, cert: far.cert + deeper.cert + middle.cert };
    expect(await ask(chain, NAMED, ca)).toMatch(/^TLSv1\.2/);
    expect(await ask(longer, NAMED, ca)).toMatch(/^502 .*longer than proxy-ssl-verify-depth 1/);
    expect(await ask(longer, { ...NAMED, "proxy-ssl-verify-depth": "2" }, ca)).toMatch(/^TLSv1\.2/);
  });
});

test.each([
  ["ciphers that OpenSSL does not know", { "proxy-ssl-ciphers": "NO-SUCH" }, "error controller-stops"],
  ["a verify that is neither on nor off", { "proxy-ssl-verify": "yes" }, "warning annotation-ignored"],
  ["a Secret without ca.crt", {}, "warning annotation-ignored"],
])("%s: %s", (_, annotations, outcome) => {
  const secret: Record<string, string> = outcome.startsWith("error")
    ? { "ca.crt": trusted.cert }
    : { "tls.crt": client.cert, "tls.key": client.key };
  const { problems } = compiled({ "proxy-ssl-secret": "default/tls", ...annotations }, secret);
  expect(problems.map(({ level, code }) => `${level} ${code}`)).toContain(outcome);
});
