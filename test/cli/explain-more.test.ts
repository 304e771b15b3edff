import { expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const MANIFEST = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /$2
    nginx.ingress.kubernetes.io/upstream-vhost: inner.test
    nginx.ingress.kubernetes.io/auth-type: basic
    nginx.ingress.kubernetes.io/auth-secret: passwords
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http:
        paths:
          - { path: /api(/|$)(.*), pathType: ImplementationSpecific, backend: { service: { name: api, port: { number: 80 } } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: plain }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [tls.test], secretName: absent }]
  rules:
    - host: tls.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: round, annotations: { nginx.ingress.kubernetes.io/permanent-redirect: "http://b.test/" } }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: and-back, annotations: { nginx.ingress.kubernetes.io/permanent-redirect: "http://a.test/" } }
spec:
  ingressClassName: nginx
  rules:
    - host: b.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: away, annotations: { nginx.ingress.kubernetes.io/permanent-redirect: "https://elsewhere.example/x" } }
spec:
  ingressClassName: nginx
  rules:
    - host: away.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: classless }
spec:
  rules:
    - host: classless.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
`;

async function explained(...args: readonly string[]) {
  const { stdout } = await runHere(["explain", ...args, "-f", "-", "-o", "json"], { input: MANIFEST });
  return JSON.parse(stdout);
}

async function explainedToPeople(...args: readonly string[]) {
  return (await runHere(["explain", ...args, "-f", "-"], { input: MANIFEST })).stdout;
}

test("steps are told in their order, each with what asks for it", async () => {
  const { steps } = await explained("shop.test/api/v1/users", "-H", "Authorization: Basic ZGV2OnNlY3JldA==");
  const place = { file: "<stdin>", line: expect.any(Number) };
  expect(steps).toEqual([
    {
      ...{ kind: "rewrite", text: "path /api/v1/users → /v1/users", from: "/api/v1/users", to: "/v1/users" },
      ...{ setting: "rewrite-target", ...place, line: 7 },
    },
    {
      ...{ kind: "headers", text: "Host: inner.test is set on the backend's request" },
      ...{ setting: "upstream-vhost", ...place, line: 8 },
    },
    {
      ...{ kind: "guard", text: "Authorization is removed from the backend's request" },
      ...{ setting: "auth-type", ...place, line: 9 },
    },
    {
      ...{ kind: "guard", text: expect.stringMatching(/^basic-auth: /) },
      ...{ setting: "auth-type", ...place, line: 9 },
    },
    { kind: "decision", text: expect.stringMatching(/^(?:forward|respond) /) },
  ]);
});

test("an option of the ConfigMap is named with its place", async () => {
  const input = `${MANIFEST}---
apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data:
  force-ssl-redirect: "true"
