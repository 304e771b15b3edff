import { describe, expect, it, test } from "vitest";
import { contourOf, rootWith } from "./contour-world.ts";

const WEB = `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
---
apiVersion: projectcontour.io/v1alpha1
kind: ExtensionService
metadata: { name: auth }
spec: { services: [{ name: web, port: 80 }] }
---
`;

const ROUTES = `    - services: [{ name: web, port: 80 }]
    - services: [{ name: web, port: 80 }]
      conditions: [{ prefix: /open }]
      authPolicy: { disabled: true }
      jwtVerificationPolicy: { disabled: true }
    - conditions: [{ prefix: /moved }]
      authPolicy: { disabled: true }
      requestRedirectPolicy: { hostname: other.test }
    - conditions: [{ prefix: /direct }]
      authPolicy: { disabled: true }
      directResponsePolicy: { statusCode: 204 }
    - services: [{ name: web, port: 80 }]
      conditions: [{ prefix: /plain }]
      permitInsecure: true`;

describe("authorization", () => {
  const text = (more = "") =>
    WEB + rootWith(`    authorization: { extensionRef: { name: auth, namespace: default }${more} }`, ROUTES);

  it.each([
    ["/", "https", "respond 403"],
    ["/open", "https", "forward"],
    ["/direct", "https", "respond 204"],
    // Redirects have no settings of the filter.
    ["/moved", "https", "respond 403"],
    ["/plain", "http", "forward"],
    ["/plain", "https", "respond 403"],
    ["/", "http", "redirect 301"],
  ] as const)("by gRPC lets nobody in: %s by %s is %s", (target, scheme, wanted) => {
    const decision = contourOf(text()).ask(target, scheme);
    expect(`${decision.kind} ${"status" in decision ? decision.status : ""}`.trim()).toBe(wanted);
  });

  it("says so", () => {
    const found = contourOf(text()).problems.filter(({ code }) => code === "field-not-honoured");
    expect(found).toMatchObject([{ field: "spec.virtualhost.authorization", level: "warning" }]);
  });

  it("by HTTP is asked, with the settings of the service", () => {
    const more =
      ", serviceType: http, httpSettings: { pathPrefix: /check, allowedUpstreamHeaders: [{ exact: X-User }] }";
    const world = contourOf(text(more));
    expect(world.problems.filter(({ code }) => code === "field-not-honoured")).toEqual([]);
    const decision = world.ask("/a?b=c");
    expect(decision.guards).toMatchObject([
      { kind: "external-auth", path: "/check/a?b=c", settings: { responseHeaders: ["X-User"] } },
    ]);
    expect(world.ask("/open").guards).toBeUndefined();
  });
});

describe("jwtProviders", () => {
  const provider = (name: string, more = "") =>
    `{ name: ${name}, remoteJWKS: { uri: "https://keys.test/jwks" }${more} }`;
  const text = (providers: string, routes = ROUTES) =>
    WEB + rootWith(`    jwtProviders: [${providers}]`, routes);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (payload: object, header: object = { alg: "RS256" }) =>
    `${part(header)}.${part(payload)}.c2ln`;
  const STRICT = text(provider("own", ", default: true, issuer: us, audiences: [app]"));

  it.each([
    ["no token", {}, 401, "Jwt is missing"],
    [
      "two parts",
      { Authorization: "Bearer a.b" },
      401,
      "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections",
    ],
    ["rubbish", { Authorization: "Bearer *.b.c" }, 401, "Jwt header is an invalid Base64url encoded"],
    ["no JSON", { Authorization: "Bearer YQ.b.c" }, 401, "Jwt header is an invalid JSON"],
    [
      "no algorithm",
      { Authorization: `Bearer ${token({}, {})}` },
      401,
      "Jwt header [alg] field is required and must be a string",
    ],
    [
      "none",
      { Authorization: `Bearer ${token({}, { alg: "none" })}` },
      401,
      "Jwt header [alg] is not supported",
    ],
    [
      "a key of another type",
      { Authorization: `Bearer ${token({}, { alg: "RS256", kid: 1 })}` },
      401,
      "Jwt header [kid] field is not a string",
    ],
    [
      "an issuer of another type",
      { Authorization: `Bearer ${token({ iss: 1 })}` },
      401,
      "Jwt payload [iss] field is not a string",
    ],
    [
      "a time of another type",
      { Authorization: `Bearer ${token({ exp: "1" })}` },
      401,
      "Jwt payload [exp] field is not an integer",
    ],
    [
      "a time before all times",
      { Authorization: `Bearer ${token({ nbf: -1 })}` },
      401,
      "Jwt payload [nbf] field is not a positive 64 bit integer",
    ],
    [
      "an audience of another type",
      { Authorization: `Bearer ${token({ aud: [1] })}` },
      401,
      "Jwt payload [aud] field is not a string or string list",
    ],
    [
      "a name of another type before an audience of another type",
      { Authorization: `Bearer ${token({ aud: [1], jti: 1 })}` },
      401,
      "Jwt payload [jti] field is not a string",
    ],
    [
      "no signature",
      { Authorization: `Bearer ${part({ alg: "RS256" })}.${part({})}.` },
      401,
      "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections",
    ],
    [
      "a signature that is none",
      { Authorization: `Bearer ${token({})}*` },
      401,
      "Jwt signature is an invalid Base64url encoded",
    ],
    [
      "another issuer",
      { Authorization: `Bearer ${token({ iss: "them" })}` },
      401,
      "Jwt issuer is not configured",
    ],
    [
      "another audience",
      { Authorization: `Bearer ${token({ iss: "us", aud: ["b"] })}` },
      403,
      "Audiences in Jwt are not allowed",
    ],
    [
      "an audience with a scheme and a slash",
      { Authorization: `Bearer ${token({ iss: "us", aud: "https://app/" })}` },
      401,
      "Jwks remote fetch is failed",
    ],
    [
      "a good one",
      { Authorization: `Bearer ${token({ iss: "us", aud: "app" })}` },
      401,
      "Jwks remote fetch is failed",
    ],
  ])("%s is refused", (_, headers, status, words) => {
    expect(contourOf(STRICT).ask("/", "https", headers)).toMatchObject({
      kind: "respond",
      status,
      text: words,
    });
  });

  it("a token in the query counts as well, and the challenge names the request", () => {
    const world = contourOf(STRICT);
    expect(world.ask("/a?access_token=x")).toMatchObject({
      headers: [
        ["www-authenticate", 'Bearer realm="https://app.test/a?access_token=x", error="invalid_token"'],
      ],
    });
    expect(world.ask("/a")).toMatchObject({
      headers: [["www-authenticate", 'Bearer realm="https://app.test/a"']],
    });
  });

  it.each([
    ["/open", "https", "forward"],
    ["/moved", "https", "redirect"],
    ["/plain", "http", "forward"],
  ] as const)("%s by %s wants none", (target, scheme, kind) => {
    expect(contourOf(STRICT).ask(target, scheme).kind).toBe(kind);
  });

  it("a route may want another provider, which must be there", () => {
    const route = (name: string) => `    - services: [{ name: web, port: 80 }]
      jwtVerificationPolicy: { require: ${name} }`;
    expect(contourOf(text(provider("own"), route("own"))).ask("/")).toMatchObject({ status: 401 });
    expect(contourOf(text(provider("own"))).ask("/").kind).toBe("forward");
    const gone = contourOf(text(provider("own"), route("gone")));
    expect(gone.ask("/")).toMatchObject({ status: 403 });
    expect(gone.errors()).toEqual([
      'JWTVerificationError JWTProviderNotDefined: Route references an undefined JWT provider "gone"',
    ]);
  });
});

