import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runHere } from "../in-process.ts";

const MANIFESTS = join(import.meta.dirname, "manifests.yaml");

/** Request, what is expected, and what does not hold: `key: what came`. */
const ROWS: readonly (readonly [request: string, expected: string, ...failures: string[]])[] = [
  // Services and ports.
  ["GET http://shop.test/", "web"],
  ["http://shop.test/", "{service: web}"],
  ["GET http://shop.test/", "{service: default/web}"],
  ["GET http://shop.test/", "{service: default/web:80}"],
  ["GET http://shop.test/", "{service: office/web}", "service: default/web:80"],
  ["GET http://shop.test/", "{service: web:81}", "service: default/web:80"],
  ["GET http://shop.test/cart", "{service: cart, port: http}"],
  ["GET http://shop.test/cart", "{port: 80}", "port: http"],
  ["GET http://shop.test/cart", "{service: cart:http, notService: [web, gone]}"],
  ["GET http://shop.test/cart", "{notService: cart}", "notService: default/cart:http"],
  ["GET http://nobody.test/", "{notService: web}"],
  ["GET http://nobody.test/", "{service: web}", "service: respond 404"],
  // A Service's own status is unknown and counts as 200; without an endpoint the controller answers 503.
  ["GET http://shop.test/", "200"],
  ["GET http://shop.test/", "404", "status: forward default/web:80 /, whose status counts as 200"],
  ["GET http://shop.test/gone", "{status: 503}"],
  ["GET http://shop.test/gone", "{service: gone}", "service: respond 503"],
  ["GET http://nobody.test/", "{status: 404}"],
  // Paths as the backend receives them.
  ["GET http://shop.test/cart?x=1", "{path: /cart?x=1}"],
  ["GET http://shop.test/cart?x=1", "{path: /cart}", "path: /cart?x=1"],
  ["GET http://shop.test/caf%C3%A9", "{path: /caf%C3%A9}"],
  [
    "{url: 'https://admin.test/admin/users', client: 10.1.2.3}",
    "{service: office/panel, path: /users, ingress: office/admin, rule: /admin/(.*)}",
  ],
  // Who is asked, and how.
  ["GET https://admin.test/admin/users", "403"],
  ["GET https://admin.test/admin/users", "{status: 200, why: address-denied}", "status: respond 403"],
  ["{method: POST, url: 'https://admin.test/admin/u', client: 10.1.2.3, bodySize: 1k}", "{service: panel}"],
  ["{method: POST, url: 'https://admin.test/admin/u', client: 10.1.2.3, bodySize: 2k}", "{status: 413}"],
  ["{method: POST, url: 'https://admin.test/admin/u', client: 10.1.2.3, body: 'short'}", "{service: panel}"],
  ["GET http://secret.test/", "{status: 401, responseHeaders: {WWW-Authenticate: 'Basic realm=…'}}"],
  ["{url: 'http://secret.test/', headers: {Authorization: Basic Zm9vOmJhcg==}}", "{service: web}"],
  [
    "{url: 'http://secret.test/', headers: {Authorization: Basic Zm9vOmJheg==}}",
    "{status: 401, why: wrong-password}",
  ],
  // Redirects: the cluster's Location, the one with local ports, or the path on the same host.
  ["GET http://old.test/a", "{redirect: 'https://new.test/landing', status: 301}"],
  ["GET http://old.test/a", "{redirect: 'https://new.test:32000/landing'}"],
  ["GET http://old.test/a", "{redirect: /landing}", "redirect: https://new.test/landing"],
  ["GET http://old.test/a", "{redirect: 'http://new.test/landing'}", "redirect: https://new.test/landing"],
  ["GET http://old.test/a", "{status: 308}", "status: redirect 301 https://new.test/landing"],
  ["GET http://admin.test/admin/x?y", "{redirect: 'https://admin.test/admin/x?y', status: 308}"],
  ["GET http://admin.test/admin/x?y", "{redirect: /admin/x?y}", "redirect: https://admin.test/admin/x?y"],
  ["GET http://shop.test/", "{redirect: /}", "redirect: forward default/web:80 /"],
  // Ingress and rule.
  ["GET http://shop.test/cart", "{ingress: shop, rule: shop.test/cart}"],
  [
    "GET http://shop.test/cart",
    "{ingress: default/admin, rule: /}",
    "ingress: default/shop",
    "rule: shop.test/cart",
  ],
  ["GET http://nobody.test/", "{ingress: shop, rule: /}", "ingress: none", "rule: none"],
  // A canary is its own Ingress and that of its path.
  ["GET http://shop.test/", "{service: web, notService: web-next}"],
  ["{url: 'http://shop.test/', chance: 0}", "{service: web-next, ingress: shop-canary, rule: /}"],
  ["{url: 'http://shop.test/', chance: 0}", "{ingress: shop}"],
  ["{url: 'http://shop.test/', chance: 0.5}", "{ingress: shop-canary}", "ingress: default/shop"],
  // Headers as the backend receives them: the client's, and those that are set.
  [
    "{url: 'http://shop.test/', headers: {X-Mine: [a, b], Accept: text/html}}",
    "{headers: {x-mine: b, Accept: text/html, X-Forwarded-Port: '80', X-Request-ID: '…', X-None: null, Host: shop.test}}",
  ],
  [
    "{url: 'http://shop.test/', headers: {X-Mine: [a, b]}}",
    "{headers: {X-Mine: c, X-None: d, Host: null}}",
    "headers X-Mine: a, b",
    "headers X-None: absent",
    "headers Host: shop.test",
  ],
  ["GET https://shop.test/", "{headers: {X-Forwarded-Proto: https, X-Forwarded-Port: '443'}}"],
  [
    "GET http://old.test/",
    "{headers: {Host: old.test}}",
    "headers Host: redirect 301 https://new.test/landing",
  ],
  // Headers of the response that the controller sets.
  [
    "{url: 'https://admin.test/admin/x', client: 10.1.2.3, headers: {Origin: 'https://a.test'}}",
    "{responseHeaders: {Access-Control-Allow-Origin: '*', X-None: null}}",
  ],
  [
    "GET http://old.test/",
    "{responseHeaders: {Location: 'https://…/landing', Server: apache}}",
    "responseHeaders Server: absent",
  ],
  // Reasons: a code, or a part of a sentence.
  ["GET http://shop.test/cart", "{why: longest-prefix}"],
  ["GET http://shop.test/cart", "{why: [the longest prefix, /cart (Prefix)]}"],
  ["GET http://shop.test/gone", "{why: no-endpoints}"],
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-expectations-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Told {
  readonly tests: readonly {
    readonly line: number;
    readonly passed: boolean;
    readonly failures: readonly { readonly key: string; readonly actual: string }[];
  }[];
  readonly passed: number;
  readonly failed: number;
}

describe("expectations", () => {
  let told: Told = { tests: [], passed: 0, failed: 0 };
  beforeAll(async () => {
    const file = join(folder, "all.test.yaml");
    const rows = ROWS.map(([request, expected]) => `- {request: ${quoted(request)}, expect: ${expected}}\n`);
    writeFileSync(file, `manifests: ${MANIFESTS}\ntests:\n${rows.join("")}`);
    const said = await runHere(["test", file, "-o", "json"]);
    expect(said.stderr).toBe("");
    expect(said.code).toBe(1);
    told = JSON.parse(said.stdout);
  });

  test.each(
    ROWS.map(([request, expected, ...failures], at) => ({ request, expected, failures, at })),
  )("$request, $expected", ({ failures, at }) => {
    const result = told.tests[at];
    expect(result?.failures.map(({ key, actual }) => `${key}: ${actual}`)).toEqual(failures);
    expect(result?.passed).toBe(failures.length === 0);
    expect(result?.line).toBe(at + 3);
  });

  test("the counts are those of the tests", () => {
    const failed = ROWS.filter(([, , ...failures]) => failures.length > 0).length;
    expect([told.passed, told.failed]).toEqual([ROWS.length - failed, failed]);
  });
});

/** A short request holds colons. */
function quoted(request: string): string {
  return request.startsWith("{") ? request : `"${request}"`;
}
