import { expect, test } from "vitest";
import { conversion, pathTo, written } from "./conversion.ts";

const TLS = { tls: [{ hosts: ["a.test"], secretName: "a-tls" }] };
const REST = { defaultBackend: { service: { name: "rest", port: { number: 80 } } } };

function unnamedOf({ compared }: Awaited<ReturnType<typeof conversion>>): readonly unknown[] {
  return compared.flatMap(({ unnamed }) => unnamed);
}

test("an Ingress goes on redirecting to https beside one of its host that does not", async () => {
  const open = written({
    name: "open",
    annotations: { "ssl-redirect": "false" },
    paths: ["/open"],
    more: TLS,
  });
  const converted = await conversion([written({ more: TLS }), open], "gateway-api");
  const redirect = converted.objects.find(({ metadata: { name } }) => name === "web-https-redirect");
  expect(redirect?.spec).toMatchObject({
    parentRefs: [{ name: "gateway", sectionName: "http" }],
    hostnames: ["a.test"],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 308 } }],
      },
    ],
  });
  expect(unnamedOf(converted)).toEqual([]);
});

test.each([
  "gateway-api",
  "traefik",
])("to %s: a host has the default backend of its oldest Ingress", async (target) => {
  const younger = written({ name: "web-2", paths: ["/q"], more: REST });
  const converted = await conversion([written({ paths: ["/p"] }), younger], target);
  expect(JSON.stringify(converted.objects)).not.toContain('"rest"');
  expect(unnamedOf(converted)).toEqual([]);
});

test("clients of a wildcard are not asked for certificates by Traefik, so nobody is let in", async () => {
  const annotations = { "auth-tls-secret": "default/ca" };
  const tls = { tls: [{ hosts: ["*.a.test"], secretName: "a-tls" }] };
  const converted = await conversion([written({ host: "*.a.test", annotations, more: tls })], "traefik");
  expect(converted.objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toContain(
    "Middleware web-closed",
  );
  expect(unnamedOf(converted)).toEqual([]);
});

test("a Gateway has no listener of a host that is left", async () => {
  const annotations = { "rewrite-target": "/$host" };
  const left = written({
    name: "left",
    host: "b.test",
    annotations,
    more: { tls: [{ hosts: ["b.test"], secretName: "b" }] },
  });
  const { objects } = await conversion([written({ more: TLS }), left], "gateway-api");
  const gateway = objects.find(({ kind }) => kind === "Gateway");
  expect(gateway?.spec.listeners).toMatchObject([{ name: "http" }, { name: "https-a-test" }]);
});

test("an alias of two hosts is that of the first by name", async () => {
  const aliases = { "server-alias": "c.test" };
  const converted = await conversion(
    [written({ name: "web-b", host: "b.test", annotations: aliases }), written({ annotations: aliases })],
    "gateway-api",
  );
  const hosts = converted.objects
    .filter(({ kind }) => kind === "HTTPRoute")
    .map(({ spec }) => spec.hostnames);
  expect(hosts).toEqual([["b.test"], ["a.test", "c.test"]]);
  expect(unnamedOf(converted)).toEqual([]);
});

test("a path of a host may be the Service's of a port by name, whose sessions another Ingress asks for", async () => {
  const rules = [
    {
      host: "b.test",
      http: { paths: [{ ...pathTo("s"), backend: { service: { name: "s", port: { name: "http" } } } }] },
    },
  ];
  const service = JSON.stringify({
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "s" } },
    spec: { ports: [{ name: "http", port: 80 }] },
  });
  const sticky = written({ name: "sticky", annotations: { affinity: "cookie" }, more: { rules } });
  expect(unnamedOf(await conversion([written({}), sticky, service], "gateway-api"))).toEqual([]);
});

test.each([
  "traefik",
  "traefik-nginx",
  "contour",
])("to %s: an alias that another Ingress of the host gives is named", async (target) => {
  const aliased = written({ name: "aliased", annotations: { "server-alias": "*.c.test" }, paths: ["/p"] });
  const converted = await conversion([aliased, written({})], target);
  expect(converted.problems.map(({ message }) => message).join("\n")).toContain("server-alias");
  expect(unnamedOf(converted)).toEqual([]);
});
