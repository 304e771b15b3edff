import { expect, test } from "vitest";
import { repairText } from "../../src/convert/repair.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const HEAD = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a # the name\n";
const BACKEND = "backend: {service: {name: web, port: {number: 80}}}";
const PATHS = `${HEAD}spec:\n  rules:\n  - host: a.test # the host\n    http:\n      paths:\n`;
const PATH = `      - path: / # all\n        pathType: Prefix\n        ${BACKEND}\n`;

type Row = readonly [
  what: string,
  before: string,
  after: string,
  repairs: readonly (readonly [code: string, line: number, what: string])[],
];

const ROWS: readonly Row[] = [
  [
    "a misspelt kind",
    `${PATHS}${PATH}`.replace("kind: Ingress", "kind: 'ingress' # c"),
    `${PATHS}${PATH}`.replace("kind: Ingress", "kind: 'Ingress' # c"),
    [["unknown-kind", 2, "ingress → Ingress"]],
  ],
  [
    "no pathType",
    `${PATHS}      - path: /a # c\n        ${BACKEND}\n      - ${BACKEND} # d\n`,
    `${PATHS}      - path: /a # c\n        pathType: ImplementationSpecific\n        ${BACKEND}\n      - pathType: ImplementationSpecific\n        ${BACKEND} # d\n`,
    [
      ["missing-path-type", 10, "ImplementationSpecific added"],
      ["missing-path-type", 13, "ImplementationSpecific added"],
    ],
  ],
  [
    "misspelt pathTypes",
    `${PATHS}      - {path: /a, pathType: prefix, ${BACKEND}}\n      - {path: /b, pathType: "Prefx", ${BACKEND}} # c\n      - {path: /c, pathType: implementation-specific, ${BACKEND}}\n`,
    `${PATHS}      - {path: /a, pathType: Prefix, ${BACKEND}}\n      - {path: /b, pathType: "Prefix", ${BACKEND}} # c\n      - {path: /c, pathType: ImplementationSpecific, ${BACKEND}}\n`,
    [
      ["invalid-path-type", 10, "prefix → Prefix"],
      ["invalid-path-type", 11, "Prefx → Prefix"],
      ["invalid-path-type", 12, "implementation-specific → ImplementationSpecific"],
    ],
  ],
  [
    "hosts in upper case and with a dot at the end",
    `${PATHS}${PATH}  - host: 'Shop.TEST.' # c\n  - host: "*.Shop.test"\n  tls:\n  - hosts: [A.test, b.test.] # d\n`,
    `${PATHS}${PATH}  - host: 'shop.test' # c\n  - host: "*.shop.test"\n  tls:\n  - hosts: [a.test, b.test] # d\n`,
    [
      ["invalid-host", 13, "Shop.TEST. → shop.test"],
      ["invalid-host", 14, "*.Shop.test → *.shop.test"],
      ["invalid-tls", 16, "A.test → a.test"],
      ["invalid-tls", 16, "b.test. → b.test"],
    ],
  ],
  [
    "annotations and labels that are no text, numbers in quotes",
    `${PATHS}${PATH}`
      .replace(
        "# the name\n",
        "# the name\n  annotations:\n    nginx.ingress.kubernetes.io/ssl-redirect: false # c\n    a.b/n: 1.10\n  labels: {a: yes}\n",
      )
      .replace("number: 80", "number: '80'"),
    `${PATHS}${PATH}`
      .replace(
        "# the name\n",
        '# the name\n  annotations:\n    nginx.ingress.kubernetes.io/ssl-redirect: "false" # c\n    a.b/n: "1.10"\n  labels: {a: "yes"}\n',
      )
      .replace("number: 80", "number: 80"),
    [
      ["wrong-type", 7, '1.10 → "1.10"'],
      ["wrong-type", 6, 'false → "false"'],
      ["wrong-type", 8, 'yes → "yes"'],
      ["wrong-type", 16, "'80' → 80"],
    ],
  ],
  [
    "misspelt fields",
    `${PATHS}${PATH}  tlss: # c\n  - {host: [a.test], secretname: "s"}\n`,
    `${PATHS}${PATH}  tls: # c\n  - {hosts: [a.test], secretName: "s"}\n`,
    [
      ["unknown-field", 13, "tlss → tls"],
      ["unknown-field", 14, "host → hosts"],
      ["unknown-field", 14, "secretname → secretName"],
    ],
  ],
  [
    "an old form in the new version",
    `${PATHS}      - path: /a\n        pathType: Prefix\n        backend:\n          serviceName: web # c\n          servicePort: 80 # d\n  backend: {serviceName: web, servicePort: http}\n`,
    `${PATHS}      - path: /a\n        pathType: Prefix\n        backend:\n          service:\n            name: web # c\n            port:\n              number: 80 # d\n  defaultBackend: {service: {name: web, port: {name: http}}}\n`,
    [
      ["unknown-field", 17, "backend → defaultBackend"],
      ["unknown-field", 13, "serviceName, servicePort → service"],
      ["unknown-field", 17, "serviceName, servicePort → service"],
    ],
  ],
  [
    "an old version, and what shows behind it",
    "apiVersion: extensions/v1beta1 # c\nkind: Ingress\nmetadata: {name: a, annotations: {x: 1}}\nspec:\n  backend:\n    serviceName: web\n    servicePort: 80\n",
    'apiVersion: networking.k8s.io/v1 # c\nkind: Ingress\nmetadata: {name: a, annotations: {x: "1"}}\nspec:\n  defaultBackend:\n    service:\n      name: web\n      port:\n        number: 80\n',
    [
      [
        "old-api-version",
        1,
        "apiVersion extensions/v1beta1 → networking.k8s.io/v1; spec.backend → spec.defaultBackend; 1 backend → service",
      ],
      ["wrong-type", 3, '1 → "1"'],
    ],
  ],
  [
    "an object of a List, and a Service's port",
    'kind: List\napiVersion: v1\nitems:\n- kind: Service\n  apiVersion: v1\n  metadata: {name: web}\n  spec: {ports: [{port: "80"}]} # c\n',
    "kind: List\napiVersion: v1\nitems:\n- kind: Service\n  apiVersion: v1\n  metadata: {name: web}\n  spec: {ports: [{port: 80}]} # c\n",
    [["wrong-type", 7, '"80" → 80']],
  ],
];

