import { describe, expect, test } from "vitest";
import { installationsOf } from "../../src/compile/command-line/installations.ts";
import { type CompileOptions, compile } from "../../src/compile/compile.ts";
import { type ControllerName, controllerNamed } from "../../src/compile/controllers.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const chart = (kind: string, name: string, values: string, spec = "") => `
apiVersion: helm.cattle.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: kube-system }
spec:
${spec === "" ? "" : `  ${spec}\n`}  valuesContent: |-
${values.replaceAll(/^/gm, "    ")}
`;

const configMap = (name: string, data: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: system }
data: ${data}
`;

const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: a }
spec:
  ingressClassName: nginx
  rules: [{ host: a.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] } }]
`;

function snapshot(...documents: readonly string[]) {
  return snapshotOf(parseManifest(documents.join("\n---\n"), "a.yaml").resources).snapshot;
}

function compiled(documents: readonly string[], options: Partial<CompileOptions> = {}) {
  const { table, problems } = compile(snapshot(INGRESS, ...documents), {
    controller: "ingress-nginx",
    classless: "served",
    ...options,
  });
  return {
    table,
    problems: problems.map(({ level, code, line, message }) => `${level} ${code} ${line ?? ""} ${message}`),
  };
}

function flags(controller: ControllerName, ...documents: readonly string[]): readonly string[] {
  return installationsOf(snapshot(...documents), controllerNamed(controller)).flatMap(({ words }) =>
    words.map(({ text }) => text),
  );
}

const USUAL = [
  "--entryPoints.web.address=:80/tcp",
  "--entryPoints.websecure.address=:443/tcp",
  "--entryPoints.websecure.http.tls=true",
  "--entryPoints.metrics.address=:9100/tcp",
];

describe("values of Traefik's chart come to its flags", () => {
  test.each<[string, string, readonly string[]]>([
    ["none", "deployment: { replicas: 2 }", []],
    [
      "a further port",
      "ports: { admin: { port: 9000, exposedPort: 81, protocol: TCP } }",
      [...USUAL, "--entryPoints.admin.address=:81/tcp"],
    ],
    [
      "another port of its own",
      "ports: { web: { exposedPort: 8080 }, metrics: null }",
      [
        "--entryPoints.web.address=:8080/tcp",
        "--entryPoints.websecure.address=:443/tcp",
        "--entryPoints.websecure.http.tls=true",
      ],
    ],
    [
      "no TLS",
      "ports: { websecure: { tls: { enabled: false } } }",
      [
        "--entryPoints.web.address=:80/tcp",
        "--entryPoints.websecure.address=:443/tcp",
        "--entryPoints.metrics.address=:9100/tcp",
      ],
    ],
    [
      "a redirect",
      "ports: { web: { redirections: { entryPoint: { to: websecure, scheme: https, permanent: false } } } }",
      [
        "--entryPoints.web.address=:80/tcp",
        "--entryPoints.web.http.redirections.entryPoint.to=:443",
        "--entryPoints.web.http.redirections.entryPoint.scheme=https",
        "--entryPoints.web.http.redirections.entryPoint.permanent=false",
        ...USUAL.slice(1),
      ],
    ],
    [
      "a redirect in a newer chart",
      "ports: { web: { http: { redirections: { entryPoint: { to: websecure } } } } }",
      [
        "--entryPoints.web.address=:80/tcp",
        "--entryPoints.web.http.redirections.entryPoint.to=:443",
        ...USUAL.slice(1),
      ],
    ],
    [
      "a redirect in an older chart",
      "ports: { web: { redirectTo: { port: websecure, priority: 10 } } }",
      [
        "--entryPoints.web.address=:80/tcp",
        "--entryPoints.web.http.redirections.entryPoint.to=:443",
        "--entryPoints.web.http.redirections.entryPoint.priority=10",
        ...USUAL.slice(1),
      ],
    ],
    [
      "what is trusted",
      "ports: { web: { forwardedHeaders: { trustedIPs: [10.0.0.0/8, 1.1.1.1], insecure: false }, middlewares: [a@b, c] } }",
      [
        "--entryPoints.web.address=:80/tcp",
        "--entryPoints.web.http.middlewares=a@b,c",
        "--entryPoints.web.forwardedHeaders.trustedIPs=10.0.0.0/8,1.1.1.1",
        ...USUAL.slice(1),
      ],
    ],
    [
      "providers and further flags",
      "providers: { kubernetesCRD: { allowCrossNamespace: true, ingressClass: inner }, kubernetesIngress: { allowExternalNameServices: true } }\nadditionalArguments: [--core.defaultRuleSyntax=v2]",
      [
        "--providers.kubernetesCRD.ingressClass=inner",
        "--providers.kubernetesCRD.allowCrossNamespace=true",
        "--providers.kubernetesIngress.allowExternalNameServices=true",
        "--core.defaultRuleSyntax=v2",
      ],
    ],
  ])("%s", (_, values, expected) => {
    expect(flags("traefik", chart("HelmChartConfig", "traefik", values))).toEqual(expected);
  });

  test("as k3s installs it, its own first, and by the name of the chart's file", () => {
    const file = "chart: https://%{KUBERNETES_API}%/static/charts/traefik-34.2.1+up34.2.0.tgz";
    const own = chart(
      "HelmChart",
      "traefik",
      "ports: { web: { exposedPort: 8080 } }\nadditionalArguments: [--a]",
      file,
    );
    const crds = chart(
      "HelmChart",
      "traefik-crd",
      "ports: { x: {} }",
      file.replace("traefik-", "traefik-crd-"),
    );
    const config = chart(
      "HelmChartConfig",
      "traefik",
      "ports: { web: { asDefault: true } }\nadditionalArguments: [--b]",
    );
    expect(flags("traefik", config, crds, own)).toEqual([
      "--entryPoints.web.address=:8080/tcp",
      "--entryPoints.web.asDefault=true",
      ...USUAL.slice(1),
      "--b",
    ]);
  });

  test("each flag that is taken is known", () => {
    const values =
      'ports: { web: { http: { sanitizePath: false, encodedCharacters: { allowEncodedSlash: false } }, proxyProtocol: { insecure: true } } }\nadditionalArguments: ["--entryPoints.web.adress=:1"]';
    const told = compiled([chart("HelmChartConfig", "traefik", values)], { controller: "traefik" }).problems;
    expect(told.filter((each) => each.includes("flag-"))).toEqual([
      "warning flag-unknown 15 Traefik has no flag --entryPoints.web.adress. Did you mean --entryPoints.web.address?",
      "notice flag-not-honoured 15 Traefik's flag --entrypoints.web.proxyprotocol.insecure is not honoured: requests are answered as without it.",
    ]);
  });
});

describe("RKE2's chart of ingress-nginx", () => {
  const config = chart(
    "HelmChartConfig",
    "rke2-ingress-nginx",
    'controller: { config: { proxy-body-size: 7m, ssl-redirect: "false", hsts-max: 1 } }',
  );

  test("its controller.config is the ConfigMap; what is wrong there is said of it", () => {
    const { table, problems } = compiled([
      configMap("ingress-nginx-controller", "{ proxy-body-size: 9m }"),
      config,
    ]);
    expect(table.routes[0]?.transport).toMatchObject({ bodyLimit: 7 * 1024 * 1024 });
    expect(problems.filter((each) => each.includes("option-"))).toEqual([
      expect.stringMatching(
        /^\w+ option-unknown 22 HelmChartConfig kube-system\/rke2-ingress-nginx: hsts-max: /,
      ),
    ]);
  });

  test.each<[string, readonly string[], number]>([
    ["null takes an option away", ["proxy-body-size: 7m", "proxy-body-size: null"], 1],
    ["null is the value of none", ["{ proxy-body-size: null, server-tokens: true }"], 1],
    ["a value after null is written", ["proxy-body-size: null", "proxy-body-size: 5m"], 5],
  ])("%s", (_, [first = "", second], megabytes) => {
    const held = (kind: string, option: string) =>
      chart(
        kind,
        "rke2-ingress-nginx",
        `controller: { config: ${option.startsWith("{") ? option : `{ ${option} }`} }`,
      );
    const documents = [
      held("HelmChart", first),
      ...(second === undefined ? [] : [held("HelmChartConfig", second)]),
    ];
    const { table, problems } = compiled(documents);
    expect(table.routes[0]?.transport).toMatchObject({ bodyLimit: megabytes * 1024 * 1024 });
    expect(problems.filter((each) => each.includes("option-"))).toEqual([]);
  });

  test("a ConfigMap that a flag names counts more", () => {
    const named = configMap("own", "{ proxy-body-size: 9m }");
    const { table } = compiled([named, config], { configMap: "system/own" });
    expect(table.routes[0]?.transport).toMatchObject({ bodyLimit: 9 * 1024 * 1024 });
  });
});

describe("ports of ingress-nginx for TCP and UDP", () => {
  const usual = configMap("tcp-services", '{ "5432": shop/db:5432 }');
  const own = configMap("own-ports", '{ "6379": shop/cache:6379, "53": shop/dns:53 }');
  const ports = (controllerFlags: readonly string[]) =>
    compiled([usual, own], { controllerFlags }).table.streams.map(
      ({ protocol, port }) => `${protocol} ${port}`,
    );

  test.each<[readonly string[], readonly string[]]>([
    [[], ["tcp 5432"]],
    [["--tcp-services-configmap=system/own-ports"], ["tcp 6379", "tcp 53"]],
    [
      ["--udp-services-configmap", "system/own-ports"],
      ["tcp 5432", "udp 6379", "udp 53"],
    ],
    [["--tcp-services-configmap=system/none"], []],
  ])("%j: %j", (controllerFlags, expected) => {
    expect([...ports(controllerFlags)].sort()).toEqual([...expected].sort());
  });

  test("of a ConfigMap that is not there: said", () => {
    const { problems } = compiled([usual], { controllerFlags: ["--tcp-services-configmap=system/none"] });
    expect(problems).toContain(
      "warning no-configmap  There is no ConfigMap system/none (--tcp-services-configmap): the controller opens no tcp port for a Service.",
    );
  });
});

test("a flag of traefik-nginx, whose flags are not known here, is named", () => {
  const { problems } = compiled([], { controller: "traefik-nginx", controllerFlags: ["--anything=1"] });
  expect(problems).toContainEqual(
    expect.stringMatching(
      /^notice flag-not-honoured {2}.*'s flag --anything=1 is not honoured: requests are answered as without it\.$/,
    ),
  );
});

test("a flag that Envoy Gateway does not have is an error", () => {
  const { problems } = compiled([], { controller: "gateway-api", controllerFlags: ["--anything=1"] });
  expect(problems).toContain("error flag-unknown  gateway-api has no flag --anything.");
});
