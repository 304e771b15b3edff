import { request } from "node:https";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ask, POD, started } from "./support.ts";

const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

test.each([
  [
    "GET",
    "/apis/networking.k8s.io/v1/ingresses",
    'ingresses.networking.k8s.io is forbidden: User "dev" cannot list resource "ingresses" in API group "networking.k8s.io" at the cluster scope',
  ],
  [
    "GET",
    "/api/v1/namespaces/shop/secrets?watch=true",
    'secrets is forbidden: User "dev" cannot watch resource "secrets" in API group "" in the namespace "shop"',
  ],
  [
    "GET",
    "/api/v1/namespaces/shop/secrets/tls",
    'secrets "tls" is forbidden: User "dev" cannot get resource "secrets" in API group "" in the namespace "shop"',
  ],
  [
    "DELETE",
    "/api/v1/namespaces/shop/secrets/tls",
    'secrets "tls" is forbidden: User "dev" cannot delete resource "secrets" in API group "" in the namespace "shop"',
  ],
])("what is denied is refused in the API server's words: %s %s", async (method, path, message) => {
  const server = await started({ deny: [{ resources: ["secrets", "ingresses"] }] });
  const reply = await ask(server, method, path);
  expect(reply).toMatchObject({ code: 403, body: { reason: "Forbidden", message } });
});

test("a rule may be about verbs, names, one namespace or the cluster as a whole, and be lifted", async () => {
  const server = await started();
  const code = async (path: string) => (await ask(server, "GET", path)).code;
  const lift = server.deny({ resources: ["pods"], verbs: ["list"], namespace: "" });
  expect(await code("/api/v1/pods")).toBe(403);
  expect(await code("/api/v1/namespaces/default/pods")).toBe(200);
  server.deny({ resources: ["secrets"], namespace: "default", names: ["tls"] });
  expect(await code("/api/v1/namespaces/default/secrets/tls")).toBe(403);
  expect(await code("/api/v1/namespaces/default/secrets/other")).toBe(404);
  lift();
  expect(await code("/api/v1/pods")).toBe(200);
});

test("a review says what a request would meet", async () => {
  const server = await started({ deny: [{ resources: ["pods/portforward"] }] });
  const review = (subresource: string) => ({
    spec: { resourceAttributes: { verb: "create", resource: "pods", subresource, namespace: "default" } },
  });
  const denied = await ask(server, "POST", REVIEWS, { body: review("portforward") });
  const allowed = await ask(server, "POST", REVIEWS, { body: review("") });
  expect([denied.body.status, allowed.body.status]).toEqual([{ allowed: false }, { allowed: true }]);
});

test("a review of rules names each resource where something is denied", async () => {
  const server = await started({
    deny: [{ resources: ["secrets"], verbs: ["list", "watch"], namespace: "shop" }],
  });
  const rulesIn = async (namespace: string) => {
    const path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    const { resourceRules } = (await ask(server, "POST", path, { body: { spec: { namespace } } })).body
      .status as {
      resourceRules: { resources: string[]; verbs: string[] }[];
    };
    return resourceRules.find((rule) => rule.resources.includes("secrets"))?.verbs;
  };
  expect(await rulesIn("shop")).toEqual(["create", "delete", "deletecollection", "get", "patch", "update"]);
  expect(await rulesIn("default")).toContain("list");
});

test("without the right token the answer is 401, and a token may run out", async () => {
  const server = await started({ token: "first" });
  const code = async (token: string) =>
    (await ask(server, "GET", "/api/v1/pods", { headers: { authorization: `Bearer ${token}` } })).code;
  expect((await ask(server, "GET", "/api/v1/pods")).body).toMatchObject({
    code: 401,
    message: "Unauthorized",
  });
  expect(await code("first")).toBe(200);
  expect(parse(server.kubeconfig()).users[0].user).toEqual({ token: "first" });
  server.acceptToken("second");
  expect([await code("first"), await code("second")]).toEqual([401, 200]);
});

test("with TLS, the kubeconfig has the authority and the client's certificate", async () => {
  const server = await started({ clientCertificate: true });
  server.apply(POD);
  const { clusters, users } = parse(server.kubeconfig());
  const bytes = (text: string) => Buffer.from(text, "base64");
  const ca = bytes(clusters[0].cluster["certificate-authority-data"]);
  const { user } = users[0];
  const code = (identity: object) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${server.url}/api/v1/pods`, { ca, agent: false, ...identity }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on("error", reject);
      asked.end();
    });
  const identity = {
    cert: bytes(user["client-certificate-data"]),
    key: bytes(user["client-key-data"]),
  };
  expect(server.url).toMatch(/^https:/);
  expect([await code({}), await code(identity)]).toEqual([401, 200]);
});
