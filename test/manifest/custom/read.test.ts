import { expect, test } from "vitest";
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
