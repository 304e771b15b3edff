import { expect, test } from "vitest";
import type { HitEvent } from "../../src/model/event.ts";
import { exchangeRaw } from "../support/raw.ts";
import { type ServedHere, serveHere } from "./serve-here.ts";

function ingress(name: string, annotations: string): string {
  return `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { ${annotations} } }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 80 } } } }] }
`;
}

const PREFIX = "nginx.ingress.kubernetes.io/";
const USERS = `---
apiVersion: v1
kind: Secret
metadata: { name: users }
stringData: { auth: "anna:{PLAIN}secret" }
`;
const MANIFESTS = [
  USERS,
  ingress("web", `${PREFIX}auth-type: basic, ${PREFIX}auth-secret: users, ${PREFIX}proxy-body-size: "10"`),
  ingress("canary", `${PREFIX}canary: "true", ${PREFIX}canary-by-header: X-Canary`),
].join("");

/** The hit of a request, and the dashboard's explanation. */
async function explained(up: ServedHere, head: string): Promise<string> {
  const hits = () => up.told.filter((event): event is HitEvent => event.type === "hit");
  const before = hits().length;
  await exchangeRaw(up.serving.proxy.ports.http, `${head}\r\nConnection: close\r\n\r\n`);
  await expect.poll(() => hits().length).toBe(before + 1);
  return up.explain(hits().at(-1) as HitEvent).join("\n");
}

const AUTHORIZED = `Host: a.test\r\nAuthorization: Basic ${btoa("anna:secret")}`;

test.each([
  [
    "the canary asked for",
    `GET /x HTTP/1.1\r\n${AUTHORIZED}\r\nX-Canary: always`,
    "→ forward default/canary:80 /x",
  ],
  [
    "the canary declined",
    `GET /x HTTP/1.1\r\n${AUTHORIZED}\r\nX-Canary: never`,
    "→ forward default/web:80 /x",
  ],
  ["no password", "GET /x HTTP/1.1\r\nHost: a.test", "→ respond 401"],
  ["too large a body", `POST /x HTTP/1.1\r\n${AUTHORIZED}\r\nContent-Length: 11`, "→ respond 413"],
  ["two hosts", "GET /x HTTP/1.1\r\nHost: a.test\r\nHost: b.test", "→ respond 400"],
  ["a coding", `GET /x HTTP/1.1\r\n${AUTHORIZED}\r\nTransfer-Encoding: gzip`, "→ respond 501"],
])("the outcome that was carried out is shown: %s", async (_, head, outcome) => {
  const up = await serveHere(MANIFESTS);
  expect(await explained(up, head)).toContain(outcome);
});

test("it stays what it was after the manifests have changed", async () => {
  const up = await serveHere(MANIFESTS);
  const text = await explained(up, `GET /x HTTP/1.1\r\n${AUTHORIZED}\r\nX-Canary: always`);
  await up.save(ingress("other", ""));
  const [hit] = up.told.filter((event): event is HitEvent => event.type === "hit");
  expect(up.explain(hit as HitEvent).join("\n")).toBe(text);
  expect(await explained(up, `GET /x HTTP/1.1\r\nHost: a.test`)).toContain("→ forward default/other:80 /x");
});
