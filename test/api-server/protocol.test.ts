import { expect, test } from "vitest";
import type { KubeObject } from "../support/api-server/object.ts";
import { ask, POD, started } from "./support.ts";

const INGRESS: KubeObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "shop" },
  spec: {
    rules: [
      {
        host: "shop.test",
        http: {
          paths: [
            { path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } },
          ],
        },
      },
    ],
  },
};
const SECRET = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { a: "b" } };
const SERVICE = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { ports: [{ port: 80 }] },
};
const INGRESSES = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
const PODS = "/api/v1/namespaces/default/pods";
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const without = (path: string) => ({ ...INGRESS, metadata: { name: path } });
const rule = (change: object) => ({
  ...INGRESS,
  metadata: { name: "bad" },
  spec: { rules: [{ ...(INGRESS.spec as { rules: object[] }).rules[0], ...change }] },
});

test.each([
  ["version", "GET", "/version", undefined, 200, { major: "1", minor: "33", gitVersion: "v1.33.0" }],
  ["legacy discovery", "GET", "/api", undefined, 200, { kind: "APIVersions", versions: ["v1"] }],
  ["groups", "GET", "/apis", undefined, 200, { kind: "APIGroupList" }],
  [
    "resources",
    "GET",
    "/apis/networking.k8s.io/v1",
    undefined,
    200,
    { groupVersion: "networking.k8s.io/v1" },
  ],
  [
    "an unknown path",
    "GET",
    "/apis/foo/v1/bars",
    undefined,
    404,
    { message: "the server could not find the requested resource" },
  ],
  ["an unknown subresource", "GET", `${PODS}/web-1/foo`, undefined, 404, { reason: "NotFound" }],
  [
    "a list",
    "GET",
    PODS,
    undefined,
    200,
    { kind: "PodList", apiVersion: "v1", items: [{ metadata: { name: "web-1" } }] },
  ],
  [
    "a list of all namespaces",
    "GET",
    "/api/v1/pods",
    undefined,
    200,
    { items: [{ metadata: { namespace: "default" } }] },
  ],
  ["a list with a label", "GET", `${PODS}?labelSelector=app%3Dweb`, undefined, 200, { items: [{}] }],
  ["a list with another label", "GET", `${PODS}?labelSelector=app%21%3Dweb`, undefined, 200, { items: [] }],
  [
    "a set of labels",
    "GET",
    `${PODS}?labelSelector=app%20in%20(web,shop),!gone`,
    undefined,
    200,
    { items: [{}] },
  ],
  [
    "a list with a field",
    "GET",
    `${PODS}?fieldSelector=status.phase%3DFailed`,
    undefined,
    200,
    { items: [] },
  ],
  [
    "a selector that does not parse",
    "GET",
    `${PODS}?labelSelector=a%20b`,
    undefined,
    400,
    { reason: "BadRequest" },
  ],
  [
    "a list at a revision to come",
    "GET",
    `${PODS}?resourceVersion=999999`,
    undefined,
    504,
    { reason: "Timeout" },
  ],
  [
    "an object",
    "GET",
    `${PODS}/web-1`,
    undefined,
    200,
    { kind: "Pod", metadata: { name: "web-1", namespace: "default" } },
  ],
  [
    "no object",
    "GET",
    `${PODS}/gone`,
    undefined,
    404,
    { message: 'pods "gone" not found', details: { name: "gone", kind: "pods" } },
  ],
  [
    "a cluster-scoped object",
    "GET",
    "/api/v1/namespaces/default",
    undefined,
    200,
    { kind: "Namespace", status: { phase: "Active" } },
  ],
  [
    "a new object",
    "POST",
    INGRESSES,
    INGRESS,
    201,
    { metadata: { generation: 1 }, status: { loadBalancer: {} } },
  ],
  [
    "one that is there",
    "POST",
    PODS,
    POD,
    409,
    { reason: "AlreadyExists", message: 'pods "web-1" already exists' },
  ],
  [
    "a new object in no namespace",
    "POST",
    "/api/v1/namespaces/no/pods",
    POD,
    404,
    { message: 'namespaces "no" not found' },
  ],
  [
    "a dry run",
    "POST",
    `${CONFIG_MAPS}?dryRun=All`,
    { metadata: { name: "c" } },
    201,
    { metadata: { name: "c" } },
  ],
  [
    "a generated name",
    "POST",
    CONFIG_MAPS,
    { metadata: { generateName: "c-" } },
    201,
    { metadata: { name: expect.stringMatching(/^c-.{5}$/) } },
  ],
  [
    "no name",
    "POST",
    CONFIG_MAPS,
    { metadata: {} },
    422,
    { message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required' },
  ],
  ["another kind", "POST", CONFIG_MAPS, SECRET, 400, { reason: "BadRequest" }],
  [
    "text in place of bytes",
    "POST",
    "/api/v1/namespaces/default/secrets",
    SECRET,
    201,
    { type: "Opaque", data: { a: "Yg==" } },
  ],
  [
    "a Service",
    "POST",
    "/api/v1/namespaces/default/services",
    SERVICE,
    201,
    {
      spec: {
        type: "ClusterIP",
        clusterIP: "10.96.0.1",
        ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      },
    },
  ],
  [
    "a wrong path type",
    "POST",
    INGRESSES,
    rule({ http: { paths: [{ path: "/", backend: { service: { name: "web", port: { number: 80 } } } }] } }),
    422,
    {
      reason: "Invalid",
      details: { causes: [{ reason: "FieldValueRequired", field: "spec.rules[0].http.paths[0].pathType" }] },
    },
  ],
  [
    "a wrong host",
    "POST",
    INGRESSES,
    rule({ host: "127.0.0.1" }),
    422,
    {
      message:
        'Ingress.networking.k8s.io "bad" is invalid: spec.rules[0].host: Invalid value: "127.0.0.1": must be a DNS name, not an IP address',
    },
  ],
  [
    "an unknown field",
    "POST",
    `${INGRESSES}?fieldValidation=Strict`,
    { ...without("x"), spec: { ...(INGRESS.spec as object), foo: 1 } },
    400,
    {
      message:
        'Ingress in version "v1" cannot be handled as a Ingress: strict decoding error: unknown field "spec.foo"',
    },
  ],
  ["a delete", "DELETE", `${PODS}/web-1`, undefined, 200, { kind: "Pod" }],
  ["a delete of nothing", "DELETE", `${PODS}/gone`, undefined, 404, { reason: "NotFound" }],
  ["a delete of all", "DELETE", PODS, undefined, 200, { kind: "PodList", items: [{}] }],
  ["the scale of nothing", "GET", "/apis/apps/v1/namespaces/default/deployments/x/scale", undefined, 404, {}],
  [
    "an access review",
    "POST",
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    { spec: { resourceAttributes: { verb: "list", resource: "pods" } } },
    201,
    { status: { allowed: true } },
  ],
  ["no JSON", "POST", CONFIG_MAPS, Buffer.from("{"), 400, { reason: "BadRequest" }],
] as const)("%s: %s %s", async (_, method, path, body, code, expected) => {
  const server = await started();
  server.apply(POD);
  const reply = await ask(server, method, path, body === undefined ? {} : { body });
  expect(reply.body).toMatchObject(expected);
  expect(reply.code).toBe(code);
});

test("unknown fields are left out with a warning, or refused, in a patch too", async () => {
  const server = await started();
  const body = { ...INGRESS, spec: { ...(INGRESS.spec as object), foo: 1 } };
  const reply = await ask(server, "POST", `${INGRESSES}?fieldValidation=Warn`, { body });
  expect(reply.code).toBe(201);
  expect(reply.headers.get("warning")).toBe('299 - "unknown field \\"spec.foo\\""');
  expect(server.get("Ingress", "default", "shop")?.spec).toEqual(INGRESS.spec);
  const odd = { ...without("odd"), spec: { ...(INGRESS.spec as object), größe: 1 } };
  const { headers } = await ask(server, "POST", `${INGRESSES}?fieldValidation=Warn`, { body: odd });
  expect(Buffer.from(headers.get("warning") ?? "", "latin1").toString()).toContain("spec.größe");
  const patch = { body: { spec: { foo: 1 } }, type: "application/merge-patch+json" };
  const refused = await ask(server, "PATCH", `${INGRESSES}/shop?fieldValidation=Strict`, patch);
  expect(refused.body.message).toBe(
    ' "" is invalid: patch: Invalid value: "{\\"spec\\":{\\"foo\\":1}}": strict decoding error: unknown field "spec.foo"',
  );
});

test.each([
  ["v1.33.0", '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"'],
  ["v1.32.0", null],
])("Endpoints in %s come with the warning %s", async (version, warning) => {
  const server = await started({ version });
  expect((await ask(server, "GET", "/api/v1/endpoints")).headers.get("warning")).toBe(warning);
});

test("aggregated discovery is served to who asks for it", async () => {
  const server = await started();
  const type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const reply = await ask(server, "GET", "/apis", { headers: { accept: `${type},application/json` } });
  expect(reply.headers.get("content-type")).toBe(type);
  expect(reply.body).toMatchObject({ kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2" });
});

test("large bodies are compressed for those who take it", async () => {
  const server = await started();
  server.apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "large" },
    data: { a: "x".repeat(200_000) },
  });
  const encoding = async (path: string, accepted: string) =>
    (await ask(server, "GET", path, { headers: { "accept-encoding": accepted } })).headers.get(
      "content-encoding",
    );
  expect(await encoding(CONFIG_MAPS, "gzip")).toBe("gzip");
  expect(await encoding(CONFIG_MAPS, "identity")).toBeNull();
  expect(await encoding(PODS, "gzip")).toBeNull();
  const { body } = await ask(server, "GET", CONFIG_MAPS);
  expect(body).toMatchObject({ items: [{ data: { a: expect.stringMatching(/^x{200000}$/) } }] });
});

