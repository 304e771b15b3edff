import { expect, test } from "vitest";
import { EC, NO_OPENSSL, realPair } from "../certs/support/fixtures.ts";
import { diffOf, type Files, ingress, services } from "./folders.ts";

const SERVICES = { "services.yaml": services("web", "cart", "basket", "canary") };
const SHOP = ingress([{}, { path: "/cart", service: "cart" }]);
const HTPASSWD = JSON.stringify({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "users" },
  stringData: { auth: "ann:$apr1$abcdefgh$0123456789abcdefghijkl" },
});
const AUTH = { "auth-type": "basic", "auth-secret": "users" };

const secretOf = ({ cert, key }: { readonly cert: string; readonly key: string }) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "one" },
    stringData: { "tls.crt": cert, "tls.key": key },
  });
const configMap = (data: Readonly<Record<string, string>>) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "ingress-nginx-controller", namespace: "ingress-nginx" },
    data,
  });

/** Every request goes to a Service; TLS is for hosts that no rule names. */
function tlsOnly(...hosts: readonly string[]): string {
  const service = { name: "web", port: { number: 80 } };
  return JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "all" },
    spec: {
      ingressClassName: "nginx",
      defaultBackend: { service },
      tls: hosts.length === 0 ? undefined : [{ hosts, secretName: "one" }],
    },
  });
}

function files(...texts: readonly string[]): Files {
  return { ...SERVICES, ...Object.fromEntries(texts.map((text, at) => [`${at}.json`, text])) };
}

/** Old and new manifests, and the findings: cause, first request, and what stands on each side. */
type Change = readonly [string, Files, Files, readonly (readonly [string, string])[]];

