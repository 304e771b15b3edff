import { describe, expect, test } from "vitest";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { nginxAnswer } from "../../src/plane/nginx/pages.ts";
import { type ExpectedCertificate, isExpected, showSame } from "../../src/verify/judge/certificate.ts";
import { knownServices } from "../../src/verify/judge/known-services.ts";
import { isSameLocation } from "../../src/verify/judge/location.ts";
import { pageOf } from "../../src/verify/judge/own-page.ts";
import { type Who, whoAnswered } from "../../src/verify/judge/who.ts";
import type { LiveAnswer, SeenCertificate } from "../../src/verify/live-answer.ts";
import { parseManifest } from "../support/parse-manifest.ts";

function answer(body: string, more: Partial<Extract<LiveAnswer, { kind: "answered" }>> = {}) {
  const bytes = Buffer.from(body, "utf8").toString("latin1");
  return {
    kind: "answered",
    status: 200,
    location: undefined,
    headers: [],
    certificate: undefined,
    body: bytes,
    ...more,
  } as const;
}

describe("where a redirect goes, in production's form", () => {
  const ports = { http: 31000, https: 32000 };
  test.each([
    ["https://a.test/x", "https://a.test/x", true],
    ["https://a.test/x", "https://a.test:32000/x", true],
    ["https://a.test/x", "https://a.test:443/x", true],
    ["https://a.test:443/x", "https://a.test/x", true],
    ["http://a.test", "http://a.test:31000", true],
    ["http://a.test?b", "http://a.test:31000?b", true],
    ["https://[::1]/x", "https://[::1]:32000/x", true],
    ["http://e.test:31000/", "http://e.test:31000/", true],
    ["/x", "/x", true],
    // The port of the other scheme is another place.
    ["https://a.test/x", "https://a.test:31000/x", false],
    ["https://a.test/x", "http://a.test/x", false],
    ["https://a.test/x", "https://a.test:8443/x", false],
    ["https://a.test/x", "https://a.test/X", false],
    ["https://a.test/x", "https://a.test/x/", false],
    ["https://a.test/", "https://a.test", false],
    ["/x", "https://a.test/x", false],
    ["https://a.test/x", "https://a.test:320001/x", false],
    ["https://a.test/?u=http://b:80/", "https://a.test/?u=http://b/", false],
    ["https://a.test/x", undefined, false],
  ])("%j and %j", (predicted, actual, same) => expect(isSameLocation(predicted, actual, ports)).toBe(same));
});

test.each([
  [nginxAnswer({ status: 404 }).body, "controller"],
  [nginxAnswer({ status: 503 }).body, "controller"],
  [nginxAnswer({ status: 400, cause: "no client certificate" }).body, "controller"],
  [nginxAnswer({ status: 404 }).body.replaceAll("\r\n", "\n"), "controller"],
  [nginxAnswer({ status: 404, server: "nginx/1.27.1" }).body, "some nginx"],
  ["default backend - 404", "default backend"],
  ["default backend - 404 or so", "foreign"],
  ["404 page not found\n", "foreign"],
  ['{"error":"not found"}', "foreign"],
  [`<!doctype html>${nginxAnswer({ status: 404 }).body}`, "foreign"],
  ["", "untold"],
])("the page %j is of: %s", (body, of) => expect(pageOf(answer(body))).toBe(of));

