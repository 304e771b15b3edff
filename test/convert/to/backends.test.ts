import { describe, expect, test } from "vitest";
import { conversion, written } from "./conversion.ts";

const GRPC = { "backend-protocol": "GRPC" };

/** Paths of Services that speak gRPC, and what their route is. */
const ROUTES: readonly (readonly [
  paths: readonly string[],
  more: Readonly<Record<string, string>>,
  kind: string,
  rules: object,
])[] = [
  [["/"], {}, "GRPCRoute", [{ backendRefs: [{ name: "s", port: 80 }] }]],
  [
    ["/shop.v1.Cart"],
    {},
    "GRPCRoute",
    [{ matches: [{ method: { service: "shop.v1.Cart" } }], backendRefs: [{ name: "s", port: 80 }] }],
  ],
  [["/a/b"], {}, "HTTPRoute", expect.anything()],
  [["/"], { "upstream-vhost": "in.test" }, "HTTPRoute", expect.anything()],
];

describe("to gateway-api, gRPC", () => {
  test.each(ROUTES)("%j %j: %s", async (paths, more, kind, rules) => {
    const { objects, problems, compared } = await conversion(
      [written({ annotations: { ...GRPC, ...more }, paths })],
      "gateway-api",
    );
    expect(objects.find(({ kind: own }) => own.endsWith("Route"))).toMatchObject({ kind, spec: { rules } });
    const said = problems.filter(({ message }) => message.includes("appProtocol"));
    expect(said).toHaveLength(kind === "GRPCRoute" ? 0 : 1);
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });
});

const VERIFIED = {
  "backend-protocol": "HTTPS",
  "proxy-ssl-secret": "default/pods",
  "proxy-ssl-verify": "on",
};

describe("certificates of pods that nginx checks", () => {
  test("to gateway-api, by a BackendTLSPolicy for the Service", async () => {
    const { objects, compared } = await conversion([written({ annotations: VERIFIED })], "gateway-api");
    expect(objects.find(({ kind }) => kind === "BackendTLSPolicy")).toMatchObject({
      metadata: { name: "s" },
      spec: {
        targetRefs: [{ group: "", kind: "Service", name: "s" }],
        validation: {
          caCertificateRefs: [{ group: "", kind: "Secret", name: "pods" }],
          hostname: "s.default.svc",
        },
      },
    });
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });

  test("to traefik, by a ServersTransport", async () => {
    const { objects } = await conversion([written({ annotations: VERIFIED })], "traefik");
    expect(objects.find(({ kind }) => kind === "ServersTransport")?.spec).toEqual({
      rootCAs: [{ secret: "pods" }],
      certificatesSecrets: ["pods"],
    });
  });
});