const CHANGES: readonly Change[] = [
  ["nothing", files(SHOP), files(SHOP), []],
  [
    "a rule without which another Service answers",
    files(SHOP),
    files(ingress([{}])),
    [["rule removed: shop.test /cart (Prefix) of Ingress default/shop", "GET http://shop.test/cart"]],
  ],
  [
    "a new rule",
    files(ingress([{}])),
    files(SHOP),
    [["rule added: shop.test /cart (Prefix) of Ingress default/shop", "GET http://shop.test/cart"]],
  ],
  [
    "a whole Ingress",
    files(SHOP, ingress([{ path: "/x" }, { path: "/y" }], { name: "other", host: "other.test" })),
    files(SHOP),
    [["rule removed: the whole Ingress default/other", "GET http://other.test/x"]],
  ],
  [
    "a whole Ingress with TLS and without a rule for /: neither /healthz nor a redirect of its host comes first",
    files(SHOP),
    files(SHOP, ingress([{ path: "/api/v1/things" }], { name: "other", host: "other.test", tls: "one" })),
    [["rule added: the whole Ingress default/other", "GET https://other.test/api/v1/things"]],
  ],
  [
    "a whole Ingress with TLS, the other way round",
    files(SHOP, ingress([{ path: "/api/v1/things" }], { name: "other", host: "other.test", tls: "one" })),
    files(SHOP),
    [["rule removed: the whole Ingress default/other", "GET https://other.test/api/v1/things"]],
  ],
  [
    "another name of the host",
    files(SHOP),
    files(
      ingress([{}, { path: "/cart", service: "cart" }], { annotations: { "server-alias": "alias.test" } }),
    ),
    [
      ["newly taken by a rule: shop.test / (Prefix) of Ingress default/shop", "GET http://alias.test/"],
      [
        "newly taken by a rule: shop.test /cart (Prefix) of Ingress default/shop",
        "GET http://alias.test/cart",
      ],
    ],
  ],
  [
    "another name of the host, the other way round",
    files(ingress([{}], { annotations: { "server-alias": "alias.test" } })),
    files(ingress([{}])),
    [["no longer taken by a rule: shop.test / (Prefix) of Ingress default/shop", "GET http://alias.test/"]],
  ],
  [
    "TLS for unknown hosts",
    files(SHOP),
    files(SHOP, configMap({ "ssl-reject-handshake": "true" })),
    [["certificate: none → TLS is refused (ssl-reject-handshake)", "GET https://any.example/"]],
  ],
  [
    "where TLS ends",
    files(ingress([{}])),
    files(ingress([{}], { annotations: { "ssl-passthrough": "true" } })),
    [
      [
        "certificate: none → the backend's own: TLS goes on to default/web:80 (ssl-passthrough)",
        "GET https://shop.test/",
      ],
    ],
  ],
  [
    "the Service",
    files(SHOP),
    files(ingress([{}, { path: "/cart", service: "basket" }])),
    [["Service changed: default/cart:80 → default/basket:80", "GET http://shop.test/cart"]],
  ],
  [
    "a port that the Service does not have",
    files(SHOP),
    files(SHOP.replace(/"number":80(?=[^0-9]*$)/, '"number":81')),
    [
      [
        'status 503: the Service has no endpoints: Service "default/cart" does not have any active Endpoint…',
        "GET http://shop.test/cart",
      ],
    ],
  ],
  [
    "the path's type",
    files(ingress([{ path: "/cart", service: "cart" }])),
    files(ingress([{ path: "/cart", type: "Exact", service: "cart" }])),
    [["path type changed: shop.test /cart: Prefix → Exact", "GET http://shop.test/cart/"]],
  ],
  [
    "the path",
    files(ingress([{}, { path: "/cart", service: "cart" }])),
    files(ingress([{}, { path: "/basket", service: "cart" }])),
    [
      ["rule removed: shop.test /cart (Prefix) of Ingress default/shop", "GET http://shop.test/cart"],
      ["rule added: shop.test /basket (Prefix) of Ingress default/shop", "GET http://shop.test/basket"],
    ],
  ],
  [
    "a rewrite",
    files(
      ingress([{ path: "/api(/|$)(.*)", type: "ImplementationSpecific" }], {
        annotations: { "rewrite-target": "/$2" },
      }),
    ),
    files(
      ingress([{ path: "/api(/|$)(.*)", type: "ImplementationSpecific" }], {
        annotations: { "rewrite-target": "/v2/$2" },
      }),
    ),
    [["path rewritten differently", "GET http://shop.test/api"]],
  ],
  [
    "a redirect to https",
    files(SHOP),
    files(
      ingress([{}, { path: "/cart", service: "cart" }], { annotations: { "force-ssl-redirect": "true" } }),
    ),
    [["redirect added: http is redirected to https: force-ssl-redirect is set", "GET http://shop.test/"]],
  ],
  [
    "a redirect's target",
    files(ingress([{}], { annotations: { "permanent-redirect": "https://a.test" } })),
    files(ingress([{}], { annotations: { "permanent-redirect": "https://b.test" } })),
    [["redirect changed", "GET http://shop.test/"]],
  ],
  [
    "a password that is no longer asked for",
    files(ingress([{}], { annotations: AUTH }), HTPASSWD),
    files(ingress([{}]), HTPASSWD),
    [['guard removed: basic-auth "" for ann (passwords …)', "GET http://shop.test/"]],
  ],
  [
    "who may come in",
    files(ingress([{}], { annotations: { "allowlist-source-range": "10.0.0.0/8" } })),
    files(ingress([{}], { annotations: { "allowlist-source-range": "10.0.0.0/8,127.0.0.1" } })),
    [
      [
        "guard changed: addresses: only 10.0.0.0/8; addresses: only 10.0.0.0/8 127.0.0.1",
        "GET http://shop.test/",
      ],
    ],
  ],
  [
    "the Service behind a Secret that is not among the manifests",
    files(ingress([{}], { annotations: AUTH })),
    files(ingress([{ service: "cart" }], { annotations: AUTH })),
    [
      [
        "Service changed: default/web:80 → default/cart:80",
        "GET http://shop.test/ # of a client that is let in",
      ],
    ],
  ],
  [
    "a Secret that only one side has",
    files(ingress([{}], { annotations: AUTH })),
    files(ingress([{}], { annotations: AUTH }), HTPASSWD),
    [],
  ],
  [
    "the share of a canary",
    files(
      SHOP,
      ingress([{ service: "canary" }], {
        name: "next",
        annotations: { canary: "true", "canary-weight": "10" },
      }),
    ),
    files(
      SHOP,
      ingress([{ service: "canary" }], {
        name: "next",
        annotations: { canary: "true", "canary-weight": "30" },
      }),
    ),
    [
      [
        "canary changed: 10 of 100 to default/canary:80 → 30 of 100 to default/canary:80",
        "GET http://shop.test/",
      ],
    ],
  ],
  [
    "headers of CORS",
    files(ingress([{}], { annotations: { "enable-cors": "true" } })),
    files(ingress([{}], { annotations: { "enable-cors": "true", "cors-max-age": "60" } })),
    [["response headers: Access-Control-Max-Age", "GET http://shop.test/"]],
  ],
  [
    "the Host for the backend",
    files(ingress([{}])),
    files(ingress([{}], { annotations: { "upstream-vhost": "inner.test" } })),
    [["request headers: Host", "GET http://shop.test/"]],
  ],
  [
    "the certificate",
    files(ingress([{}], { tls: "one" })),
    files(ingress([{}], { tls: "two" })),
    [["certificate: default/one → default/two", "GET https://shop.test/"]],
  ],
  [
    "a time limit",
    files(ingress([{}])),
    files(ingress([{}], { annotations: { "proxy-read-timeout": "5" } })),
    [["settings: read timeout 60 s → 5 s", "GET http://shop.test/"]],
  ],
  [
    "regular expressions on the whole host by another Ingress",
    files(
      ingress([
        { path: "/api", type: "Prefix" },
        { path: "/api/v1", type: "Exact", service: "cart" },
      ]),
    ),
    files(
      ingress([
        { path: "/api", type: "Prefix" },
        { path: "/api/v1", type: "Exact", service: "cart" },
      ]),
      ingress([{ path: "/zzz", type: "ImplementationSpecific", service: "basket" }], {
        name: "other",
        annotations: { "use-regex": "true" },
      }),
    ),
    [
      [
        "taken by another rule: regular expressions for the whole host were switched on: every path of shop.test is one, anchored at the start and without regard to case, because Ingress default/other sets use-regex (…/1.json:1)",
        "GET http://shop.test/…",
      ],
      ["rule added: the whole Ingress default/other", "GET http://shop.test/zzz"],
    ],
  ],
  [
    "the port by its name",
    { "all.json": services("web"), "shop.json": ingress([{}]) },
    { "all.json": services("web"), "shop.json": ingress([{}]).replace('"number":80', '"name":"http"') },
    [],
  ],
];

