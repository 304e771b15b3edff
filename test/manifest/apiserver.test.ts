import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseManifest } from "../support/parse-manifest.ts";

/** Manifests with a real API server's answers to `kubectl apply`. */
const folder = join(import.meta.dirname, "../cases/apiserver");
const expected: Record<string, { outcome: string; messages: string[] }> = JSON.parse(
  readFileSync(join(folder, "expected.json"), "utf8"),
);
const cases = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

/** That cluster lacks the version; here it is served with a warning. */
const SERVED_HERE = "23-apiVersion-v1beta1.yaml";

/** kubectl prefixes the file name; the contract starts after it. */
function withoutFile(message: string): string {
  return message.replace(/^unable to decode "[^"]*": /, "").replace(/^error parsing \S+: /, "");
}

describe("what the API server answered", () => {
  test("there is an expectation for every case", () =>
    expect(cases.sort()).toEqual(Object.keys(expected).sort()));

  test.each(cases.filter((name) => name !== SERVED_HERE))("%s", (name) => {
    const { problems, resources } = parseManifest(readFileSync(join(folder, name), "utf8"), name);
    expect(problems.map((problem) => problem.message)).toEqual(expected[name]?.messages.map(withoutFile));
    expect(problems.every((problem) => problem.level === "error" && problem.file === name)).toBe(true);
    if (expected[name]?.outcome === "accepted") expect(resources).toHaveLength(1);
  });

  test(`${SERVED_HERE} is served, with a warning that names the converted form`, () => {
    const { problems, resources } = parseManifest(readFileSync(join(folder, SERVED_HERE), "utf8"), "f.yaml");
    expect(problems.map(({ code, level }) => `${level} ${code}`)).toEqual(["warning old-api-version"]);
    expect(problems[0]?.message).toContain("networking.k8s.io/v1");
    const [ingress] = resources;
    if (ingress?.kind !== "Ingress") throw new Error("no Ingress");
    expect(ingress.spec.rules[0]?.paths?.[0]).toEqual({
      path: "/",
      pathType: "ImplementationSpecific",
      backend: { kind: "service", name: "web", port: { number: 80 } },
      field: "spec.rules[0].http.paths[0]",
    });
  });
});

test.each([
  ["02-unknown-field-spec.service.yaml", 5],
  ["03-missing-pathType.yaml", 7],
  ["10-host-is-ip.yaml", 6],
  ["20-port-out-of-range.yaml", 7],
  ["33-bad-name.yaml", 3],
  ["38-annotation-not-string.yaml", 3],
  ["42-yaml-syntax.yaml", 5],
  ["43-many-errors-at-once.yaml", 11],
])("%s: the problem is on line %i", (name, line) => {
  const { problems } = parseManifest(readFileSync(join(folder, name), "utf8"), name);
  expect(problems[0]?.line).toBe(line);
});

/** A newer API server's answers, of more kinds. */
const newer = join(import.meta.dirname, "../cases/apiserver-2");
const newerExpected: Record<string, { outcome: string; messages: string[] }> = JSON.parse(
  readFileSync(join(newer, "expected.json"), "utf8"),
);

/** What kubectl says by itself, in other words. */
const SAID_BY_KUBECTL = new Map([
  ["109-name-null.yaml", "It asks for the object by its name first."],
  ["113-namespace-bad.yaml", "It compares the namespace with its context's."],
  ["323-json-syntax.yaml", "It reads JSON by another reader."],
  ["342-yaml-empty-documents.yaml", "It takes empty documents for a fault."],
  ["352-yaml-null-key.yaml", "It prints the key as Go does."],
  ["360-kind-number.yaml", "It names the type of the kind."],
  ["366-list-kind.yaml", "It goes on with the items behind a faulty one."],
]);

describe("what a newer API server answered", () => {
  test.each(Object.entries(newerExpected))("%s", (name, { messages }) => {
    const { problems } = parseManifest(readFileSync(join(newer, name), "utf8"), name);
    const errors = problems.filter(({ level }) => level === "error").map(({ message }) => message);
    const isSame = JSON.stringify(errors.sort()) === JSON.stringify(messages.map(withoutFile).sort());
    if (!SAID_BY_KUBECTL.has(name)) expect(errors).toEqual(messages.map(withoutFile).sort());
    expect(isSame).toBe(!SAID_BY_KUBECTL.has(name));
  });
});