test.each(ROWS)("%s", async (_, before, after, repairs) => {
  const repaired = await repairText(before, "a.yaml");
  expect(repaired.text).toBe(after);
  expect(repaired.repairs.map(({ code, line, what }) => [code, line, what])).toEqual(repairs);
  const codes = new Set(repairs.map(([code]) => code));
  const codesOf = (text: string) => parseManifest(text, "a.yaml").problems.map(({ code }) => code);
  // The problem was there, is gone, and no other came.
  expect(codesOf(before).some((code) => codes.has(code))).toBe(true);
  expect(codesOf(after)).toEqual([]);
  expect(await repairText(after, "a.yaml")).toMatchObject({ text: after, repairs: [] });
  const inCrlf = await repairText(`\uFEFF${before.replaceAll("\n", "\r\n")}`, "a.yaml");
  expect(inCrlf.text).toBe(`\uFEFF${after.replaceAll("\n", "\r\n")}`);
  expect(inCrlf.repairs).toEqual(repaired.repairs);
});

/** What has more than one meaning, or would change what works. */
test.each([
  ["a host that is no name", PATHS.replace("a.test", "http://a.test/") + PATH],
  ["an address as host", PATHS.replace("a.test", "10.0.0.1") + PATH],
  ["a pathType that is none", (PATHS + PATH).replace("Prefix", "Regex")],
  ["a path without slash", (PATHS + PATH).replace("path: /", "path: a")],
  ["a field that is near two lines away", (PATHS + PATH).replace("pathType", "kindOfPath")],
  ["a near field that is there already", (PATHS + PATH).replace("spec:\n", "spec:\n  rule: []\n")],
  ["a near field that takes no such value", `${PATHS}${PATH}`.replace("host: a.test", "hosts: [a.test]")],
  ["a port's name that is a number", (PATHS + PATH).replace("number: 80", "name: 80")],
  ["a number with a sign", (PATHS + PATH).replace("number: 80", 'number: "+80"')],
  [
    "a misspelt annotation",
    (PATHS + PATH).replace(
      "# the name\n",
      "\n  annotations: {nginx.ingress.kubernetes.io/rewrite-targett: /}\n",
    ),
  ],
  ["a key twice", (PATHS + PATH).replace("name: a #", "name: b\n  name: a #")],
  ["a kind of another version", "apiVersion: networking.k8s.io/v2\nkind: ingress\nmetadata: {name: a}\n"],
  [
    "an anchor that another object uses",
    `kind: List\napiVersion: v1\nitems:\n- {kind: ConfigMap, apiVersion: v1, metadata: {name: c}, data: &d {a: 1}}\n- {kind: Other, apiVersion: x.io/v1, data: *d }\n`,
  ],
  ["no YAML", "kind: Ingress\napiVersion: [\n"],
  [
    "a Helm template",
    "kind: Ingress\napiVersion: networking.k8s.io/v1\nmetadata: {name: '{{ .Values.name }}'}\nspec: {tlss: 1}\n",
  ],
])("%s stays", async (_, text) => {
  expect(await repairText(text, "a.yaml")).toMatchObject({ text, repairs: [] });
});
