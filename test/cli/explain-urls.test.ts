import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readWords } from "../../src/cli/explain/words.ts";
import { runHere } from "./in-process.ts";

const MANIFEST = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
          - { path: /cart, pathType: Prefix, backend: { service: { name: cart, port: { name: http } } } }
`;

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "explain-urls-"));
  await mkdir(join(folder, "k8s.d"));
  await writeFile(join(folder, "k8s.d", "shop.yaml"), MANIFEST);
});

afterAll(() => rm(folder, { recursive: true }));

test.each([
  // word                               is
  ["http://shop.test", "URL"],
  ["HTTPS://shop/cart", "URL"],
  ["ftp://shop.test/", "URL"],
  ["shop.test", "URL"],
  ["shop.test/cart?x=1", "URL"],
  ["shop.test?x=*", "URL"],
  ["shop.test/openapi.json", "URL"],
  ["shop.test:31000/cart", "URL"],
  ["shop:8080/cart", "URL"],
  ["10.0.0.5/cart", "URL"],
  ["[::1]:31000/cart", "URL"],
  ["bücher.test/", "URL"],
  ["-", "path"],
  ["k8s/*.yaml", "path"],
  ["*.yaml", "path"],
  ["k8s.{a,b}/x.yaml", "path"],
  [import.meta.dirname, "path"],
  [import.meta.filename, "path"],
] as const)("a later word %s is a %s", async (word, kind) => {
  const { urls, paths } = await readWords("first.test", [word], { namesHost: false });
  expect({ urls, paths }).toEqual(
    kind === "URL" ? { urls: ["first.test", word], paths: [] } : { urls: ["first.test"], paths: [word] },
  );
});

test.each([
  // word               advice
  ["k8s2/", "http://k8s2/"],
  ["shop", "http://shop"],
  ["ingress.yaml", "http://ingress.yaml"],
  ["values.json", "http://values.json"],
  ["./k8s.d/x", undefined],
  ["/no/such/folder", undefined],
] as const)("a later word %s is neither", async (word, advice) => {
  const { code, stdout, stderr } = await runHere(["explain", "shop.test/", word]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(`error: ${word} does not exist.`);
  if (advice === undefined) expect(stderr).not.toContain("http://");
  else expect(stderr).toContain(`write its scheme: ${advice}`);
});

test("with a Host header, a later word may start at its path", async () => {
  const args = ["explain", "/cart", "/other", "-H", "Host: shop.test", "-f", "-"];
  const { stdout } = await runHere(args, { input: MANIFEST });
  expect(stdout.match(/^GET .*/gm)).toEqual([
    "GET http://shop.test/cart  → forward default/cart:http /cart",
    "GET http://shop.test/other  → forward default/web:80 /other",
  ]);
});

test("a folder whose name looks like a host is a folder", async () => {
  const path = join(folder, "k8s.d");
  const { code, stdout } = await runHere(["explain", "shop.test/cart", path]);
  expect([code, stdout.split("\n")[0]]).toEqual([
    0,
    "GET http://shop.test:31000/cart  → forward default/cart:http /cart",
  ]);
});

test("several URLs are answered in turn", async () => {
  const args = ["explain", "shop.test/cart", "-", "https://shop.test/", "nobody.test"];
  const { code, stdout } = await runHere(args, { input: MANIFEST });
  const blocks = stdout.split(/\n\n(?=GET )/);
  expect([code, blocks.map((block) => block.split("\n")[0])]).toEqual([
    0,
    [
      "GET http://shop.test:31000/cart  → forward default/cart:http /cart",
      "GET https://shop.test:32000/  → forward default/web:80 /",
      "GET http://nobody.test:31000/  → respond 404",
    ],
  ]);
});

test("-o json prints an object a line, each with its URL; one URL alone needs none", async () => {
  const lines = async (...urls: readonly string[]) => {
    const { stdout } = await runHere(["explain", ...urls, "-f", "-", "-o", "json"], { input: MANIFEST });
    expect(stdout.endsWith("}\n")).toBe(true);
    return stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  expect((await lines("shop.test/cart", "nobody.test")).map(({ url, decision }) => [url, decision])).toEqual([
    ["shop.test/cart", "forward"],
    ["nobody.test", "respond"],
  ]);
  expect((await lines("shop.test/cart")).map(({ url }) => url)).toEqual([undefined]);
});

test("one bad URL among several is an error, and nothing is printed", async () => {
  const { code, stdout, stderr } = await runHere(["explain", "shop.test/", "ftp://shop.test/", "-f", "-"], {
    input: MANIFEST,
  });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain('"ftp://shop.test/" is no URL');
});
