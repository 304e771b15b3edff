import { describe, expect, test } from "vitest";
import { convertText } from "../../src/convert/convert.ts";

const HEAD = "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: a}\nspec:\n";
const HEAD_AFTER = HEAD.replace("extensions/v1beta1", "networking.k8s.io/v1");
const RULES = `${HEAD}  rules:\n  - http:\n      paths:\n`;

/** A list of paths, before and after. */
const PATHS: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    "lines with comments",
    `
      - path: /a  # the path
        # above
        backend: # of the backend
          # first
          serviceName: web   # the name

          # between
          servicePort: 80 # the port
          # after
      # the next
      - path: /b
        pathType: Prefix
        backend:
          serviceName: 'web'
          servicePort: "http"
`,
    `
      - path: /a  # the path
        pathType: ImplementationSpecific
        # above
        backend: # of the backend
          # first
          service:
            name: web   # the name

            # between
            port:
              number: 80 # the port
          # after
      # the next
      - path: /b
        pathType: Prefix
        backend:
          service:
            name: 'web'
            port:
              name: "http"
`,
  ],
  [
    "the port first, steps of four, values below their keys",
    `
      -   backend:
              servicePort:
                  80
              serviceName: >-
                  web
`,
    `
      -   pathType: ImplementationSpecific
          backend:
              service:
                  port:
                      number:
                          80
                  name: >-
                      web
`,
  ],
  [
    "braces on one line",
    `
      - {path: /a, backend: {serviceName: web, servicePort: 80}}
      - { "path": "/b", "backend": { "servicePort": "http", "serviceName": "web" } }
      - backend: { serviceName: web, servicePort: 80 } # c
      - {backend: {serviceName: web}}
`,
    `
      - {path: /a, pathType: ImplementationSpecific, backend: {service: {name: web, port: {number: 80}}}}
      - { "path": "/b", "pathType": "ImplementationSpecific", "backend": { "service": { "port": { "name": "http" }, "name": "web" } } }
      - pathType: ImplementationSpecific
        backend: { service: { name: web, port: { number: 80 } } } # c
      - {pathType: ImplementationSpecific, backend: {service: {name: web}}}
`,
  ],
  [
    "braces over lines",
    `
      - {
          path: /a, # the path
          backend: {
            serviceName: web, # the name
            servicePort: 80 # the port
          }
        }
      - {
          backend: {
            # first
            servicePort: 80,
            serviceName: web,
          },
          path: /b # the path
        }
      - {
          path: /c,
          pathType: Exact,
          backend: {
            serviceName: web,
            servicePort:  # none
          }
        }
`,
    `
      - {
          path: /a, # the path
          pathType: ImplementationSpecific,
          backend: {
            service: {
              name: web, # the name
              port: {
                number: 80 # the port
              }
            }
          }
        }
      - {
          backend: {
            # first
            service: {
              port: {
                number: 80
              },
              name: web
            },
          },
          path: /b, # the path
          pathType: ImplementationSpecific
        }
      - {
          path: /c,
          pathType: Exact,
          backend: {
            service: {
              name: web,
              port: {
                number:  # none
              }
            }
          }
        }
`,
  ],
  [
    "anchors, aliases and whole merges",
    `
      - &first
        path: /a
        backend: &web
          serviceName: &name web
          servicePort: &port 80
      - path: /b
        backend: *web
      - *first
      - <<: *first
        path: /c
      - path: /d
        backend: {servicePort: *port , serviceName: *name }
      - path: /e
        backend: {<<: *web}
`,
    `
      - &first
        path: /a
        pathType: ImplementationSpecific
        backend: &web
          service:
            name: &name web
            port:
              number: &port 80
      - path: /b
        pathType: ImplementationSpecific
        backend: *web
      - *first
      - <<: *first
        path: /c
        pathType: ImplementationSpecific
      - path: /d
        pathType: ImplementationSpecific
        backend: {service: {port: {number: *port} , name: *name} }
      - path: /e
        pathType: ImplementationSpecific
        backend: {<<: *web}
`,
  ],
  [
    "a pathType without value, none that is there, resources, an empty entry",
    `
      - path: /a
        pathType:   # none
        backend: {resource: {kind: Bucket, name: files}}
      - path: /b
        pathType: ~
        backend: {serviceName: web, servicePort: 080}
      - path: /c
        pathType: Exact
        backend: {serviceName: web, servicePort: "80"}
      - {}
`,
    `
      - path: /a
        pathType: ImplementationSpecific   # none
        backend: {resource: {kind: Bucket, name: files}}
      - path: /b
        pathType: ImplementationSpecific
        backend: {service: {name: web, port: {number: 080}}}
      - path: /c
        pathType: Exact
        backend: {service: {name: web, port: {name: "80"}}}
      - {pathType: ImplementationSpecific}
`,
  ],
  [
    "a path that is a block, the last line without end",
    `
      - backend: {serviceName: web, servicePort: 80}
        path: |-
          /a`,
    `
      - backend: {service: {name: web, port: {number: 80}}}
        path: |-
          /a
        pathType: ImplementationSpecific`,
  ],
];

