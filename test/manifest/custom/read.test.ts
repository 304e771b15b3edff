import { expect, test, vi } from "vitest";
import { parseManifest } from "../../support/parse-manifest.ts";

const manifest = (fields: string, kind = "Gateway", apiVersion = "gateway.networking.k8s.io/v1") =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\n${fields}`;
const named = (spec: string) => `metadata: { name: a }\nspec: ${spec}\n`;

test.each<readonly [text: string, said: string, fix: string]>([
  [
    manifest(named("{}"), "Gateway", "gateway.networking.k8s.io/v1alpha2"),
    'unknown-kind apiVersion no matches for kind "Gateway" in version "gateway.networking.k8s.io/v1alpha2"',
    "Write apiVersion: gateway.networking.k8s.io/v1.",
  ],
  [
    manifest(named("{}"), "HTTPRoutes"),
    'unknown-kind kind no matches for kind "HTTPRoutes" in version "gateway.networking.k8s.io/v1"',
    "Did you mean kind: HTTPRoute?",
  ],
  [
    manifest(named("{}"), "Middleware", "traefik.containo.us/v1alpha1"),
    'unknown-kind apiVersion no matches for kind "Middleware" in version "traefik.containo.us/v1alpha1"',
    "Write apiVersion: traefik.io/v1alpha1.",
  ],
  [
    manifest(named("{}"), "TLSCertificateDelegation", "contour.heptio.com/v1beta1"),
    'unknown-kind apiVersion no matches for kind "TLSCertificateDelegation" in version "contour.heptio.com/v1beta1"',
    "Write apiVersion: projectcontour.io/v1.",
  ],
  [
    manifest(named("{}"), "IngressRoute", "contour.heptio.com/v1beta1"),
    'unknown-kind apiVersion no matches for kind "IngressRoute" in version "contour.heptio.com/v1beta1"',
    "Write apiVersion: projectcontour.io/v1, and kind: HTTPProxy.",
  ],
  [
    manifest(named("{}"), "IngressRoutes", "traefik.containo.us/v1alpha1"),
    'unknown-kind apiVersion no matches for kind "IngressRoutes" in version "traefik.containo.us/v1alpha1"',
    "Write apiVersion: traefik.io/v1alpha1, and kind: IngressRoute.",
  ],
  [
    manifest(named("{}"), "Certificate", "traefik.containo.us/v1alpha1"),
    'unknown-kind apiVersion no matches for kind "Certificate" in version "traefik.containo.us/v1alpha1"',
    "traefik.containo.us is now traefik.io, with the kinds IngressRoute,",
  ],
  [
    manifest(named("{}"), "HTTPRoute", "gateways.networking.k8s.io/v1"),
    'unknown-kind apiVersion no matches for kind "HTTPRoute" in version "gateways.networking.k8s.io/v1"',
    "Write apiVersion: gateway.networking.k8s.io/v1.",
  ],
  [
    manifest(named("{}"), "IngressRoute", "traefik/v1alpha1"),
    'unknown-kind apiVersion no matches for kind "IngressRoute" in version "traefik/v1alpha1"',
    "Write apiVersion: traefik.io/v1alpha1.",
  ],
  [
    manifest(named("{}"), "KongPlugin", "v1"),
    'unknown-kind apiVersion no matches for kind "KongPlugin" in version "v1"',
    "Write apiVersion: configuration.konghq.com/v1.",
  ],
  [
    manifest(named("{}"), "HTTPProxy", "networking.k8s.io/v1"),
    'unknown-kind apiVersion no matches for kind "HTTPProxy" in version "networking.k8s.io/v1"',
    "Write apiVersion: projectcontour.io/v1.",
  ],
  [
    manifest(named("{}"), "Certificate", "traefik.io/v1alpha1"),
    'unknown-kind kind no matches for kind "Certificate" in version "traefik.io/v1alpha1"',
    "traefik.io has the kinds IngressRoute, IngressRouteTCP,",
  ],
  [
    manifest(named("{ gatewayClassName: a, listener: [] }")),
    'unknown-field spec.listener strict decoding error: unknown field "spec.listener"',
    'Did you mean "spec.listeners"?',
  ],
  [
    manifest(named("{ listeners: [{ tls: { certificateRef: [] } }] }")),
    'unknown-field spec.listeners[0].tls.certificateRef strict decoding error: unknown field "spec.listeners[0].tls.certificateRef"',
    'Did you mean "spec.listeners[0].tls.certificateRefs"?',
  ],
  [
    manifest("metadata: { name: a, uid: 5 }\n"),
    "wrong-type metadata.uid json: cannot unmarshal number into Go struct field ObjectMeta.uid of type types.UID",
    "Use a value of that type.",
  ],
  // A time that is none ends decoding: it comes before the other wrong type.
  [
    manifest("metadata: { name: a, annotations: { a: 5 }, creationTimestamp: 5 }\n"),
    "wrong-type metadata.creationTimestamp json: cannot unmarshal number into Go struct field ObjectMeta.creationTimestamp of type string",
    "Use a value of that type.",
  ],
  [
    manifest("metadata: { name: a, generateName: Ab- }\nspec: { controllerName: a.b/c }\n", "GatewayClass"),
    "invalid-metadata metadata.generateName metadata.generateName: Invalid value: \"Ab-\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    "Correct the field in metadata.",
  ],
  [
    manifest(
      "metadata: { name: a, finalizers: [foregroundDeletion, orphan] }\nspec: { controllerName: a.b/c }\n",
      "GatewayClass",
    ),
    'invalid-metadata metadata.finalizers metadata.finalizers: Invalid value: ["foregroundDeletion","orphan"]: finalizer orphan and foregroundDeletion cannot be both set',
    "Correct the field in metadata.",
  ],
  [
    manifest(
      "metadata: { name: a, ownerReferences: [{ apiVersion: v1, kind: Event, name: a, uid: b }] }\nspec: { controllerName: a.b/c }\n",
      "GatewayClass",
    ),
    'invalid-metadata metadata.ownerReferences metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"a","uid":"b"}: /v1, Kind=Event is disallowed from being an owner',
    "Correct the field in metadata.",
  ],
  [
    manifest(
      "metadata: { name: a, ownerReferences: [{ apiVersion: a/b/c, kind: Pod, name: a, uid: b }] }\nspec: { controllerName: a.b/c }\n",
      "GatewayClass",
    ),
    'invalid-metadata metadata.ownerReferences.apiVersion metadata.ownerReferences.apiVersion: Invalid value: "a/b/c": version must not be empty',
    "Correct the field in metadata.",
  ],
  // Of equal items the second alone is told.
  [
    manifest(
      "metadata: { name: a }\nusername: a\ncredentials: [b, b, b]\n",
      "KongConsumer",
      "configuration.konghq.com/v1",
    ),
    'duplicate-value credentials[1] credentials[1]: Duplicate value: "b"',
    "Delete",
  ],
  [
    manifest("metadata: { name: a, creationTimestamp: 2024-13-01T00:00:00Z }\n"),
    'wrong-type metadata.creationTimestamp parsing time "2024-13-01T00:00:00Z": month out of range',
    "Use a value of that type.",
  ],
  [
    manifest(
      "metadata: { name: a, ownerReferences: [{ apiVersion: v1, kind: Pod, name: a, uid: b, controller: true }, { kind: Pod, name: c, uid: d, apiVersion: v1, controller: true }] }\nspec: { controllerName: a.b/c }\n",
      "GatewayClass",
    ),
    'invalid-metadata metadata.ownerReferences metadata.ownerReferences: Invalid value: [{"apiVersion":"v1","kind":"Pod","name":"a","uid":"b","controller":true},{"apiVersion":"v1","kind":"Pod","name":"c","uid":"d","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for Pod/a and Pod/c',
    "Correct the field in metadata.",
  ],
  [
    manifest("metadata: { name: a, namespace: Default }\nspec: {}\n"),
    'invalid-metadata metadata.namespace namespaces "Default" not found',
    "Correct the field in metadata.",
  ],
])("%s", (text, said, fix) => {
  const { problems, refused } = parseManifest(text, "a.yaml");
  expect(problems.map(({ code, field, message }) => `${code} ${field} ${message}`)).toEqual([said]);
  expect(problems[0]?.fix).toContain(fix);
  expect(refused).toHaveLength(1);
});

test.each([
  "networking.istio.io/v1",
  "k8s.io/v1",
  "gateway.nginx.org/v1alpha1",
])("a Gateway of %s is somebody else's", (apiVersion) => {
  const { problems, passedOver } = parseManifest(manifest(named("{}"), "Gateway", apiVersion), "a.yaml");
  expect(problems).toEqual([]);
  expect(passedOver.get("Gateway")).toBe(1);
});

test("a null item of a list with keys has none, and too many properties hide nothing of theirs", () => {
  const labels = Array.from({ length: 9 }, (_, at) => `a${at}: ${at === 8 ? "a/b" : "b"}`).join(", ");
  const spec = `{ gatewayClassName: a, infrastructure: { labels: { ${labels} } }, listeners: [null, null] }`;
  const { problems } = parseManifest(manifest(named(spec)), "a.yaml");
  expect(problems.map(({ field, message }) => `${field} ${message}`.slice(0, 100))).toEqual([
    "spec.infrastructure.labels spec.infrastructure.labels: Too many: 9: must have at most 8 items",
    'spec.infrastructure.labels.a8 spec.infrastructure.labels.a8: Invalid value: "a/b": spec.infrastructu',
    'spec.listeners[0] spec.listeners[0]: Invalid value: "null": spec.listeners[0] in body must be of typ',
    'spec.listeners[1] spec.listeners[1]: Invalid value: "null": spec.listeners[1] in body must be of typ',
    "spec.listeners[1] spec.listeners[1]: Duplicate value: {}",
    expect.stringContaining("some validation rules were not checked"),
  ]);
});

test("each item of a List is judged, and named with its line", () => {
  const text = `apiVersion: v1