const MANIFESTS = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web-canary, namespace: shop }
spec: { selector: { app: canary }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: other }
spec: { ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { selector: { app: db }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: frontend, namespace: shop }
spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [] } } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec: { selector: { matchLabels: { app: db } }, template: { metadata: { labels: { app: db } }, spec: { containers: [] } } }
`;
const { snapshot } = snapshotOf(parseManifest(MANIFESTS, "a.yaml").resources);
const KNOWN = knownServices(snapshot, ["shop/unwritten"]);
const sure = (services: readonly string[], by: string): Who => ({
  kind: "service",
  services,
  proof: "sure",
  by,
});
const BY_NAMES = "its answer's namespace and service";
const POD = "frontend-7d9f8b6c5d-x2x4z";

test.each<readonly [what: string, body: unknown, who: Who]>([
  ["a Service of the manifests", { namespace: "shop", service: "web" }, sure(["shop/web"], BY_NAMES)],
  ["one that routes name", { namespace: "shop", service: "unwritten" }, sure(["shop/unwritten"], BY_NAMES)],
  [
    "two words that may mean something else",
    { namespace: "prod", service: "payments" },
    { kind: "service", services: ["prod/payments"], proof: "hint", by: BY_NAMES },
  ],
  [
    "an echo server that the manifests do not know",
    { namespace: "prod", service: "payments", pod: "payments-1" },
    sure(["prod/payments"], BY_NAMES),
  ],
  [
    "a name alone",
    { service: "web", status: "up" },
    { kind: "service", services: ["shop/web", "other/web"], proof: "hint", by: "its answer's service" },
  ],
  ["a name alone that is no Service", { service: "payments" }, { kind: "untold" }],
  ["a pod of a Deployment", { pod: POD }, sure(["shop/web"], `pod ${POD}`)],
  ["mendhak/http-https-echo", { os: { hostname: POD } }, sure(["shop/web"], `pod ${POD}`)],
  ["ealen/echo-server", { host: { hostname: "a.test" }, environment: { HOSTNAME: POD } }, { kind: "untold" }],
  ["traefik/whoami", { hostname: POD, ip: [] }, sure(["shop/web"], `pod ${POD}`)],
  ["a pod with its namespace", { pod: POD, namespace: "shop" }, sure(["shop/web"], `pod ${POD}`)],
  ["a pod of another namespace", { pod: POD, namespace: "other" }, { kind: "untold" }],
  ["a pod of a StatefulSet", { pod: "db-0" }, sure(["shop/db"], "pod db-0")],
  ["a Deployment's name is no StatefulSet's", { pod: "frontend-0" }, { kind: "untold" }],
  ["a pod of an unknown workload", { pod: "web-7d9f8b6c5d-x2x4z" }, { kind: "untold" }],
  ["a host name", { hostname: "frontend" }, { kind: "untold" }],
  ["odd types", { pod: 1, service: ["web"], namespace: null, os: "x" }, { kind: "untold" }],
  ["lists", [{ namespace: "shop", service: "web" }], { kind: "untold" }],
  ["__proto__", JSON.parse('{"__proto__":{"pod":"db-0"}}'), { kind: "untold" }],
  ["traefik/whoami as text", `Hostname: ${POD}\nIP: 10.0.0.1\n`, sure(["shop/web"], `pod ${POD}`)],
  [
    "echoserver",
    `\n\nHostname: ${POD}\n\nPod Information:\n\tpod name:\t${POD}\n\tpod namespace:\tshop\n`,
    sure(["shop/web"], `pod ${POD}`),
  ],
  ["hello-app", `Hello, world!\nVersion: 1.0.0\nHostname: db-12\n`, sure(["shop/db"], "pod db-12")],
  ["cut-off JSON", '{"namespace":"shop","service":"web"', { kind: "untold" }],
  ["a page that speaks of it", `<p>Hostname: ${POD}</p>`, { kind: "untold" }],
  ["nothing", "", { kind: "untold" }],
])("%s", (_, body, who) =>
  expect(whoAnswered(answer(typeof body === "string" ? body : JSON.stringify(body)), KNOWN)).toEqual(who));

test("the echo service is a backend, though a HEAD does not say which", () => {
  const headers = [["X-Ingress-Dev-Upstream", "echo"]] as const;
  expect(whoAnswered(answer("", { headers }), KNOWN)).toEqual({ kind: "some backend" });
});

function seen(more: Partial<SeenCertificate> = {}): SeenCertificate {
  return { subject: "a.test", issuer: "CA", names: ["a.test"], fingerprint: "AB:CD", covers: true, ...more };
}
const FAKE = seen({
  subject: "Kubernetes Ingress Controller Fake Certificate",
  names: ["ingress.local"],
  covers: false,
});
const SECRET: ExpectedCertificate = { kind: "secret", secret: "shop/tls" };
const KNOWN_SECRET: ExpectedCertificate = { ...SECRET, fingerprint: "AB:CD" };

test.each([
  ["a Secret's fingerprint", KNOWN_SECRET, seen(), true],
  ["another fingerprint", KNOWN_SECRET, seen({ fingerprint: "00:11" }), false],
  ["a Secret of the cluster alone", SECRET, seen(), true],
  ["one whose names do not fit", SECRET, seen({ covers: false }), false],
  ["the fake one where a Secret is named", SECRET, FAKE, false],
  ["the fake one", { kind: "fake" }, FAKE, true],
  ["a default certificate", { kind: "fake" }, seen(), false],
  ["what nobody knows", { kind: "any" }, seen(), true],
  ["none", SECRET, undefined, false],
  ["one that cannot be read", KNOWN_SECRET, { unreadable: "x" }, false],
] as const)("the certificate: %s", (_, expected, shown, ok) => expect(isExpected(expected, shown)).toBe(ok));

test.each([
  ["equal ones", seen(), seen(), true],
  ["a renewed one", seen(), seen({ fingerprint: "00:11" }), true],
  ["one of another issuer", seen(), seen({ fingerprint: "00:11", issuer: "other" }), false],
  ["one of other names", seen(), seen({ fingerprint: "00:11", names: ["b.test"] }), false],
  ["two fake ones", FAKE, { ...FAKE, fingerprint: "00:11" }, true],
  ["a fake one and another", FAKE, seen(), false],
  ["none and one", undefined, seen(), false],
  ["two that cannot be read", { unreadable: "x" }, { unreadable: "y" }, true],
] as const)("two controllers: %s", (_, a, b, same) => expect(showSame(a, b)).toBe(same));
