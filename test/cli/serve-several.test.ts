import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { ControllerEvent } from "../../src/model/event.ts";
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

const HTTP_PROXY =
  "apiVersion: projectcontour.io/v1\nkind: HTTPProxy\nmetadata: { name: p }\nspec: { virtualhost: { fqdn: p.test }, routes: [{ services: [{ name: a, port: 80 }] }] }\n";

test("a controller that a save names first is served from then on, on ports of its own", async () => {
  const here = await serveHere(MANIFESTS);
  const told = () => here.told.flatMap((event) => (event.type === "controller" ? [event] : []));
  expect(told()).toEqual([]);
  await here.save([MANIFESTS, HTTP_PROXY].join("---\n"));
  expect(told()).toMatchObject([
    {
      controller: "contour",
      why: "1 HTTPProxy",
      hosts: ["p.test"],
      urls: [expect.stringContaining("http://p.test:")],
    },
  ]);
  const [{ http, listeners }] = told() as [ControllerEvent];
  expect(listeners.map(({ controller, port }) => [controller, port])).toEqual([
    ["contour", 80],
    ["contour", 443],
  ]);
  expect(here.serving.hosts()).toEqual(["a.test", "p.test"]);
  expect(await statusOf(http.port, "p.test", "/")).toBe(200);
  await expect
    .poll(() =>
      here.told.flatMap((event) => (event.type === "hit" ? [[event.controller, event.status]] : [])),
    )
    .toEqual([["contour", 200]]);
  const hit = here.told.find((event) => event.type === "hit");
  expect(hit?.type === "hit" && here.explain(hit).join("\n")).toContain("default/p");
  const rows = here.told.findLast((event) => event.type === "routes");
  expect(rows?.type === "routes" && rows.rows.map(({ host }) => host)).toEqual(["a.test", "p.test"]);
  // It stays as the others do, with what later saves leave of it.
  await here.save(MANIFESTS);
  expect(await statusOf(http.port, "p.test", "/")).toBe(404);
  await here.save([MANIFESTS, HTTP_PROXY].join("---\n"));
  expect(await statusOf(http.port, "p.test", "/")).toBe(200);
  expect(told()).toHaveLength(1);
});

test("saves that follow each other at once begin a controller once, with the last of them", async () => {
  const here = await serveHere(MANIFESTS);
  await Promise.all(
    ["p.test", "q.test", "r.test"].map((host) =>
      here.save([MANIFESTS, HTTP_PROXY.replace("p.test", host)].join("---\n")),
    ),
  );
  expect(here.told.filter(({ type }) => type === "controller")).toHaveLength(1);
  expect(here.serving.hosts()).toEqual(["a.test", "r.test"]);
});

test("a controller whose ports are another program's is a problem until a save finds them free", async () => {
  const [taken, first] = await takenBesideFree();
  const here = await serveHere(MANIFESTS, { httpPort: String(first) });
  const problems = () =>
    here.told.flatMap((event) =>
      event.type === "problem" && event.code === "port-in-use"
        ? [[event.resolved ?? false, event.message]]
        : [],
    );
  await here.save([MANIFESTS, HTTP_PROXY].join("---\n"));
  const message = expect.stringMatching(/^contour is not served \(1 HTTPProxy\): /);
  expect(problems()).toEqual([[false, message]]);
  await new Promise((resolve) => taken.close(resolve));
  await here.save([MANIFESTS, HTTP_PROXY, "\n"].join("---\n"));
  expect(problems()).toEqual([
    [false, message],
    [true, message],
  ]);
  expect(here.serving.hosts()).toEqual(["a.test", "p.test"]);
});

/** A port that is listened on, after one that is free. */
async function takenBesideFree(): Promise<[Server, number]> {
  const listening = (port: number) =>
    new Promise<Server>((resolve, reject) => {
      const server = createServer();
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve(server));
    });
  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  const free = await listening(0);
  const port = portOf(free);
  const taken = await listening(port + 1).catch(() => undefined);
  await new Promise((resolve) => free.close(resolve));
  return taken === undefined ? await takenBesideFree() : [taken, port];
}