`;
  const { stdout } = await runHere(["explain", "http://classless.test/", "-f", "-", "-o", "json"], { input });
  expect(JSON.parse(stdout).steps).toEqual([
    {
      ...{ kind: "https", text: "redirect 308 https://classless.test:32000" },
      ...{ setting: "force-ssl-redirect", file: "<stdin>", line: input.split("\n").length - 1 },
    },
  ]);
});

test("who made the paths of a host expressions is named, on a miss too", async () => {
  const { regexBy } = await explained("shop.test/nothing");
  expect(regexBy).toEqual({
    ingress: "default/shop",
    field: "metadata.annotations[nginx.ingress.kubernetes.io/rewrite-target]",
    ...{ file: "<stdin>", line: 7 },
  });
  expect(await explainedToPeople("shop.test/nothing")).toContain(
    "  Regex set by    rewrite-target of Ingress default/shop  <stdin>:7\n",
  );
  expect((await explained("tls.test/")).regexBy).toBeUndefined();
});

test.each([
  // request                  what the cluster does
  ["http://tls.test/a", ["Location: https://tls.test/a"]],
  [
    "https://tls.test/a",
    [
      expect.stringContaining("Strict-Transport-Security: "),
      "X-Forwarded-Port: 443",
      "the controller's fake certificate, unless the cluster has the Secret default/absent",
    ],
  ],
  [
    "http://classless.test/",
    ["X-Forwarded-Port: 80", expect.stringContaining("names no class: served here, as on minikube")],
  ],
  [
    "http://shop.test/api/x",
    [expect.stringMatching(/^503, unless the cluster has the Secret \S+ with the passwords$/)],
  ],
] as const)("%s: what the cluster would do", async (url, differences) => {
  const { production, productionDifferences } = await explained(url);
  expect(productionDifferences).toEqual(differences);
  expect(production).toBe(productionDifferences.join("; "));
});

test("with --exact nothing differs", async () => {
  const { production, productionDifferences } = await explained("https://tls.test/a", "--exact");
  expect([production, productionDifferences]).toEqual([undefined, undefined]);
});

test("differences are a list for people", async () => {
  expect(await explainedToPeople("https://tls.test/a")).toMatch(
    /\n {2}In the cluster {2}Strict-\S+ .*\n {18}X-Forwarded-Port: 443\n {18}the controller's fake certificate/,
  );
});

test.each([
  // request               requests                                                       end
  ["http://tls.test/a?q", ["http://tls.test/a?q", "https://tls.test/a?q"], "answered"],
  ["http://a.test/", ["http://a.test/", "http://b.test/"], "loop"],
  ["http://away.test/", ["http://away.test/"], "leaves"],
  ["http://shop.test/none", ["http://shop.test/none"], "answered"],
] as const)("%s: redirects are followed", async (url, urls, end) => {
  const answer = await explained(url, "--follow");
  expect([answer.hops.map((hop: { url: string }) => hop.url), answer.end]).toEqual([urls, end]);
  expect(answer.decision).toBe(answer.hops[0].decision);
});

test("people see every answer, and how it ends", async () => {
  const loop = await explainedToPeople("http://a.test/", "--follow");
  expect(loop.match(/^GET .*/gm)).toHaveLength(2);
  expect(loop.trimEnd().split("\n").at(-1)).toBe("Loop: request 2 is redirected to request 1 again");
  const none = await explainedToPeople("http://shop.test/none", "--follow");
  expect(none.trimEnd().split("\n").at(-1)).toMatch(/^Followed: no redirect, then respond \d+$/);
  const away = await explainedToPeople("http://away.test/", "--follow");
  expect(away.trimEnd().split("\n").at(-1)).toBe(
    "Ends here: https://elsewhere.example/x leaves the table: no Ingress names the host elsewhere.example",
  );
});

test("a POST keeps its method at 308, and becomes a GET at 301", async () => {
  const kept = await explainedToPeople("http://tls.test/", "-X", "POST", "--follow");
  expect(kept.match(/^POST .*/gm)).toHaveLength(2);
  const changed = await explainedToPeople("http://a.test/", "-X", "POST", "--follow");
  expect(changed.match(/^(?:GET|POST) http:\S+/gm)).toEqual([
    "POST http://a.test:31000/",
    "GET http://b.test:31000/",
    "GET http://a.test:31000/",
  ]);
});

test("--tree: hosts and candidates in the controller's order", async () => {
  const text = await explainedToPeople("shop.test/other", "--tree");
  expect(text.slice(text.indexOf("  Hosts"), text.indexOf("  In the cluster"))).toBe(
    [
      "  Hosts           ✓ exact name: shop.test",
      "                  · every other host",
      "  Candidates      ✗ ~* ^/api(/|$)(.*) → default/api:80  default/shop  <stdin>:17  ^/api(/|$)(.*) does not match /other",
      "                  ✓ ~* ^/ → 404",
      "",
    ].join("\n"),
  );
});

test("--tree with the kubernetes controller: rules for every host are searched after the host's", async () => {
  const input = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: k }
spec:
  rules:
    - host: k.test
      http: { paths: [{ path: /a, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] }
    - http: { paths: [{ path: /b, pathType: Prefix, backend: { service: { name: b, port: { number: 80 } } } }] }
`;
  const args = ["explain", "k.test/b", "-f", "-", "--controller", "kubernetes", "--tree", "-o", "json"];
  const { tree } = JSON.parse((await runHere(args, { input })).stdout);
  expect(tree.levels).toMatchObject([
    { host: "k.test", candidates: [{ mark: "missed", location: "/a", why: "/a does not cover /b" }] },
    {
      host: "_",
      candidates: [
        { mark: "taken", location: "/b" },
        { mark: "later", location: "any path" },
      ],
    },
  ]);
});

test("--tree leaves out most of many candidates, and says how many", async () => {
  const paths = Array.from(
    { length: 10_000 },
    (_, at) =>
      `          - { path: /p${at}, pathType: Exact, backend: { service: { name: s, port: { number: 80 } } } }\n`,
  );
  const input = `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: many }\nspec:\n  ingressClassName: nginx\n  rules:\n    - host: many.test\n      http:\n        paths:\n${paths.join("")}`;
  const { stdout } = await runHere(["explain", "many.test/p5000", "-f", "-", "--tree"], { input });
  const tree = stdout.slice(stdout.indexOf("  Candidates")).split("\n");
  expect(tree.length).toBeLessThan(30);
  expect(tree.some((line) => line.includes("✓ = /p5000 → default/s:80"))).toBe(true);
  expect(tree.filter((line) => /… [\d,]+ more$/.test(line))).toHaveLength(2);
});

const tlsIngress = (className: string, annotation = "") => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, annotations: { ${annotation} } }
spec:
  ingressClassName: ${className}
  tls: [{ hosts: [a.test], secretName: absent }]
  rules: [{ host: a.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;
const GUARD = `---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: auth }
spec: { basicAuth: { secret: users } }
`;

test.each([
  [
    "contour",
    tlsIngress("contour"),
    ["no answer by https, unless the cluster has the Secret default/absent"],
  ],
  [
    "traefik",
    tlsIngress("traefik", 'traefik.ingress.kubernetes.io/router.middlewares: "default-auth@kubernetescrd"') +
      GUARD,
    [
      "the answer of a shorter rule, or 404, unless the cluster has the Secret default/users with the passwords",
      "Traefik's default certificate, unless the cluster has the Secret default/absent",
    ],
  ],
  [
    "gateway-api",
    `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec: { parentRefs: [{ name: gw }], hostnames: [a.test], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
`,
    ["no answer: the listener is not served, unless the cluster has the Secret default/gw-tls"],
  ],
])("what %s does without what is stood in for here is said in its own terms", async (controller, manifest, wanted) => {
  const { stdout } = await runHere(
    ["explain", "https://a.test/", "-f", "-", "--controller", controller, "-o", "json"],
    { input: manifest },
  );
  expect(JSON.parse(stdout).productionDifferences).toEqual(wanted);
});
