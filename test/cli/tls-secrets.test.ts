import { expect, test } from "vitest";
import type { Problem } from "../../src/model/problem.ts";
import { EC, NO_OPENSSL, realPair } from "../certs/support/fixtures.ts";
import { runHere } from "./in-process.ts";

const good = realPair(["shop.test"], EC);
const other = realPair(["other.test"], EC);

const base64 = (text: string) => Buffer.from(text).toString("base64");

function manifests(secret: { readonly cert: string; readonly key: string } | undefined): string {
  const written =
    secret === undefined
      ? ""
      : `---
apiVersion: v1
kind: Secret
metadata: { name: shop-tls }
type: kubernetes.io/tls
data: { tls.crt: "${base64(secret.cert)}", tls.key: "${base64(secret.key)}" }
`;
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [shop.test], secretName: shop-tls }]
  rules:
    - host: shop.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
${written}`;
}

test.skipIf(NO_OPENSSL).each([
  // the Secret                     what is said                      part of the message
  ["its own", good, undefined, ""],
  ["for another host", other, "tls-secret-host", "The certificate is for other.test"],
  ["no PEM", { cert: "hello", key: good.key }, "tls-secret-invalid", "tls.crt holds no PEM block"],
  [
    "another key",
    { cert: good.cert, key: other.key },
    "tls-secret-invalid",
    "tls.key is not the key of the certificate in tls.crt",
  ],
  ["not there", undefined, undefined, ""],
] as const)("%s: check, routes and explain say the same", async (_, secret, code, message) => {
  const input = manifests(secret);
  const check = await runHere(["check", "-", "-o", "json"], { input });
  const found: readonly Problem[] = JSON.parse(check.stdout).problems;
  expect([check.code, found.map((problem) => problem.code)]).toEqual([0, code === undefined ? [] : [code]]);
  const routes = await runHere(["routes", "-", "-o", "json"], { input });
  // check alone knows the text, and so the column.
  expect(JSON.parse(routes.stdout).problems).toEqual(found.map(({ column: _, ...problem }) => problem));
  const explain = await runHere(["explain", "https://shop.test/", "-f", "-"], { input });
  if (code === undefined) expect(explain.stderr).toBe("");
  else for (const said of [JSON.stringify(found), explain.stderr]) expect(said).toContain(message);
});

test("--exact: a Secret that is not there leaves the controller's fake certificate, and that is said", async () => {
  const { stdout } = await runHere(["check", "-", "-o", "json", "--exact"], { input: manifests(undefined) });
  expect(JSON.parse(stdout).problems).toMatchObject([
    {
      code: "tls-no-secret",
      level: "notice",
      message: expect.stringContaining("no Secret default/shop-tls"),
    },
  ]);
});