test.each(PATHS)("paths: %s", (_, before, after) => {
  const { text, problems } = convertText(`${RULES}${before.slice(1)}`, "a.yaml");
  expect(problems).toEqual([]);
  expect(text).toBe(`${RULES.replace(HEAD, HEAD_AFTER)}${after.slice(1)}`);
});

const FALLBACK = `${HEAD}  backend:\n    serviceName: web\n    servicePort: 80\n`;
const FALLBACK_AFTER = `${HEAD_AFTER}  defaultBackend:\n    service:\n      name: web\n      port:\n        number: 80\n`;

/** Whole files, before and after. */
const FILES: readonly (readonly [what: string, before: string, after: string])[] = [
  ["the default backend", FALLBACK, FALLBACK_AFTER],
  ["CRLF", FALLBACK.replaceAll("\n", "\r\n"), FALLBACK_AFTER.replaceAll("\n", "\r\n")],
  ["a byte order mark, no last line end", `\uFEFF${FALLBACK.trimEnd()}`, `\uFEFF${FALLBACK_AFTER.trimEnd()}`],
  [
    "other documents and separators",
    `# file\n---\n${FALLBACK}...\n# between\n--- # next\nkind: Service\napiVersion: v1\nmetadata: {name: web}\n---\n\n---\n${FALLBACK}`,
    `# file\n---\n${FALLBACK_AFTER}...\n# between\n--- # next\nkind: Service\napiVersion: v1\nmetadata: {name: web}\n---\n\n---\n${FALLBACK_AFTER}`,
  ],
  [
    "JSON with tabs",
    '{\n\t"kind": "Ingress",\n\t"apiVersion": "networking.k8s.io/v1beta1",\n\t"metadata": {"name": "a"},\n\t"spec": {\n\t\t"backend": {\n\t\t\t"serviceName": "web",\n\t\t\t"servicePort": 80\n\t\t}\n\t}\n}\n',
    '{\n\t"kind": "Ingress",\n\t"apiVersion": "networking.k8s.io/v1",\n\t"metadata": {"name": "a"},\n\t"spec": {\n\t\t"defaultBackend": {\n\t\t\t"service": {\n\t\t\t\t"name": "web",\n\t\t\t\t"port": {\n\t\t\t\t\t"number": 80\n\t\t\t\t}\n\t\t\t}\n\t\t}\n\t}\n}\n',
  ],
  [
    "JSON on one line",
    '{"kind":"Ingress","apiVersion":"networking.k8s.io/v1beta1","metadata":{"name":"a"},"spec":{"rules":[{"http":{"paths":[{"path":"/","backend":{"serviceName":"web","servicePort":80}}]}}]}}',
    '{"kind":"Ingress","apiVersion":"networking.k8s.io/v1","metadata":{"name":"a"},"spec":{"rules":[{"http":{"paths":[{"path":"/","pathType":"ImplementationSpecific","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}',
  ],
  [
    "Lists, also typed ones",
    "kind: List\napiVersion: v1\nitems:\n- kind: Deployment\n  apiVersion: extensions/v1beta1\n- kind: Ingress\n  apiVersion: 'extensions/v1beta1'\n  metadata: {name: a}\n  spec: {backend: {serviceName: web, servicePort: 80}}\n---\nkind: IngressList\napiVersion: extensions/v1beta1\nitems:\n- metadata: {name: b}\n  spec: {backend: {serviceName: web, servicePort: 80}}\n",
    "kind: List\napiVersion: v1\nitems:\n- kind: Deployment\n  apiVersion: extensions/v1beta1\n- kind: Ingress\n  apiVersion: 'networking.k8s.io/v1'\n  metadata: {name: a}\n  spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n---\nkind: IngressList\napiVersion: networking.k8s.io/v1\nitems:\n- metadata: {name: b}\n  spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n",
  ],
  [
    "an IngressClass",
    "apiVersion: networking.k8s.io/v1beta1 # old\nkind: IngressClass\nmetadata: {name: a}\nspec: {controller: x.io/y, parameters: {kind: A, name: b}}\n",
    "apiVersion: networking.k8s.io/v1 # old\nkind: IngressClass\nmetadata: {name: a}\nspec: {controller: x.io/y, parameters: {kind: A, name: b}}\n",
  ],
];

