import { describe, expect, test } from "vitest";
import type { Ingress } from "../../src/model/resource.ts";
import { parseManifest } from "../support/parse-manifest.ts";

/**
 * Texts of k8s.io/kubernetes `pkg/apis/networking/validation` and k8s.io/apimachinery, as in the API server.
 */
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const WILDCARD =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1123 =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const NAME =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

const GOOD = "{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}";

const ingress = (spec: string, metadata = "{name: a}") =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: ${metadata}\nspec: ${spec}\n`;
const withHost = (host: string) =>
  ingress(`{rules: [{host: ${host}, http: {paths: [${GOOD}]}}, {host: good.test}]}`);
const withPath = (path: string) => ingress(`{rules: [{host: a.test, http: {paths: [${path}, ${GOOD}]}}]}`);
const withPort = (port: string) =>
  withPath(`{path: /p, pathType: Prefix, backend: {service: {name: web, port: ${port}}}}`);
const withService = (name: string) =>
  withPath(`{path: /p, pathType: Prefix, backend: {service: {name: ${name}, port: {number: 80}}}}`);

function read(text: string) {
  const { resources, problems } = parseManifest(text, "a.yaml");
  const ingresses = resources.filter((one): one is Ingress => one.kind === "Ingress");
  return { ingresses, problems, messages: problems.map((problem) => problem.message) };
}

const host = "spec.rules[0].host: Invalid value: ";
const path = "spec.rules[0].http.paths[0]";
const port = `${path}.backend.service.port`;

describe("a bad rule is left out, the others are served", () => {
  test.each([
    ["'*.*.a'", [`${host}"*.*.a": ${WILDCARD}`]],
    ["'*foo.test'", [`${host}"*foo.test": ${WILDCARD}`]],
    ["'*.A.test'", [`${host}"*.A.test": ${WILDCARD}`]],
    ["a_b.test", [`${host}"a_b.test": ${SUBDOMAIN}`]],
    ["-a.test", [`${host}"-a.test": ${SUBDOMAIN}`]],
    ["A.test", [`${host}"A.test": ${SUBDOMAIN}`]],
    ["a.test.", [`${host}"a.test.": ${SUBDOMAIN}`]],
    ["münchen.test", [`${host}"münchen.test": ${SUBDOMAIN}`]],
    ["a.test:8080", [`${host}"a.test:8080": ${SUBDOMAIN}`]],
    ["'a.test\\n6.6.6.6 bank.com'", [`${host}"a.test\\\\n6.6.6.6 bank.com": ${SUBDOMAIN}`]],
    ['"a.test\\n6.6.6.6 bank.com"', [`${host}"a.test\\n6.6.6.6 bank.com": ${SUBDOMAIN}`]],
    ['"a b"', [`${host}"a b": ${SUBDOMAIN}`]],
    ["'::1'", [`${host}"::1": must be a DNS name, not an IP address`, `${host}"::1": ${SUBDOMAIN}`]],
    ["10.0.0.010", [`${host}"10.0.0.010": must be a DNS name, not an IP address`]],
    ["a".repeat(254), [`${host}"${"a".repeat(254)}": must be no more than 253 characters`]],
  ])("host %s", (value, messages) => {
    const read_ = read(withHost(value));
    expect(read_.messages).toEqual(messages);
    expect(read_.problems[0]).toMatchObject({ level: "error", field: "spec.rules[0].host", line: 4 });
    expect(read_.problems[0]?.fix).toContain("kubectl apply would refuse the whole Ingress");
    expect(read_.ingresses[0]?.spec.rules.map((rule) => rule.host)).toEqual(["good.test"]);
  });

  test.each([
    "xn--mnchen-3ya.test",
    "*.test",
    "a",
    "a.b.c.d.e",
    "1.2.3",
    "__proto__".slice(2, 7),
    "constructor",
  ])("host %s is good", (value) =>
    expect(read(withHost(value.startsWith("*") ? `'${value}'` : `"${value}"`)).messages).toEqual([]));
});

describe("a bad path is left out, the others are served", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "no path",
      "{pathType: Exact, backend: X}",
      [`${path}.path: Invalid value: "": must be an absolute path`],
    ],
    [
      "relative",
      "{path: a, pathType: Prefix, backend: X}",
      [`${path}.path: Invalid value: "a": must be an absolute path`],
    ],
    [
      "escaped slash",
      "{path: /a%2Fb, pathType: Exact, backend: X}",
      [`${path}.path: Invalid value: "/a%2Fb": must not contain '%2F'`],
    ],
    [
      "dots at the end",
      "{path: /a/.., pathType: Exact, backend: X}",
      [`${path}.path: Invalid value: "/a/..": cannot end with '/..'`],
    ],
    [
      "a dot at the end",
      "{path: /a/., pathType: Exact, backend: X}",
      [`${path}.path: Invalid value: "/a/.": cannot end with '/.'`],
    ],
    [
      "pathType in lower case",
      "{path: /a, pathType: prefix, backend: X}",
      [
        `${path}.pathType: Unsupported value: "prefix": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
      ],
    ],
    [
      "ImplementationSpecific, relative",
      "{path: a, pathType: ImplementationSpecific, backend: X}",
      [`${path}.path: Invalid value: "a": must be an absolute path`],
    ],
    [
      "no backend",
      "{path: /a, pathType: Prefix}",
      [`${path}.backend: Invalid value: "": resource or service backend is required`],
    ],
    [
      "no pathType and no backend",
      "{path: /a}",
      [`${path}.pathType: Required value: pathType must be specified`],
    ],
    [
      "two mistakes",
      "{path: a, pathType: Prefix, backend: {service: {name: web}}}",
      [
        `${path}.path: Invalid value: "a": must be an absolute path`,
        `${path}.backend: Required value: port name or number is required`,
      ],
    ],
    [
      "a resource without name",
      "{path: /a, pathType: Prefix, backend: {resource: {kind: B}}}",
      [`${path}.backend.resource.name: Required value`],
    ],
  ])("%s", (_what, written, messages) => {
    const backend = "{service: {name: web, port: {number: 80}}}";
    const { messages: said, ingresses, problems } = read(withPath(written.replace("X", backend)));
    expect(said).toEqual(messages);
    expect(ingresses[0]?.spec.rules[0]?.paths?.map((one) => one.field)).toEqual([
      "spec.rules[0].http.paths[1]",
    ]);
    expect(problems[0]?.fix).toContain("kubectl apply would refuse the whole Ingress");
  });

  test.each([
    "{pathType: ImplementationSpecific, backend: X}",
    "{path: /a//b, pathType: ImplementationSpecific, backend: X}",
    "{path: '/(.*)', pathType: Prefix, backend: X}",
  ])("%s is good", (written) =>
    expect(
      read(withPath(written.replace("X", "{service: {name: web, port: {name: http}}}"))).messages,
    ).toEqual([]));

  const range = "must be between 1 and 65535, inclusive";
  test.each<[string, readonly string[]]>([
    ["{number: 0}", [`${path}.backend: Required value: port name or number is required`]],
    ["{}", [`${path}.backend: Required value: port name or number is required`]],
    ["{number: 65536}", [`${port}.number: Invalid value: 65536: ${range}`]],
    ["{number: -1}", [`${port}.number: Invalid value: -1: ${range}`]],
    [
      "{name: HTTP}",
      [
        `${port}.name: Invalid value: "HTTP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
        `${port}.name: Invalid value: "HTTP": must contain at least one letter (a-z)`,
      ],
    ],
    ["{name: '80'}", [`${port}.name: Invalid value: "80": must contain at least one letter (a-z)`]],
    ["{name: a--b}", [`${port}.name: Invalid value: "a--b": must not contain consecutive hyphens`]],
    ["{name: a-}", [`${port}.name: Invalid value: "a-": must not begin or end with a hyphen`]],
    [
      "{name: averylongportname}",
      [`${port}.name: Invalid value: "averylongportname": must be no more than 15 characters`],
    ],
  ])("port %s", (written, messages) => {
    const { messages: said, ingresses } = read(withPort(written));
    expect(said).toEqual(messages);
    expect(ingresses[0]?.spec.rules[0]?.paths).toHaveLength(1);
  });

  test.each<[string, number]>([
    ["080", 80],
    ["0x50", 80],
    ["1e3", 1000],
    ["0120", 80],
    ["8_0", 80],
  ])("port %s is %i, as for kubectl", (written, value) => {
    const { messages, ingresses } = read(withPort(`{number: ${written}}`));
    expect(messages).toEqual([]);
    expect(ingresses[0]?.spec.rules[0]?.paths?.[0]?.backend).toMatchObject({ port: { number: value } });
  });

  test.each([
    ["web-", `${path}.backend.service.name: Invalid value: "web-": ${LABEL_1123}`],
    ["web.default", `${path}.backend.service.name: Invalid value: "web.default": must not contain dots`],
    ["''", `${path}.backend.service.name: Required value`],
  ])("service %s", (name, message) => expect(read(withService(name)).messages).toEqual([message]));
});

describe("what makes an Ingress as a whole invalid", () => {
  const rules = `{rules: [{http: {paths: [${GOOD}]}}]}`;
  test.each<[string, string, readonly string[]]>([
    ["no name", ingress(rules, "{}"), ["metadata.name: Required value: name or generateName is required"]],
    ["generateName", ingress(rules, "{generateName: a-}"), ["from a-: cannot use generate name with apply"]],
    [
      "a namespace",
      ingress(rules, "{name: a, namespace: A_b}"),
      [`metadata.namespace: Invalid value: "A_b": ${LABEL_1123}`],
    ],
    [
      "an annotation's key",
      ingress(rules, "{name: a, annotations: {a b: c}}"),
      [`metadata.annotations: Invalid value: "a b": name part ${NAME}`],
    ],
    [
      "empty rules",
      ingress("{rules: []}"),
      ["spec: Invalid value: []: either `defaultBackend` or `rules` must be specified"],
    ],
    [
      "an empty default backend",
      ingress("{defaultBackend: {}}"),
      ['spec.defaultBackend: Invalid value: "": resource or service backend is required'],
    ],
    [
      "two classes",
      ingress(
        `{ingressClassName: nginx, ${rules.slice(1)}`,
        "{name: a, annotations: {kubernetes.io/ingress.class: other}}",
      ),
      [
        'annotations.kubernetes.io/ingress.class: Invalid value: "other": must match `ingressClassName` when both are specified',
      ],
    ],
    [
      "a port in quotes",
      withPort('{number: "80"}'),
      [
        "json: cannot unmarshal string into Go struct field ServiceBackendPort.spec.rules.IngressRuleValue.http.paths.backend.service.port.number of type int32",
      ],
    ],
    [
      "half a port",
      withPort("{number: 80.5}"),
      [
        "json: cannot unmarshal number 80.5 into Go struct field ServiceBackendPort.spec.rules.IngressRuleValue.http.paths.backend.service.port.number of type int32",
      ],
    ],
    [
      "a huge port",
      withPort("{number: 3000000000}"),
      [
        "json: cannot unmarshal number 3000000000 into Go struct field ServiceBackendPort.spec.rules.IngressRuleValue.http.paths.backend.service.port.number of type int32",
      ],
    ],
    [
      "a host that is a number",
      withHost("80"),
      ["json: cannot unmarshal number into Go struct field IngressRule.spec.rules.host of type string"],
    ],
    [
      "a host that is a yes",
      withHost("yes"),
      ["json: cannot unmarshal bool into Go struct field IngressRule.spec.rules.host of type string"],
    ],
    [
      "rules that are none",
      ingress("{rules: {host: a.test}}"),
      ["json: cannot unmarshal object into Go struct field IngressSpec.spec.rules of type []v1.IngressRule"],
    ],
    [
      "a spec that is a list",
      ingress("[]"),
      ["json: cannot unmarshal array into Go struct field Ingress.spec of type v1.IngressSpec"],
    ],
    [
      "fields in the wrong place",
      ingress(`{host: a.test, rules: [{path: /, http: {paths: [${GOOD}]}}]}`),
      ['strict decoding error: unknown field "spec.host", unknown field "spec.rules[0].path"'],
    ],
    [
      "a kind of another group",
      ingress(rules).replace("networking.k8s.io/v1", "v1"),
      [
        'no kind "Ingress" is registered for version "v1" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"',
      ],
    ],
  ])("%s", (_what, text, messages) => {
    const { messages: said, ingresses, problems } = read(text);
    expect(said).toEqual(messages);
    expect(ingresses).toEqual([]);
    expect(problems.every(({ level, fix }) => level === "error" && fix.includes("refuse this Ingress"))).toBe(
      true,
    );
  });

  test("a key written twice keeps the last value, as kubectl does, with a warning", () => {
    const { ingresses, problems } = read(
      `${ingress(rules)}  \n`.replace("kind: Ingress", "kind: Ingress\nkind: Ingress"),
    );
    expect(ingresses).toHaveLength(1);
    expect(problems.map(({ code, level, line }) => [code, level, line])).toEqual([
      ["duplicate-key", "warning", 3],
    ]);
  });
});

test("a label of 64 bytes is taken, as by the API server, with a warning", () => {
  const { ingresses, problems } = read(withHost(`${"a".repeat(64)}.test`));
  expect(ingresses[0]?.spec.rules).toHaveLength(2);
  expect(problems.map(({ code, level }) => `${level} ${code}`)).toEqual(["warning unresolvable-host"]);
});

test("bad TLS hosts and Secret names are left out", () => {
  const { ingresses, messages } = read(
    ingress(
      `{rules: [{host: a.test}], tls: [{hosts: [a.test, "*", B.test, "*.a.test"], secretName: s}, {secretName: S_}]}`,
    ),
  );
  expect(messages).toEqual([
    `spec.tls[0].hosts[1]: Invalid value: "*": ${WILDCARD}`,
    `spec.tls[0].hosts[2]: Invalid value: "B.test": ${SUBDOMAIN}`,
    `spec.tls[1].secretName: Invalid value: "S_": ${SUBDOMAIN}`,
  ]);
  expect(ingresses[0]?.spec.tls).toEqual([
    { hosts: ["a.test", "*.a.test"], secretName: "s", field: "spec.tls[0]" },
  ]);
});

test("__proto__, constructor and toString are keys like any other", () => {
  const { resources, problems } = parseManifest(
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {constructor: c, toString: t}}\ndata: {__proto__: p}\n",
    "a.yaml",
  );
  expect(problems).toEqual([]);
  const [map] = resources;
  if (map?.kind !== "ConfigMap") throw new Error("no ConfigMap");
  expect([...map.data]).toEqual([["__proto__", "p"]]);
  expect([...map.metadata.annotations.keys()]).toEqual(["constructor", "toString"]);
});
