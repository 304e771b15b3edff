import { request } from "node:http";
import { expect, test } from "vitest";
import { serveHere } from "./serve-here.ts";

const ingress = (name: string, className: string, host: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name} }
spec:
  ingressClassName: ${className}
  rules: [{ host: ${host}, http: { paths: [{ path: /p, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] } }]
`;

const CLASS = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: other }
spec: { controller: example.test/other }
`;

function statusOf(port: number, host: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, headers: { Host: host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once("error", reject);
    asked.end();
  });
}

const MANIFESTS = [ingress("a", "nginx", "a.test"), ingress("b", "other", "b.test"), CLASS].join("---\n");

test("each controller answers on ports of its own, and hits say whose they are", async () => {
  const here = await serveHere(MANIFESTS, { controller: "kubernetes,ingress-nginx" });
  const ready = here.told.find((event) => event.type === "ready");
  const shown = ready?.controllers?.map(({ controller, hosts, http }) => ({
    controller,
    hosts,
    port: http.port,
  }));
  expect(shown).toEqual([
    { controller: "ingress-nginx", hosts: ["a.test"], port: expect.any(Number) },
    { controller: "kubernetes", hosts: ["a.test", "b.test"], port: expect.any(Number) },
  ]);
  const [nginx = 0, plain = 0] = shown?.map(({ port }) => port) ?? [];
  expect(nginx).not.toBe(plain);
  expect(ready).toMatchObject({
    controller: "ingress-nginx,kubernetes",
    hosts: ["a.test", "b.test"],
    urls: [`http://a.test:${nginx}/p`, `http://a.test:${plain}/p`, `http://b.test:${plain}/p`],
  });
  expect(
    ready?.listeners?.map(({ controller, name, port, localPort }) => [controller, name, port, localPort]),
  ).toEqual([
    ["ingress-nginx", "http", 80, nginx],
    ["ingress-nginx", "https", 443, expect.any(Number)],
    ["kubernetes", "http", 80, plain],
    ["kubernetes", "https", 443, expect.any(Number)],
  ]);
  expect(await statusOf(nginx, "b.test", "/p")).toBe(404);
  expect(await statusOf(plain, "b.test", "/p")).toBe(200);
  await expect
    .poll(() =>
      here.told.flatMap((event) => (event.type === "hit" ? [[event.controller, event.status]] : [])),
    )
    .toEqual([
      ["ingress-nginx", 404],
      ["kubernetes", 200],
    ]);
  const hit = here.told.find((event) => event.type === "hit" && event.status === 200);
  expect(hit?.type === "hit" && here.explain(hit).join("\n")).toContain("default/b");
});

test("an Ingress is ignored only where all ignore it, and a save reaches all", async () => {
  const here = await serveHere(MANIFESTS, { controller: "ingress-nginx,kubernetes" });
  const codes = () => here.told.flatMap((event) => (event.type === "problem" ? [event.code] : []));
  expect(codes()).not.toContain("class-ignored");
  await here.save([ingress("a", "nginx", "c.test"), ingress("b", "nobody", "b.test")].join("---\n"));
  const reloads = here.told.flatMap((event) =>
    event.type === "reload" ? [[event.controller, event.routes]] : [],
  );
  expect(reloads.toSorted()).toEqual([
    ["ingress-nginx", 1],
    ["kubernetes", 1],
  ]);
  expect(codes().filter((code) => code === "class-ignored")).toHaveLength(1);
  const rows = here.told.findLast((event) => event.type === "routes");
  expect(rows?.type === "routes" && rows.rows.map(({ host }) => host)).toEqual(["c.test", "c.test"]);
});

test("one controller that the classes name is the one, and its hits need no name", async () => {
  const here = await serveHere(MANIFESTS);
  const ready = here.told.find((event) => event.type === "ready");
  expect(ready).toMatchObject({
    controller: "ingress-nginx",
    controllers: [{ why: "1 Ingress of class nginx" }],
  });
  expect(await statusOf(ready?.http.port ?? 0, "a.test", "/p")).toBe(200);
  expect(here.told.filter(({ type }) => type === "hit")).toEqual([
    expect.not.objectContaining({ controller: expect.anything() }),
  ]);
  expect(here.told.flatMap((event) => (event.type === "problem" ? [event.code] : [])).sort()).toEqual([
    "class-ignored",
    "unknown-class",
  ]);
});

test("a controller that a save names first is one line that says what to do", async () => {
  const here = await serveHere(MANIFESTS);
  const proxy =
    "apiVersion: projectcontour.io/v1\nkind: HTTPProxy\nmetadata: { name: p }\nspec: { virtualhost: { fqdn: p.test }, routes: [{ services: [{ name: a, port: 80 }] }] }\n";
  const told = () =>
    here.told.flatMap((event) =>
      event.type === "problem" && event.code === "controller-not-chosen"
        ? [`${event.level} ${event.message}`]
        : [],
    );
  expect(told()).toEqual([]);
  await here.save([MANIFESTS, proxy].join("---\n"));
  await expect
    .poll(told)
    .toEqual(["warning 1 HTTPProxy is Contour's, which nothing named when ingress-dev started"]);
});