test.each(FILES)("a file: %s", (_, before, after) => {
  const { text, problems, changes } = convertText(before, "a.yaml");
  expect(problems).toEqual([]);
  expect(text).toBe(after);
  expect(changes).not.toEqual([]);
});

test("what was changed is said with its line", () => {
  const { changes } = convertText(`# file\n---\n${RULES}      - backend: {serviceName: web}\n`, "a.yaml");
  expect(changes).toEqual([
    {
      object: { kind: "Ingress", namespace: "default", name: "a" },
      line: 3,
      offset: 11,
      what: [
        "apiVersion extensions/v1beta1 → networking.k8s.io/v1",
        "1 backend → service",
        "1 pathType: ImplementationSpecific added",
      ],
    },
  ]);
});

describe("what needs nothing stays byte for byte", () => {
  test.each([
    ["the new version", `${HEAD_AFTER}  rules: []\n\t# tabs \n`],
    ["another kind of the old group", "apiVersion: extensions/v1beta1\nkind: Deployment\nspec: {}\n"],
    [
      "old words in another place",
      "kind: ConfigMap\napiVersion: v1\ndata:\n  a: |\n    apiVersion: extensions/v1beta1\n    kind: Ingress\n",
    ],
    ["no YAML, no manifest", "a: [\n"],
    ["nothing", ""],
    ["a chart's values", "ingress: {apiVersion: extensions/v1beta1}\r\n"],
  ])("%s", (_, text) => {
    expect(convertText(text, "a.yaml")).toMatchObject({ text, changes: [], problems: [] });
  });

  test("a Helm template, with a notice", () => {
    const text = `${HEAD}  backend: {serviceName: {{ .Values.name }}, servicePort: 80}\n`;
    const converted = convertText(text, "a.yaml");
    expect(converted).toMatchObject({ text, changes: [] });
    expect(converted.problems).toMatchObject([{ code: "helm-template", level: "notice", line: 5 }]);
  });
});

describe("a document that cannot be edited in place is an error, and stays", () => {
  test.each([
    [
      "a broken document",
      "apiVersion: extensions/v1beta1\nkind: Ingress\nspec: [\n",
      "bad-yaml",
      3,
      "did not find",
    ],
    [
      "a merge key that gives a part",
      `${HEAD}  backend: {<<: &b {serviceName: a, servicePort: 80}, serviceName: b}\n`,
      "not-converted",
      5,
      "a merge key gives only a part of the backend",
    ],
    [
      "an anchor for two kinds of objects",
      "kind: List\napiVersion: v1\nitems:\n- {kind: Ingress, apiVersion: &v extensions/v1beta1, metadata: {name: a}, spec: {rules: []}}\n- {kind: Deployment, apiVersion: *v , metadata: {name: b}}\n",
      "not-converted",
      1,
      "an anchor or a merge key (<<) shares lines",
    ],
    [
      "escapes",
      'apiVersion: "extensions\\/v1beta1"\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: []}\n',
      "not-converted",
      1,
      "escapes",
    ],
    [
      "question marks",
      "? apiVersion\n: extensions/v1beta1\n? kind\n: Ingress\nmetadata: {name: a}\n",
      "not-converted",
      1,
      "written with ?",
    ],
    ["an empty path", `${RULES}      -\n`, "not-converted", 8, "empty or no mapping"],
    [
      "another key between",
      `${HEAD}  backend:\n    serviceName: a\n    resource: {kind: A, name: b}\n    servicePort: 80\n`,
      "not-converted",
      6,
      "another key stands between",
    ],
    [
      "a name twice",
      `${HEAD}  backend:\n    serviceName: a\n    serviceName: b\n    servicePort: 80\n`,
      "not-converted",
      6,
      "twice",
    ],
    [
      "both default backends",
      `${HEAD}  backend: {serviceName: a, servicePort: 80}\n  defaultBackend: {}\n`,
      "not-converted",
      6,
      "backend and defaultBackend",
    ],
  ])("%s", (_, text, code, line, message) => {
    const converted = convertText(text, "a.yaml");
    expect(converted).toMatchObject({ text, changes: [] });
    expect(converted.problems).toMatchObject([
      { code, level: "error", file: "a.yaml", line, message: expect.stringContaining(message) },
    ]);
  });
});