test("a list is read in pieces of one revision, until it is compacted", async () => {
  const server = await started();
  for (const name of ["a", "b", "c"]) server.apply({ ...POD, metadata: { name } });
  const first = await ask(server, "GET", `${PODS}?limit=2`);
  expect(first.body).toMatchObject({ items: [{}, {}], metadata: { remainingItemCount: 1 } });
  const { continue: token, resourceVersion } = first.body.metadata as Record<string, string>;
  server.apply({ ...POD, metadata: { name: "d" } });
  const second = await ask(server, "GET", `${PODS}?limit=2&continue=${token}`);
  expect(second.body).toMatchObject({ items: [{ metadata: { name: "c" } }], metadata: { resourceVersion } });
  server.compact();
  const late = await ask(server, "GET", `${PODS}?limit=2&continue=${token}`);
  expect(late).toMatchObject({ code: 410, body: { reason: "Expired" } });
});

test("a write that changes nothing is no new revision; one of an old revision is a conflict", async () => {
  const server = await started();
  const { metadata } = server.apply(INGRESS);
  const same = await ask(server, "PUT", `${INGRESSES}/shop`, { body: INGRESS });
  expect(same.body.metadata).toMatchObject({ resourceVersion: metadata.resourceVersion, generation: 1 });
  const changed = await ask(server, "PUT", `${INGRESSES}/shop`, {
    body: { ...rule({ host: "b.test" }), metadata },
  });
  expect(changed).toMatchObject({ code: 200, body: { metadata: { generation: 2, uid: metadata.uid } } });
  const stale = await ask(server, "PUT", `${INGRESSES}/shop`, { body: { ...INGRESS, metadata } });
  expect(stale).toMatchObject({ code: 409, body: { reason: "Conflict" } });
});

