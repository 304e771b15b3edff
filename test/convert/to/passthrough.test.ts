import { expect, test } from "vitest";
import { conversion, written } from "./conversion.ts";

const PASSED = written({ annotations: { "ssl-passthrough": "true" } });
const SERVICE = { name: "s", port: 80 };

type Row = readonly [target: string, kind: string, name: string, spec: object];

/** TLS that goes on unopened, and what stays for http. */
const OBJECTS: readonly Row[] = [
  [
    "contour",
    "HTTPProxy",
    "web",
    {
      virtualhost: { fqdn: "a.test", tls: { passthrough: true } },
      tcpproxy: { services: [SERVICE] },
      routes: [{ conditions: [{ prefix: "/" }], services: [SERVICE], permitInsecure: true }],
    },
  ],
  [
    "gateway-api",
    "Gateway",
    "gateway",
    {
      listeners: [
        { name: "http", port: 80, protocol: "HTTP" },
        { name: "tls-a-test", port: 443, protocol: "TLS", hostname: "a.test", tls: { mode: "Passthrough" } },
      ],
    },
  ],
  [
    "gateway-api",
    "TLSRoute",
    "web-a-test-tls",
    {
      parentRefs: [{ name: "gateway", sectionName: "tls-a-test" }],
      hostnames: ["a.test"],
      rules: [{ backendRefs: [SERVICE] }],
    },
  ],
  ["gateway-api", "HTTPRoute", "web", { parentRefs: [{ name: "gateway", sectionName: "http" }] }],
];

test.each(OBJECTS)("to %s: %s %s", async (target, kind, name, spec) => {
  const { objects, problems, compared } = await conversion([PASSED], target);
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  expect(found?.spec).toMatchObject(spec);
  expect(problems).toEqual([]);
  expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
});

test("a host that is sent to https keeps the redirect, and nothing else by http", async () => {
  const annotations = { "ssl-passthrough": "true", "force-ssl-redirect": "true" };
  const { objects, compared } = await conversion([written({ annotations })], "gateway-api");
  expect(objects.filter(({ kind }) => kind === "HTTPRoute").map(({ metadata: { name } }) => name)).toEqual([
    "web-https-redirect",
  ]);
  expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
});

test("Traefik's own objects for it are named", async () => {
  const younger = written({ name: "web-2", paths: ["/other"], annotations: { "limit-rps": "5" } });
  const { problems, compared } = await conversion([PASSED, younger], "traefik");
  expect(problems.map(({ message }) => message).join("\n")).toContain("IngressRouteTCP with tls.passthrough");
  expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
});