/** `…` stands for any part. */
function like(pattern: string): unknown {
  const escaped = pattern.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return expect.stringMatching(new RegExp(`^${escaped.join(".*")}$`, "s"));
}

async function expectFindings(
  [, before, after, expected]: Change,
  options: readonly string[] = [],
): Promise<void> {
  const { differences, complete, compared, code } = await diffOf(before, after, options);
  // The first request of each cause.
  const said = differences
    .map(({ cause, detail, request }) => [detail === undefined ? cause : `${cause}: ${detail}`, request])
    .filter(([cause], at, all) => cause !== all[at - 1]?.[0]);
  expect(said).toEqual(expected.map(([cause, request]) => [like(cause), like(request)]));
  expect(code).toBe(expected.length === 0 ? 0 : 1);
  expect(compared).toBeGreaterThan(10);
  expect(typeof complete).toBe("boolean");
}

test.each(CHANGES)("%s", async (...change) => await expectFindings(change));

const KUBERNETES: readonly Change[] = [
  [
    "the certificate of a host without rules, and of those below a wildcard",
    files(tlsOnly("alone.test", "*.below.test")),
    files(tlsOnly()),
    [["certificate: default/one → none", "GET https://alone.test/"]],
  ],
  [
    "the certificate of hosts below a wildcard without rules",
    files(tlsOnly("*.below.test")),
    files(tlsOnly()),
    [["certificate: default/one → none", "GET https://any.below.test/"]],
  ],
];

test.each(KUBERNETES)("%s, by the kubernetes controller", async (...change) =>
  await expectFindings(change, ["--controller", "kubernetes"]));

const PAIRS = [secretOf(realPair(["shop.test"], EC)), secretOf(realPair(["shop.test"], EC))] as const;

const CERTIFICATES: readonly Change[] = [
  [
    "another certificate in the same Secret",
    files(ingress([{}], { tls: "one" }), PAIRS[0]),
    files(ingress([{}], { tls: "one" }), PAIRS[1]),
    [["certificate: default/one with SHA-256 … → default/one with SHA-256 …", "GET https://shop.test/"]],
  ],
  [
    "a certificate that can no longer be used",
    files(ingress([{}], { tls: "one" }), PAIRS[0]),
    files(ingress([{}], { tls: "one" }), secretOf({ cert: "broken", key: "broken" })),
    [
      [
        "certificate: default/one with SHA-256 … → default/one, which cannot be used: …",
        "GET https://shop.test/",
      ],
    ],
  ],
  [
    "a TLS Secret that only one side has",
    files(ingress([{}], { tls: "one" }), PAIRS[0]),
    files(ingress([{}], { tls: "one" })),
    [],
  ],
];

test.skipIf(NO_OPENSSL).each(CERTIFICATES)("%s", async (...change) => await expectFindings(change));