test("status is written by its own path alone", async () => {
  const server = await started();
  server.apply(INGRESS);
  const status = { loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } };
  await ask(server, "PUT", `${INGRESSES}/shop`, { body: { ...INGRESS, status } });
  expect(server.get("Ingress", "default", "shop")?.status).toEqual({ loadBalancer: {} });
  const type = "application/merge-patch+json";
  await ask(server, "PATCH", `${INGRESSES}/shop/status`, { body: { status }, type });
  expect(server.get("Ingress", "default", "shop")?.status).toEqual(status);
});

test("an Ingress without a class gets the default one", async () => {
  const server = await started();
  const annotations = { "ingressclass.kubernetes.io/is-default-class": "true" };
  server.apply({
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "nginx", annotations },
  });
  const reply = await ask(server, "POST", INGRESSES, { body: INGRESS });
  expect(reply.body.spec).toMatchObject({ ingressClassName: "nginx" });
});

test("with a namespace goes all that is in it, with an owner what it owns", async () => {
  const server = await started();
  server.apply({ ...POD, metadata: { name: "web-1", namespace: "shop" } });
  const owner = server.apply({ ...POD, metadata: { name: "owner" } });
  const keeper = server.apply({ ...POD, metadata: { name: "keeper" } });
  const ownerReferences = [{ uid: owner.metadata.uid, kind: "Pod", name: "owner", apiVersion: "v1" }];
  server.apply({ ...POD, metadata: { name: "owned", ownerReferences } });
  await ask(server, "DELETE", "/api/v1/namespaces/shop");
  await ask(server, "DELETE", `${PODS}/owner`);
  const kept = [{ uid: keeper.metadata.uid, kind: "Pod", name: "keeper", apiVersion: "v1" }];
  server.apply({ ...POD, metadata: { name: "orphan", ownerReferences: kept } });
  await ask(server, "DELETE", `${PODS}/keeper`, { body: { propagationPolicy: "Orphan" } });
  expect(server.get("Pod", "shop", "web-1")).toBeUndefined();
  expect(server.get("Pod", "default", "owned")).toBeUndefined();
  expect(server.get("Pod", "default", "orphan")).toBeDefined();
});