/** As a Go program with kubernetes 1.36.4's own decoding and validation said them. */
const OF_CORE = "metadata: { name: a }";
test.each<readonly [manifest: string, said: readonly string[]]>([
  [
    `apiVersion: v1\nkind: Service\n${OF_CORE}\nspec: { type: Foo, sessionAffinity: x, internalTrafficPolicy: z, ports: [{ port: 80, targetPort: 0 }] }`,
    [
      'spec.sessionAffinity: Unsupported value: "x": supported values: "ClientIP", "None"',
      'spec.type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      'spec.internalTrafficPolicy: Unsupported value: "z": supported values: "Cluster", "Local"',
    ],
  ],
  [
    `apiVersion: v1\nkind: Service\n${OF_CORE}\nspec: { ports: [{ name: a, port: 80, nodePort: 30000 }, { name: a, port: 81, targetPort: 70000, protocol: UDP }] }`,
    [
      'spec.ports[1].name: Duplicate value: "a"',
      "spec.ports[1].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
  ],
  [
    `apiVersion: v1\nkind: Service\n${OF_CORE}\nspec: { type: NodePort, clusterIP: None, ports: [{ name: a, port: 80, nodePort: 30000 }, { name: b, port: 81, nodePort: 30000 }] }`,
    [
      "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services",
      "spec.ports[1].nodePort: Duplicate value: 30000",
    ],
  ],
  [
    `apiVersion: v1\nkind: Service\n${OF_CORE}\nspec: { ports: [{ port: 80, targetPort: 1.5 }] }`,
    [
      "json: cannot unmarshal number 1.5 into Go struct field ServicePort.spec.ports.targetPort of type int32",
    ],
  ],
  [
    `apiVersion: v1\nkind: ConfigMap\n${OF_CORE}\nbinaryData: { ..a: YQ== }`,
    ["binaryData[..a]: Invalid value: \"..a\": must not start with '..'"],
  ],
  [
    `apiVersion: v1\nkind: Secret\n${OF_CORE}\ntype: kubernetes.io/basic-auth`,
    ["data[username]: Required value", "data[password]: Required value"],
  ],
  [
    `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n${OF_CORE}\naddressType: ipv4\nendpoints: [{ addresses: [] }]\nports: [{ name: a }, { name: a, protocol: x }]`,
    [
      'addressType: Unsupported value: "ipv4": supported values: "FQDN", "IPv4", "IPv6"',
      'ports[1].name: Duplicate value: "a"',
      'ports[1].protocol: Unsupported value: "x": supported values: "SCTP", "TCP", "UDP"',
      "endpoints[0].addresses: Required value: must contain at least 1 address",
    ],
  ],
  [
    `apiVersion: networking.k8s.io/v1\nkind: IngressClass\n${OF_CORE}\nspec: { controller: a, parameters: { kind: a/b, scope: Cluster, namespace: a } }`,
    [
      'spec.controller: Invalid value: "a": must be a domain-prefixed path (such as "acme.io/foo")',
      "spec.parameters.kind: Invalid value: \"a/b\": may not contain '/'",
      "spec.parameters.name: Required value",
      "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
    ],
  ],
  [
    `apiVersion: apps/v1\nkind: Deployment\n${OF_CORE}\nspec: { replicas: -1, selector: { matchExpressions: [{ key: a, operator: In, values: [b] }] }, template: { metadata: { labels: { a: c } } } }`,
    [
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      'spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`',
    ],
  ],
  [
    `apiVersion: apps/v1\nkind: Deployment\n${OF_CORE}\nspec: { selector: {}, template: { spec: { containers: [{ name: a, resources: { limits: { cpu: 1 } }, livenessProbe: { httpGet: { porty: 1 } } }] } } }`,
    ['strict decoding error: unknown field "spec.template.spec.containers[0].livenessProbe.httpGet.porty"'],
  ],
])("%s", (manifest, said) => {
  const { problems, refused } = parseManifest(manifest, "a.yaml");
  expect(problems.map(({ message }) => message)).toEqual(said);
  expect(refused).toHaveLength(1);
});
