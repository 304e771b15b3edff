import { describe, expect, test } from "vitest";
import { conversion, written } from "./conversion.ts";

const SECRET = { "auth-tls-secret": "default/ca" };
const PASSED = { "auth-tls-pass-certificate-to-upstream": "true" };
const TLS = { tls: [{ hosts: ["a.test"], secretName: "a-tls" }] };
const LISTENER = {
  group: "gateway.networking.k8s.io",
  kind: "Gateway",
  name: "gateway",
  sectionName: "https-a-test",
};
const REFS = [{ kind: "Secret", name: "ca" }];

type Row = readonly [
  target: string,
  annotations: Readonly<Record<string, string>>,
  kind: string,
  name: string,
  spec: object,
];

const ASKED: readonly Row[] = [
  [
    "gateway-api",
    SECRET,
    "ClientTrafficPolicy",
    "web-client-certificates",
    { targetRefs: [LISTENER], tls: { clientValidation: { caCertificateRefs: REFS } } },
  ],
  [
    "gateway-api",
    { ...SECRET, ...PASSED, "auth-tls-verify-client": "optional" },
    "ClientTrafficPolicy",
    "web-client-certificates",
    {
      targetRefs: [LISTENER],
      tls: { clientValidation: { optional: true, caCertificateRefs: REFS } },
      headers: { xForwardedClientCert: { mode: "SanitizeSet", certDetailsToAdd: ["Cert"] } },
    },
  ],
  [
    "contour",
    { ...SECRET, ...PASSED },
    "HTTPProxy",
    "web",
    {
      virtualhost: {
        tls: { clientValidation: { caSecret: "ca", forwardClientCertificate: { cert: true } } },
      },
    },
  ],
  [
    "contour",
    { ...SECRET, "auth-tls-verify-client": "optional_no_ca" },
    "HTTPProxy",
    "web",
    {
      virtualhost: {
        tls: {
          clientValidation: {
            caSecret: "ca",
            optionalClientCertificate: true,
            skipClientCertValidation: true,
          },
        },
      },
    },
  ],
  [
    "traefik",
    SECRET,
    "TLSOption",
    "web-client-certificates",
    { clientAuth: { secretNames: ["ca"], clientAuthType: "RequireAndVerifyClientCert" } },
  ],
  [
    "traefik",
    { ...SECRET, ...PASSED, "auth-tls-verify-client": "optional" },
    "IngressRoute",
    "web-tls",
    {
      routes: [{ middlewares: [{ name: "web-certificate" }] }],
      tls: { secretName: "a-tls", options: { name: "web-client-certificates" } },
    },
  ],
];

describe("a host with a certificate goes on asking for those of clients", () => {
  test.each(ASKED)("to %s: %j", async (target, annotations, kind, name, spec) => {
    const { objects, compared, problems } = await conversion([written({ annotations, more: TLS })], target);
    expect(objects.find((each) => each.kind === kind && each.metadata.name === name)?.spec).toMatchObject(
      spec,
    );
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
    expect(problems.filter(({ message }) => message.includes("403"))).toEqual([]);
    expect(problems.some(({ message }) => message.includes("asked for in the handshake"))).toBe(true);
  });
});

/** What the targets do not ask for, with the reason. */
const CLOSED: readonly (readonly [
  target: string,
  annotations: Readonly<Record<string, string>>,
  why: RegExp,
])[] = [
  ["gateway-api", { ...SECRET, "auth-tls-verify-client": "optional_no_ca" }, /optional_no_ca/],
  ["gateway-api", { ...SECRET, "auth-tls-match-cn": "CN=me" }, /not judged by its subject/],
  ["contour", { ...SECRET, "auth-tls-match-cn": "CN=me" }, /not judged by its subject/],
  ["traefik", { ...SECRET, "auth-tls-match-cn": "CN=me" }, /not judged by its subject/],
];

describe("what cannot be asked closes", () => {
  test.each(CLOSED)("to %s: %j", async (target, annotations, why) => {
    const { compared, problems } = await conversion([written({ annotations, more: TLS })], target);
    expect(problems.some(({ message }) => why.test(message) && message.includes("403"))).toBe(true);
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });
});

test("another Ingress of the host is asked by the same TLSOption", async () => {
  const asking = written({ annotations: SECRET, paths: ["/a"], more: TLS });
  const { objects } = await conversion([asking, written({ name: "other", paths: ["/b"] })], "traefik");
  const other = objects.find(
    ({ kind, metadata }) => kind === "IngressRoute" && metadata.name === "other-tls",
  );
  expect(other?.spec.tls).toEqual({ secretName: "a-tls", options: { name: "web-client-certificates" } });
});

test("Ingresses of two namespaces lose no TLSOption by having two: both close", async () => {
  const asking = written({ annotations: SECRET, paths: ["/a"], more: TLS });
  const other = JSON.parse(written({ name: "other", paths: ["/b"] }));
  other.metadata.namespace = "elsewhere";
  const { objects } = await conversion([asking, JSON.stringify(other)], "traefik");
  expect(objects.filter(({ kind }) => kind === "TLSOption")).toEqual([]);
  expect(objects.filter(({ metadata }) => metadata.name.endsWith("-closed"))).toHaveLength(2);
});
