import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOCUMENTED } from "../../../src/compile/ingress-nginx/annotations/features.ts";
import { FATES } from "../../../src/convert/to/nginx/losses.ts";
import { TARGET_NAMES } from "../../../src/convert/to/target-names.ts";
import { runHere } from "../../cli/in-process.ts";
import { ROWS } from "../../compile/annotation-values.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "convert-annotations-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PREFIX = "nginx.ingress.kubernetes.io/";

/** What an annotation needs beside it to do anything, by the beginning of its name. */
const COMPANIONS: readonly (readonly [start: string, others: Readonly<Record<string, string>>])[] = [
  ["cors-", { "enable-cors": "true" }],
  ["canary", { canary: "true", "canary-weight": "10", "canary-by-header": "X-Canary" }],
  ["session-cookie-", { affinity: "cookie" }],
  ["affinity-", { affinity: "cookie" }],
  ["auth-secret", { "auth-type": "basic", "auth-secret": "users" }],
  ["auth-realm", { "auth-type": "basic", "auth-secret": "users" }],
  ["auth-type", { "auth-secret": "users" }],
  ["auth-tls-", { "auth-tls-secret": "default/ca" }],
  ["auth-", { "auth-url": "http://auth.default.svc.cluster.local/verify" }],
  ["permanent-redirect-code", { "permanent-redirect": "https://new.test/" }],
  ["temporal-redirect-code", { "temporal-redirect": "https://new.test/" }],
  ["limit-", { "limit-rps": "10" }],
  ["x-forwarded-prefix", { "rewrite-target": "/x" }],
];

/** Values that do something; default: the first good one of the table. */
const VALUES: Readonly<Record<string, string>> = {
  // The other one is the default.
  "auth-secret-type": "auth-map",
  affinity: "cookie",
  "affinity-mode": "persistent",
  "auth-method": "POST",
  "auth-realm": "Members only",
  "auth-secret": "users",
  "auth-type": "basic",
  "auth-url": "http://auth.default.svc.cluster.local/verify",
  "auth-tls-secret": "default/ca",
  // on is the default.
  "auth-tls-verify-client": "optional",
  "backend-protocol": "HTTPS",
  canary: "true",
  "canary-weight": "10",
  "canary-by-header": "X-Canary",
  "canary-by-header-value": "yes",
  "canary-by-header-pattern": "y.*",
  "canary-by-cookie": "canary",
  "cors-allow-origin": "https://shop.test",
  "cors-allow-credentials": "false",
  "custom-headers": "default/headers",
  "limit-rps": "10",
  "limit-rpm": "10",
  "limit-connections": "10",
  "proxy-body-size": "8m",
  "proxy-connect-timeout": "10",
  "proxy-read-timeout": "10",
  "proxy-send-timeout": "10",
  "permanent-redirect": "https://new.test/",
  "temporal-redirect": "https://new.test/",
  "permanent-redirect-code": "308",
  "temporal-redirect-code": "307",
  "rewrite-target": "/other",
  satisfy: "any",
  "server-alias": "alias.test",
  "upstream-vhost": "inner.test",
  "x-forwarded-prefix": "/prefix",
  "app-root": "/app",
  "canary-weight-total": "200",
  "cors-max-age": "60",
  "limit-rate": "100",
  "limit-rate-after": "100",
  "mirror-target": "http://mirror.test/",
  "proxy-cookie-domain": "a.test b.test",
  "proxy-cookie-path": "/a /b",
  "proxy-next-upstream": "error http_502",
  "proxy-next-upstream-timeout": "10",
  "proxy-next-upstream-tries": "5",
  "proxy-ssl-verify-depth": "3",
  "auth-tls-verify-depth": "3",
  "auth-signin": "https://login.test/start",
  "auth-cache-key": "$remote_user",
  "upstream-hash-by": "$request_uri",
  "upstream-hash-by-subset": "true",
  "upstream-hash-by-subset-size": "2",
  "session-cookie-max-age": "600",
  "session-cookie-expires": "600",
};

function ingressWith(annotations: ReadonlyMap<string, string>, name = "shop"): string {
  const lines = [...annotations].map(([key, value]) => `    ${PREFIX}${key}: ${JSON.stringify(value)}\n`);
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    other: "1"
${lines.join("")}spec:
  ingressClassName: nginx
  tls: [{ hosts: [shop.test], secretName: shop-tls }]
  rules:
    - host: shop.test
      http: { paths: [{ path: /cart, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 80 } } } }] }
`;
}

interface Said {
  readonly files: readonly { readonly text: string }[];
  readonly problems: readonly { readonly message: string; readonly code: string; readonly field?: string }[];
  readonly compared: readonly { readonly unnamed: readonly unknown[] }[];
}

async function convert(text: string, to: string): Promise<Said> {
  const file = join(folder, "a.yaml");
  writeFileSync(file, text);
  const { stdout, stderr } = await runHere(["convert", "--to", to, "-o", "json", file]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

function companionsOf(name: string): Readonly<Record<string, string>> {
  return COMPANIONS.find(([start]) => name.startsWith(start))?.[1] ?? {};
}

/** Snippets have no row; nobody judges their values. */
function usualValue(name: string): string {
  return VALUES[name] ?? ROWS.find((row) => row.name === name)?.good[0] ?? "true";
}

test("each annotation that ingress-nginx documents has a fate", () => {
  expect([...DOCUMENTED.keys()].filter((name) => !FATES.has(name))).toEqual([]);
  expect([...FATES.keys()].filter((name) => !DOCUMENTED.has(name))).toEqual([]);
});

describe.each(TARGET_NAMES)("to %s", (target) => {
  test.each([...DOCUMENTED.keys()])("%s is converted, harmless, or named", async (name) => {
    const others = new Map(Object.entries(companionsOf(name)).filter(([other]) => other !== name));
    const primary = name.startsWith("canary") ? `${ingressWith(new Map(), "web")}---\n` : "";
    const without = await convert(primary + ingressWith(others), target);
    const all = new Map([...others, [name, usualValue(name)]]);
    const found = await convert(primary + ingressWith(all), target);
    const isNamed = found.problems.some(({ message }) => message.includes(`${PREFIX}${name}`));
    const isConverted = found.files[0]?.text !== without.files[0]?.text;
    const isHarmless = FATES.get(name)?.kind === "harmless";
    expect({ isNamed, isConverted, isHarmless }).not.toEqual({
      isNamed: false,
      isConverted: false,
      isHarmless: false,
    });
    expect(found.compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });
});
