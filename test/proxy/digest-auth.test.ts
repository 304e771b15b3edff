import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createNonces } from "../../src/proxy/decide/guards/nonces.ts";
import { readDigest } from "../../src/request/digest.ts";
import { exchangeRaw, headLines, statusOf } from "../support/raw.ts";
import { serveManifests } from "./served.ts";
import { httpUpstream } from "./support.ts";

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

const MANIFESTS = `
apiVersion: v1
kind: Secret
metadata: { name: users }
stringData: { auth: "anna:team:${md5("anna:team:secret")}\\nbert:other:${md5("bert:other:secret")}\\n" }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/auth-type: digest
    nginx.ingress.kubernetes.io/auth-secret: users
    nginx.ingress.kubernetes.io/auth-realm: team
spec:
  ingressClassName: nginx
  rules: [{ host: a.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;

async function serving() {
  const backend = await httpUpstream((request, response) =>
    response.end(request.headers.authorization ?? "none"),
  );
  const { port } = await serveManifests(MANIFESTS, { web: backend });
  const ask = (line = "", target = "/a?b=c") =>
    exchangeRaw(port, `GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${line}\r\n`);
  const challenge = (text: string) =>
    headLines(text).find((one) => one.startsWith("WWW-Authenticate: Digest")) ?? "";
  const nonceOf = (text: string) => /nonce="([0-9a-f]{16})"/.exec(challenge(text))?.[1] ?? "";
  return { ask, challenge, nonceOf };
}

interface Said {
  readonly user?: string;
  readonly realm?: string;
  readonly password?: string;
  readonly uri?: string;
  readonly count?: string;
}

/** A client's answer to a challenge (RFC 7616 section 3.4.1). */
function authorization(nonce: string, said: Said = {}): string {
  const { user = "anna", realm = "team", password = "secret", uri = "/a?b=c", count = "00000001" } = said;
  const hash = md5(`${user}:${realm}:${password}`);
  const response = md5(`${hash}:${nonce}:${count}:c1:auth:${md5(`GET:${uri}`)}`);
  return `Authorization: Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", qop=auth, nc=${count}, cnonce="c1", response="${response}"\r\n`;
}

describe("auth-type: digest (ngx_http_auth_digest_module.c)", () => {
  test("who knows the password comes in, once with each count, and the backend is not told", async () => {
    const { ask, challenge, nonceOf } = await serving();
    const first = await ask();
    expect(statusOf(first.text)).toBe(401);
    expect(challenge(first.text)).toMatch(
      /^WWW-Authenticate: Digest algorithm="MD5", qop="auth", realm="team", nonce="[0-9a-f]{16}"$/,
    );
    const nonce = nonceOf(first.text);
    const second = await ask(authorization(nonce));
    expect([statusOf(second.text), second.text.endsWith("none")]).toEqual([200, true]);
    const again = await ask(authorization(nonce));
    expect([statusOf(again.text), challenge(again.text).endsWith(', stale="true"')]).toEqual([401, true]);
    expect(statusOf((await ask(authorization(nonce, { count: "00000002" }))).text)).toBe(200);
  });

  test.each([
    ["another password", { password: "guess" }],
    ["a user of another realm", { user: "bert", realm: "other" }],
    ["another realm", { realm: "other" }],
    ["nobody", { user: "carl" }],
    ["another path", { uri: "/else" }],
  ] as const)("%s: 401", async (_, said) => {
    const { ask, challenge, nonceOf } = await serving();
    const nonce = nonceOf((await ask()).text);
    const answer = await ask(authorization(nonce, said));
    expect(statusOf(answer.text)).toBe(401);
    expect(challenge(answer.text)).not.toContain("stale");
  });

  test.each([
    "Authorization: Basic YW5uYTpzZWNyZXQ=\r\n",
    'Authorization: Digest username="anna"\r\n',
    'Authorization: Digest username="an\r\n',
    authorization("0000000000000000"),
  ])("%j: 401", async (line) => {
    const { ask } = await serving();
    expect(statusOf((await ask(line)).text)).toBe(401);
  });
});

test.each([
  [
    'Digest username="a\\"b", realm="", nonce=n, uri="/,x", response=r , qop=auth',
    { username: 'a"b', realm: "", nonce: "n", uri: "/,x", response: "r", qop: "auth" },
  ],
  ["Digest username=a", undefined],
  ["Basic YQ==", undefined],
  ["Digest ,,,", undefined],
  [undefined, undefined],
])("%j is read as %j", (header, expected) => {
  const fields = readDigest(header);
  expect(fields && Object.fromEntries(fields)).toEqual(expected);
});

test("a nonce is good for a minute, ten seconds once it was used, and twenty requests", () => {
  let now = 0;
  let last = 0;
  const nonces = createNonces(
    () => now,
    () => String(++last),
  );
  expect(nonces.use("0", "1")).toBe("stale");
  const late = nonces.issue();
  now = 60_000;
  expect(nonces.use(late, "1")).toBe("stale");
  const used = nonces.issue();
  expect(nonces.use(used, "1")).toBe("good");
  now += 9_999;
  expect(nonces.use(used, "2")).toBe("good");
  now += 1;
  expect(nonces.use(used, "3")).toBe("stale");
  const often = nonces.issue();
  const uses = Array.from({ length: 21 }, (_, count) => nonces.use(often, String(count)));
  expect([uses.filter((use) => use === "good").length, uses.at(-1)]).toEqual([20, "stale"]);
});
