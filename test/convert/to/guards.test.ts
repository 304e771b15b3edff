import { describe, expect, test } from "vitest";
import { conversion, written } from "./conversion.ts";

const CERTIFICATES = { "auth-tls-secret": "default/ca", "auth-tls-verify-depth": "2" };
const DENIED = { "denylist-source-range": "10.0.0.0/8" };
const ALLOWED = { "allowlist-source-range": "10.0.0.0/8" };
const VARIABLE = { "auth-url": "http://auth.test/$host", "auth-signin": "https://login.test/" };
const MAP = { "auth-type": "basic", "auth-secret": "users", "auth-secret-type": "auth-map" };

/** Guards that a target cannot say, alone and beside others. */
const CLOSED: readonly (readonly [target: string, annotations: Readonly<Record<string, string>>])[] = [
  ["gateway-api", CERTIFICATES],
  ["gateway-api", { ...CERTIFICATES, ...DENIED }],
  ["gateway-api", { ...CERTIFICATES, ...ALLOWED }],
  ["gateway-api", { ...ALLOWED, "auth-url": "http://auth.test/check" }],
  ["contour", { ...CERTIFICATES, ...ALLOWED }],
  ["contour", VARIABLE],
  ["traefik", CERTIFICATES],
  ["traefik", DENIED],
  ["traefik", { ...DENIED, ...ALLOWED }],
  ["traefik", VARIABLE],
  ["traefik", MAP],
  ["traefik", { ...MAP, ...VARIABLE, ...CERTIFICATES, ...DENIED }],
];

/** What refuses everybody. */
const REFUSALS: Readonly<Record<string, object>> = {
  "gateway-api": { kind: "SecurityPolicy", spec: { authorization: { defaultAction: "Deny" } } },
  contour: { kind: "HTTPProxy", spec: { routes: [{ directResponsePolicy: { statusCode: 403 } }] } },
  traefik: {
    kind: "Middleware",
    metadata: { name: "web-closed" },
    spec: { ipAllowList: { sourceRange: ["255.255.255.255/32"] } },
  },
};

const OPEN = /let in without|no service is asked|every address is let in|nobody is asked/;

describe("a guard that cannot be said closes, and its annotations say so", () => {
  test.each(CLOSED)("to %s: %j", async (target, annotations) => {
    const { objects, problems, compared } = await conversion([written({ annotations })], target);
    const refusing = objects.filter(({ kind, metadata }) =>
      target === "traefik" ? metadata.name === "web-closed" : kind !== "HTTPRoute" && kind !== "Gateway",
    );
    expect(refusing).toMatchObject([REFUSALS[target]]);
    // An equal list, and no rule beside it that lets somebody in.
    if (target === "gateway-api") expect(refusing[0]?.spec.authorization).toEqual({ defaultAction: "Deny" });
    if (target === "traefik")
      for (const { spec } of objects.filter(({ kind }) => kind === "IngressRoute"))
        for (const route of spec.routes as readonly object[])
          expect(route).toMatchObject({ middlewares: expect.arrayContaining([{ name: "web-closed" }]) });
    expect(problems.filter(({ message }) => OPEN.test(message))).toEqual([]);
    expect(problems.some(({ message }) => message.includes("403"))).toBe(true);
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });
});

test("to traefik: certificates of clients that one Ingress asks for close the others of the host", async () => {
  const asking = written({ annotations: CERTIFICATES, paths: ["/a"] });
  const other = written({ name: "other", paths: ["/b"] });
  const { objects, compared, problems } = await conversion([asking, other], "traefik");
  const routes = objects.filter(({ kind, metadata }) => kind === "IngressRoute" && metadata.name === "other");
  expect(routes.map(({ spec }) => spec.routes)).toMatchObject([
    [{ middlewares: [{ name: "other-closed" }] }],
  ]);
  expect(problems.some(({ message }) => message.includes("another Ingress asks for certificates"))).toBe(
    true,
  );
  expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
});

const ASKED = { "auth-url": "http://auth.test/check", "auth-signin": "https://login.test/" };
const SESSION = { affinity: "cookie", "session-cookie-expires": "60", "affinity-mode": "persistent" };

/** Companions of annotations that are converted, and what would be false of them. */
const TRUE_WORDS: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ["traefik", ASKED, /no service is asked/],
  ["traefik", SESSION, /go to any pod/],
  ["contour", SESSION, /go to any pod/],
  ["gateway-api", SESSION, /go to any pod/],
  ["traefik-nginx", SESSION, /go to any pod/],
];

describe("companions are not said to do what nothing does", () => {
  test.each(TRUE_WORDS)("to %s: %j", async (target, annotations, falsehood) => {
    const { problems } = await conversion([written({ annotations })], target);
    expect(problems.map(({ message }) => message).filter((message) => falsehood.test(message))).toEqual([]);
    for (const name of Object.keys(annotations).filter((each) => each !== "session-cookie-expires"))
      expect(problems.some(({ message }) => message.includes(`/${name}:`))).toBe(true);
  });
});

/** The provider does not read these, and nothing of its own says them. */
const LET_IN: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
  [DENIED, /denylist-source-range: .*the addresses that it keeps out are let in/],
  [
    { "auth-tls-secret": "default/ca", "auth-tls-match-cn": "CN=me" },
    /auth-tls-match-cn: .*every certificate of the authority is let in/,
  ],
];

describe("traefik-nginx says of a guard that it does not read whom it lets in", () => {
  test.each(LET_IN)("%j", async (annotations, said) => {
    const { problems } = await conversion([written({ annotations })], "traefik-nginx");
    expect(problems.filter(({ message }) => said.test(message))).toHaveLength(1);
  });
});