kind: List
items:
  - apiVersion: gateway.networking.k8s.io/v1
    kind: GatewayClass
    metadata: { name: a }
    spec: { controllerName: example.com/a }
  - apiVersion: gateway.networking.k8s.io/v1
    kind: GatewayClass
    metadata: { name: b }
    spec:
      controllerName: none
`;
  const { problems, resources } = parseManifest(text, "a.yaml");
  expect(problems.map(({ code, line, object }) => ({ code, line, object }))).toEqual([
    { code: "invalid-value", line: 12, object: { kind: "GatewayClass", namespace: "", name: "b" } },
  ]);
  expect(resources).toMatchObject([{ kind: "GatewayClass", metadata: { name: "a", namespace: "" } }]);
});

test("what is read has the defaults, and not the status", () => {
  const spec = "{ parentRefs: [{ name: web }], rules: [{ backendRefs: [{ name: shop, port: 80 }] }] }";
  const { resources } = parseManifest(
    manifest(`${named(spec)}status: { parents: [] }\n`, "HTTPRoute"),
    "a.yaml",
  );
  expect(resources).toMatchObject([
    {
      kind: "HTTPRoute",
      spec: {
        parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" }],
        rules: [
          {
            backendRefs: [{ group: "", kind: "Service", name: "shop", port: 80, weight: 1 }],
            matches: [{ path: { type: "PathPrefix", value: "/" } }],
          },
        ],
      },
    },
  ]);
  expect(resources[0]).not.toHaveProperty("status");
});

test("of thousands of faults the first are told, and how many more there are", () => {
  const listeners = Array.from({ length: 1_000 }, () => "{ name: A, port: 80, protocol: HTTP }").join(", ");
  const { problems } = parseManifest(
    manifest(named(`{ gatewayClassName: a, listeners: [${listeners}] }`)),
    "a.yaml",
  );
  expect(problems).toHaveLength(1_001);
  expect(problems.at(-1)?.message).toMatch(/^\d+ more faults are not listed$/);
});

test("a text that is too long for its pattern is refused", () => {
  const spec = `{ forwardingTimeouts: { dialTimeout: "${"1".repeat(1_000_000)}x" } }`;
  const { problems } = parseManifest(
    manifest(named(spec), "ServersTransport", "traefik.io/v1alpha1"),
    "a.yaml",
  );
  expect(problems.map(({ code, field }) => `${code} ${field}`)).toEqual([
    "invalid-value spec.forwardingTimeouts.dialTimeout",
  ]);
});

test("a kind that no controller here reads is judged, and passed over", () => {
  const { resources, problems, passedOver } = parseManifest(
    manifest(named("{ host: a.example.com }"), "VirtualServer", "k8s.nginx.org/v1"),
    "a.yaml",
  );
  expect({ resources, problems, passedOver: [...passedOver] }).toEqual({
    resources: [],
    problems: [],
    passedOver: [["VirtualServer", 1]],
  });
});

test("a list of objects is no object, and other lists are passed over", () => {
  const list = "# objects\n- apiVersion: v1\n  kind: Service\n  metadata: { name: a }\n";
  expect(parseManifest(list, "a.yaml").problems).toMatchObject([{ code: "missing-kind", line: 2 }]);
  expect(parseManifest("- op: add\n  path: /spec\n- kind: x\n", "a.yaml").problems).toEqual([]);
});

test.each<readonly [text: string, loads: number]>([
  ["apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: a }\n", 0],
  ["apiVersion: v1\nkind: List\nitems: [{ apiVersion: v1, kind: Service, metadata: { name: a } }]\n", 0],
  ["apiVersion: example.com/v1\nkind: Other\nmetadata: { name: a }\n", 0],
  [manifest(named("{}")), 1],
  [
    `apiVersion: v1\nkind: List\nitems: [{ apiVersion: traefik.io/v1alpha1, kind: TLSStore, metadata: { name: a } }]\n`,
    1,
  ],
])("%s loads what judges it, and nothing for others", async (text, loads) => {
  vi.resetModules();
  const { parseSteps } = await import("../../../src/manifest/parse.ts");
  const steps = parseSteps(text, "a.yaml", "default");
  let count = 0;
  for (let step = steps.next(); step.done !== true; step = steps.next()) {
    if (step.value !== undefined && "load" in step.value) count += 1;
  }
  expect(count).toBe(loads);
});
