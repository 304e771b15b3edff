import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { cookieKey } from "../../../src/compile/shared/server-cookie.ts";
import { match } from "../../../src/match/match.ts";
import type { ClientTls } from "../../../src/model/tls.ts";
import { compiled, ingressOf, serviceOf } from "./support.ts";

const CA = { apiVersion: "v1", kind: "Secret", metadata: { name: "ca" } };
const MAIN = { paths: [{ host: "a.test" }] };
const CANARY = {
  name: "canary",
  paths: [{ host: "a.test", service: "t" }],
  annotations: { canary: "true", "canary-weight": "50" },
};

function decided(
  annotations: Readonly<Record<string, string>>,
  { target = "/", headers = {}, tls }: Asked = {},
) {
  const secret = { ...CA, stringData: { "ca.crt": "authority", "tls.crt": "certificate", "tls.key": "key" } };
  const ingresses = [ingressOf({ ...MAIN, annotations }), ingressOf(CANARY)];
  const { table } = compiled([secret, ...["s", "t"].map(serviceOf), ...ingresses]);
  const sample = {
    scheme: tls === undefined ? ("http" as const) : ("https" as const),
    method: "GET",
    target,
    headers: [["Host", "a.test"] as const, ...Object.entries(headers)],
  };
  const decision = match(
    table,
    requestFacts(sample, table.plane, {
      ...{ ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0.999, tls },
      noEndpoints: () => undefined,
    }),
  );
  if (decision.kind !== "forward") throw new Error(`it answers ${decision.status}`);
  return decision;
}

interface Asked {
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: ClientTls;
}

const PASSED = { "auth-tls-secret": "default/ca", "auth-tls-pass-certificate-to-upstream": "true" };

test("without a certificate the Service learns that there is none, also by http", () => {
  expect(decided(PASSED).requestHeaders).toEqual([["Ssl-Client-Verify", "NONE"]]);
});

test("a client's certificate is told in four headers", () => {
  const certificate = { subject: "CN=alice", issuer: "CN=Trusted", pem: "-----A\n" };
  const tls = { servername: "a.test", verify: "SUCCESS", unknownIssuer: false, certificate };
  expect(decided(PASSED, { tls }).requestHeaders).toEqual([
    ["Ssl-Client-Verify", "SUCCESS"],
    ["Ssl-Client-Subject-Dn", "CN=alice"],
    ["Ssl-Client-Issuer-Dn", "CN=Trusted"],
    ["Ssl-Client-Cert", "-----A%0A"],
  ]);
});

test("upstream-hash-by is the key of the endpoint; unknown variables stay, and a cookie wins", () => {
  const hash = { "upstream-hash-by": "$arg_q-$nobody" };
  const key = { kind: "hash", key: "x-$nobody" };
  expect(decided(hash, { target: "/?q=x" }).choice).toEqual(key);
  expect(decided({ ...hash, affinity: "cookie" }, { target: "/?q=x" }).choice).toMatchObject({
    kind: "server-cookie",
  });
});

test("proxy-ssl-* hold for pods that speak TLS", () => {
  const said = {
    "proxy-ssl-secret": "default/ca",
    "proxy-ssl-name": "pod.test",
    "proxy-ssl-verify": "on",
  };
  const pair = { cert: "certificate", key: "key" };
  const tls = { ca: "authority", pair, verify: true, name: "pod.test", sendName: true };
  expect(decided({ ...said, "backend-protocol": "HTTPS" }).route.transport.tls).toMatchObject(tls);
  expect(decided(said).route.transport.tls).toBeUndefined();
});

test("with affinity a second cookie keeps a client at the Service or at its canary", () => {
  const sticky = { affinity: "cookie", "session-cookie-name": "st" };
  const service = (cookie: string) => decided(sticky, { headers: { Cookie: cookie } }).backend.service;
  const first = decided(sticky);
  expect(first.backend.service).toBe("s");
  expect(first.choice).toMatchObject({
    ofShare: [{ cookie: { name: "st-wrr" }, key: cookieKey("default-web-s-80") }],
  });
  expect(service(`st-wrr=${cookieKey("default-web-s-80-canary")}`)).toBe("t");
  expect(service("st-wrr=nobody")).toBe("s");
});