test("an old cluster has Ingresses of v1beta1 only, converted both ways", async () => {
  const server = await started({ onlyV1beta1: ["networking.k8s.io"] });
  const old = "/apis/networking.k8s.io/v1beta1/namespaces/default/ingresses";
  expect(await ask(server, "GET", INGRESSES)).toMatchObject({ code: 404 });
  server.apply(INGRESS);
  const path = { path: "/", pathType: "Prefix", backend: { serviceName: "web", servicePort: 80 } };
  const listed = await ask(server, "GET", old);
  expect(listed.body).toMatchObject({
    apiVersion: "networking.k8s.io/v1beta1",
    items: [{ spec: { rules: [{ http: { paths: [path] } }] } }],
  });
  const made = await ask(server, "POST", `${old}?fieldValidation=Strict`, {
    body: { metadata: { name: "made" }, spec: { backend: { serviceName: "web", servicePort: "http" } } },
  });
  expect(made).toMatchObject({
    code: 201,
    body: { spec: { backend: { serviceName: "web", servicePort: "http" } } },
  });
  expect(server.get("Ingress", "default", "made")?.spec).toEqual({
    defaultBackend: { service: { name: "web", port: { name: "http" } } },
  });
  const type = "application/merge-patch+json";
  const patched = await ask(server, "PATCH", `${old}/made`, {
    body: { spec: { backend: { servicePort: 81 } } },
    type,
  });
  expect(patched).toMatchObject({ code: 200, body: { spec: { backend: { servicePort: 81 } } } });
});