test.each([
  [
    "    jwtProviders: [{ name: a, remoteJWKS: { uri: https://k.test } }, { name: a, remoteJWKS: { uri: https://k.test } }]",
    "",
    "JWTVerificationError DuplicateProviderName: Spec.VirtualHost.JWTProviders is invalid: duplicate name a",
  ],
  [
    "    jwtProviders: [{ name: a, default: true, remoteJWKS: { uri: https://k.test } }, { name: b, default: true, remoteJWKS: { uri: https://k.test } }]",
    "",
    "JWTVerificationError MultipleDefaultProvidersSpecified: Spec.VirtualHost.JWTProviders is invalid: at most one provider can be set as the default",
  ],
  [
    "    jwtProviders: [{ name: a, remoteJWKS: { uri: ftp://k.test } }]",
    "",
    'JWTVerificationError RemoteJWKSSchemeInvalid: Spec.VirtualHost.JWTProviders.RemoteJWKS.URI has invalid scheme "ftp", must be http or https',
  ],
  [
    "    authorization: { extensionRef: { name: auth, apiVersion: v9 } }",
    "",
    'AuthError AuthBadResourceVersion: Spec.Virtualhost.Authorization.extensionRef specifies an unsupported resource version "v9"',
  ],
  [
    "",
    ", clientValidation: { caSecret: gone }",
    'TLSError ClientValidationInvalid: Spec.VirtualHost.TLS client validation is invalid: invalid CA Secret "default/gone": Secret not found',
  ],
  [
    "",
    ", clientValidation: { caSecret: other/ca }",
    'TLSError DelegationNotPermitted: Spec.VirtualHost.TLS CA Secret "other/ca" is invalid: Certificate delegation not permitted',
  ],
  [
    "",
    ", clientValidation: {}",
    "TLSError ClientValidationInvalid: Spec.VirtualHost.TLS client validation is invalid: CA Secret must be specified",
  ],
  [
    "",
    ", clientValidation: { caSecret: ca }, enableFallbackCertificate: true",
    "TLSError TLSIncompatibleFeatures: Spec.Virtualhost.TLS fallback & client validation are incompatible",
  ],
])("a guard that cannot be: %s%s", (host, tls, error) => {
  expect(contourOf(WEB + rootWith(host, ROUTES, tls)).errors()).toEqual([error]);
});

test.each([
  ["{ caSecret: ca }", true],
  ["{ caSecret: ca, optionalClientCertificate: true }", "good if shown"],
  ["{ skipClientCertValidation: true }", "any"],
  ["{ skipClientCertValidation: true, optionalClientCertificate: true }", undefined],
])("clientValidation %s asks clients for a certificate", (validation, required) => {
  const { table } = contourOf(WEB + rootWith("", ROUTES, `, clientValidation: ${validation}`));
  const [, https] = table.entryPoints;
  const host = https?.selection.kind === "hosts" ? https.selection.hosts.exact.get("app.test") : undefined;
  expect(host?.tls?.terms?.clients?.required).toBe(required);
  expect(host?.tls?.terms?.clients?.depth).toBe(100);
});
