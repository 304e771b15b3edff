import { expect, test } from "vitest";
import { conversion, written } from "./conversion.ts";

type Row = readonly [target: string, mirror: string, kind: string, spec: object];

const filtered = (backendRef: object) => ({
  rules: [expect.objectContaining({ filters: [{ type: "RequestMirror", requestMirror: { backendRef } }] })],
});

const OBJECTS: readonly Row[] = [
  [
    "gateway-api",
    "http://copy.default.svc.cluster.local:8080$request_uri",
    "HTTPRoute",
    filtered({ name: "copy", port: 8080 }),
  ],
  [
    "gateway-api",
    "http://copy.tools.svc$request_uri",
    "HTTPRoute",
    filtered({ name: "copy", namespace: "tools", port: 80 }),
  ],
  [
    "gateway-api",
    "http://copy.tools.svc$request_uri",
    "ReferenceGrant",
    { to: [{ group: "", kind: "Service", name: "copy" }] },
  ],
  [
    "contour",
    "http://copy.default.svc.cluster.local$request_uri",
    "HTTPProxy",
    {
      routes: [
        expect.objectContaining({
          services: [
            { name: "s", port: 80 },
            { name: "copy", port: 80, mirror: true },
          ],
        }),
      ],
    },
  ],
  [
    "traefik",
    "http://copy.default.svc.cluster.local$request_uri",
    "TraefikService",
    { mirroring: { name: "s", port: 80, mirrors: [{ name: "copy", port: 80, percent: 100 }] } },
  ],
  [
    "traefik",
    "http://copy.default.svc.cluster.local$request_uri",
    "IngressRoute",
    {
      routes: [expect.objectContaining({ services: [{ name: "web-s-80-mirror", kind: "TraefikService" }] })],
    },
  ],
];

test.each(OBJECTS)("to %s: copies for %s are in %s", async (target, mirror, kind, spec) => {
  const annotations = { "mirror-target": mirror };
  const { objects, problems, compared } = await conversion([written({ annotations })], target);
  expect(objects.find((object) => object.kind === kind)?.spec).toMatchObject(spec);
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining("copies have the Host of the request"),
  ]);
  expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
});

test.each([
  ["gateway-api", "https://copy.example.com$request_uri"],
  ["gateway-api", "http://copy.default.svc.cluster.local/other"],
  ["contour", "http://copy.tools.svc.cluster.local$request_uri"],
])("to %s: copies for %s are named as gone", async (target, mirror) => {
  const { problems, compared } = await conversion(
    [written({ annotations: { "mirror-target": mirror } })],
    target,
  );
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining("no request is copied")]);
  expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
});
