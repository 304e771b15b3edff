import { describe, expect, test, vi } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { readCluster } from "../../src/source/cluster/cluster.ts";
import type { KubeObject } from "../support/api-server/object.ts";
import { ingress, PATIENCE, QUICK, watching, world } from "./cluster-support.ts";

const CONTOUR = [
  { apiVersion: "projectcontour.io/v1", kind: "HTTPProxy", plural: "httpproxies" },
  {
    apiVersion: "projectcontour.io/v1",
    kind: "TLSCertificateDelegation",
    plural: "tlscertificatedelegations",
  },
] as const;
const TRAEFIK = [
  { apiVersion: "traefik.io/v1alpha1", kind: "IngressRoute", plural: "ingressroutes" },
  { apiVersion: "traefik.io/v1alpha1", kind: "Middleware", plural: "middlewares" },
] as const;
const GATEWAY = [
  { apiVersion: "gateway.networking.k8s.io/v1beta1", kind: "Gateway", plural: "gateways" },
  { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway", plural: "gateways" },
  {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    plural: "gatewayclasses",
    scope: "Cluster",
  },
  { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", plural: "httproutes" },
] as const;
const HELM = [
  { apiVersion: "helm.cattle.io/v1", kind: "HelmChartConfig", plural: "helmchartconfigs" },
] as const;
const ALL = [...CONTOUR, ...TRAEFIK, ...GATEWAY, ...HELM];

const DISCOVERING = { ...QUICK, discoveryMs: 50 };

function custom(apiVersion: string, kind: string, name: string, spec: object): KubeObject {
  const namespace = kind === "GatewayClass" ? undefined : "default";
  return { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) }, spec };
}

const proxy = (name: string, virtualhost: object = { fqdn: `${name}.test` }) =>
  custom("projectcontour.io/v1", "HTTPProxy", name, { virtualhost });
const secret = (name: string, namespace = "default") => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  type: "kubernetes.io/tls",
  data: {},
});
const workload = (kind: string, name: string, image: string, args: readonly string[]): KubeObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace: "infra" },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image, args }] } },
  },
});

function inWords({ custom: found }: Snapshot): readonly string[] {
  return found
    .map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.namespace}/${metadata.name}`)
    .sort();
}

describe("kinds that controllers bring", () => {
  test("are read where the cluster has them, in the version that is known best, with what they name", async () => {
    const { server, api } = await world({ definitions: ALL });
    server.apply(proxy("shop", { fqdn: "shop.test", tls: { secretName: "infra/wildcard" } }));
    server.apply(custom("traefik.io/v1alpha1", "Middleware", "auth", { basicAuth: { secret: "users" } }));
    server.apply(
      custom("traefik.io/v1alpha1", "IngressRoute", "web", { routes: [], tls: { secretName: "web" } }),
    );
    const certificateRefs = [{ group: "", kind: "Secret", name: "gw", namespace: "infra" }];
    const listeners = [{ name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs } }];
    server.apply(
      custom("gateway.networking.k8s.io/v1", "Gateway", "gw", { gatewayClassName: "eg", listeners }),
    );
    server.apply(custom("gateway.networking.k8s.io/v1", "GatewayClass", "eg", { controllerName: "x/y" }));
    server.apply(
      custom("helm.cattle.io/v1", "HelmChartConfig", "traefik", {
        valuesContent: "ports: { web: { port: 80 } }",
      }),
    );
    server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "infra", labels: { team: "a" } } });
    for (const [name, namespace] of [["wildcard", "infra"], ["users"], ["web"], ["gw", "infra"], ["unnamed"]])
      server.apply(secret(name as string, namespace));
    const { snapshot, problems, description } = await readCluster({ api, namespaces: "all", limits: QUICK });
    expect(problems).toEqual([]);
    expect(inWords(snapshot)).toEqual([
      "gateway.networking.k8s.io/v1 Gateway default/gw",
      "gateway.networking.k8s.io/v1 GatewayClass /eg",
      "helm.cattle.io/v1 HelmChartConfig default/traefik",
      "projectcontour.io/v1 HTTPProxy default/shop",
      "traefik.io/v1alpha1 IngressRoute default/web",
      "traefik.io/v1alpha1 Middleware default/auth",
    ]);
    expect(snapshot.custom.find(({ kind }) => kind === "HelmChartConfig")?.spec.values).toEqual({
      ports: { web: { port: 80 } },
    });
    expect(snapshot.secrets.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort()).toEqual([
      "default/users",
      "default/web",
      "infra/gw",
      "infra/wildcard",
    ]);
    const infra = snapshot.namespaces.find(({ metadata }) => metadata.name === "infra");
    expect(infra?.metadata.labels.get("team")).toBe("a");
    expect(description).toBe("the cluster minikube (1 HTTPProxy, 1 IngressRoute in all namespaces)");
    await vi.waitFor(() => expect(server.running).toEqual([]), PATIENCE);
  });

  test("are neither asked for nor missed where the cluster has none", async () => {
    const { server, api } = await world();
    server.apply(ingress("a"));
    const { snapshot, problems } = await readCluster({ api, namespaces: "all", limits: QUICK });
    expect([snapshot.custom, snapshot.namespaces, problems]).toEqual([[], [], []]);
    expect(server.requests.filter(({ path }) => path.startsWith("/apis/projectcontour.io"))).toEqual([]);
  });

  test("come and go with their definitions", async () => {
    const { server, api } = await world();
    const { now, readings } = await watching(api, { limits: DISCOVERING });
    for (const definition of CONTOUR) server.define(definition);
    server.apply(proxy("a"));
    await vi.waitFor(
      () => expect(inWords(now())).toEqual(["projectcontour.io/v1 HTTPProxy default/a"]),
      PATIENCE,
    );
    server.apply(proxy("b"));
    await vi.waitFor(() => expect(now().custom.length).toBe(2), PATIENCE);
    server.undefine("HTTPProxy");
    await vi.waitFor(() => expect(now().custom).toEqual([]), PATIENCE);
    await vi.waitFor(
      () => expect(server.running.filter(({ path }) => path.endsWith("/httpproxies"))).toEqual([]),
      PATIENCE,
    );
    expect(readings.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test("what may not be read is one line for all of them", async () => {
    const resources = ["httpproxies", "tlscertificatedelegations", "ingressroutes", "middlewares"];
    const { server, api } = await world({ definitions: [...CONTOUR, ...TRAEFIK] });
    const allow = server.deny({ resources });
    server.apply(proxy("a"));
    const { watched, now, readings } = await watching(api);
    expect(watched.first.problems).toEqual([
      expect.objectContaining({
        code: "cluster-forbidden",
        level: "warning",
        message: expect.stringMatching(
          /^the API server answered 403: \w+\.\S+ is forbidden: .* \(and 3 other kinds alike\); what they say is not served$/,
        ),
        fix: expect.stringContaining(
          "kubectl create clusterrole ingress-dev-custom --verb=list,watch --resource=",
        ),
      }),
    ]);
    for (const name of resources) expect(watched.first.problems[0]?.fix).toContain(`${name}.`);
    allow();
    await vi.waitFor(() => expect(readings.at(-1)?.problems).toEqual([]), PATIENCE);
    expect(now().custom.length).toBe(1);
  });

  test("what may not be read is one line for each namespace that is read", async () => {
    const { server, api } = await world({ definitions: CONTOUR });
    server.deny({ resources: ["httpproxies", "tlscertificatedelegations"] });
    const { watched } = await watching(api, { namespaces: ["shop", "blog"] });
    const asked = watched.first.problems.map(
      ({ fix }) => /kubectl create.*?(?=,\sand bind)/.exec(fix ?? "")?.[0],
    );
    const role = (namespace: string) =>
      expect.stringMatching(new RegExp(`^kubectl create role ingress-dev-custom .* -n ${namespace}$`));
    expect(asked).toEqual([role("shop"), role("blog")]);
  });

  test.each([
    [403, "cluster-forbidden"],
    [500, "cluster-without-kind"],
  ])("a cluster that answers %s where it said what it has: what is known goes on", async (status, code) => {
    const { server, api } = await world({ definitions: CONTOUR });
    server.apply(proxy("a"));
    const { readings, now } = await watching(api, { limits: DISCOVERING });
    server.fault({ do: "status", status, path: "/apis", message: "no discovery" });
    const message = `the API server answered ${status}: no discovery; which kinds of controllers the cluster has is not known, and new ones are not served`;
    await vi.waitFor(
      () => expect(readings.at(-1)?.problems).toMatchObject([{ code, level: "warning", message }]),
      PATIENCE,
    );
    server.apply(proxy("b"));
    await vi.waitFor(() => expect(now().custom.length).toBe(2), PATIENCE);
  });

  test("a cluster that does not say what it has: said, until it does", async () => {
    const { server, api } = await world({ definitions: CONTOUR });
    const lift = server.fault({ do: "status", status: 403, path: "/apis", message: "no discovery" });
    server.apply(proxy("a"));
    const { watched, now, readings } = await watching(api, { limits: DISCOVERING });
    expect(watched.first.problems.map(({ code, message }) => [code, message])).toEqual([
      [
        "cluster-without-kind",
        "the API server answered 403: no discovery; which kinds of controllers the cluster has is not known, and none is served",
      ],
    ]);
    lift();
    await vi.waitFor(() => expect(readings.at(-1)?.problems).toEqual([]), PATIENCE);
    await vi.waitFor(() => expect(now().custom.length).toBe(1), PATIENCE);
  });

  test.each([
    "garbage",
    "silent",
    "empty-list",
  ] as const)("what was read stays while the answer about the kinds is %s", async (what) => {
    const { server, api } = await world({ definitions: CONTOUR });
    server.apply(proxy("a"));
    const { now } = await watching(api, { limits: DISCOVERING });
    const asked = () => server.requests.filter(({ path }) => path === "/apis").length;
    server.fault({ do: what, path: "/apis" });
    const before = asked();
    await vi.waitFor(() => expect(asked()).toBeGreaterThan(before + 1), PATIENCE);
    expect(now().custom.length).toBe(1);
    server.apply(proxy("b"));
    await vi.waitFor(() => expect(now().custom.length).toBe(2), PATIENCE);
  });

  test("a version that is not known here is named", async () => {
    const apiVersion = "gateway.networking.k8s.io/v1alpha2";
    const kind = { apiVersion, kind: "BackendTLSPolicy", plural: "backendtlspolicies" };
    const { api } = await world({ definitions: [kind] });
    const { problems } = await readCluster({ api, namespaces: "all", limits: QUICK });
    expect(problems.map(({ message }) => message)).toEqual([
      `The cluster has BackendTLSPolicies (${apiVersion}) alone, which is not read; what they say is not served.`,
    ]);
  });

  test("in named namespaces alone, and kinds of the cluster once", async () => {
    const { server, api } = await world({ definitions: GATEWAY });
    await watching(api, { namespaces: ["shop", "blog"] });
    const ofGroup = () =>
      server.running.flatMap(({ path }) =>
        path.includes("gateway") || path.endsWith("/namespaces") ? [path] : [],
      );
    await vi.waitFor(() => expect(ofGroup().length).toBe(6), PATIENCE);
    expect(ofGroup().sort()).toEqual([
      "/api/v1/namespaces",
      "/apis/gateway.networking.k8s.io/v1/gatewayclasses",
      ...["blog", "shop"].flatMap((namespace) =>
        ["gateways", "httproutes"].map(
          (plural) => `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/${plural}`,
        ),
      ),
    ]);
  });
});

describe("what runs a controller", () => {
  const isController = (image: string) => image.startsWith("registry.test/controller");
  const controller = { isController };
  const words = ({ workloads }: Snapshot) =>
    workloads.map(({ kind, metadata, containers = [] }) =>
      [kind, metadata.name, ...containers.flatMap((each) => each.words.map(({ text }) => text))].join(" "),
    );

  test("is read wherever it is, other workloads are not; its flags name Secrets", async () => {
    const { server, api } = await world({
      definitions: [{ apiVersion: "apps/v1", kind: "DaemonSet", plural: "daemonsets" }],
    });
    server.apply(
      workload("Deployment", "web", "registry.test/controller:v1", [
        "--watch-ingress-without-class",
        "--default-ssl-certificate=$(POD_NAMESPACE)/wildcard",
      ]),
    );
    server.apply(
      workload("DaemonSet", "edge", "registry.test/controller:v2", ["--entrypoints.web.address=:80"]),
    );
    server.apply(workload("Deployment", "app", "registry.test/app", ["--secret=infra/app"]));
    for (const name of ["wildcard", "app"]) server.apply(secret(name, "infra"));
    const { now } = await watching(api, { namespaces: ["shop"], controller });
    expect(words(now())).toEqual([
      "DaemonSet edge --entrypoints.web.address=:80",
      "Deployment web --watch-ingress-without-class --default-ssl-certificate=$(POD_NAMESPACE)/wildcard",
    ]);
    expect(now().secrets.map(({ metadata }) => metadata.name)).toEqual(["wildcard"]);
    server.apply(workload("Deployment", "web", "registry.test/other", []));
    await vi.waitFor(() => expect(words(now()).length).toBe(1), PATIENCE);
  });

  test.each([
    ["one word", ["--default-ssl-certificate=other/wildcard"]],
    ["two words", ["--default-ssl-certificate", "other/wildcard"]],
    ["two words, with the pod's namespace", ["--default-ssl-certificate", "$(POD_NAMESPACE)/wildcard"]],
  ])("its Secret is read when its flag is %s", async (_, args) => {
    const { server, api } = await world();
    server.apply(workload("Deployment", "web", "registry.test/controller:v1", args));
    for (const namespace of ["infra", "other"]) server.apply(secret("wildcard", namespace));
    const { now } = await watching(api, { namespaces: ["shop"], controller });
    const namespace = args.at(-1)?.includes("other") ? "other" : "infra";
    expect(now().secrets.map(({ metadata }) => metadata.namespace)).toEqual([namespace]);
  });

  test("which may not be read is one notice, with its ConfigMap", async () => {
    const { server, api } = await world();
    server.deny({ resources: ["deployments", "configmaps"], namespace: "" });
    const { watched } = await watching(api, {
      namespaces: ["shop"],
      controller: { isController, usualConfigs: ["config"] },
    });
    expect(watched.first.problems).toEqual([
      expect.objectContaining({
        code: "cluster-forbidden",
        level: "notice",
        message: expect.stringMatching(
          /\(and 1 other kind alike\); the controller's own options are taken to be the defaults$/,
        ),
        fix: expect.stringContaining("--resource=configmaps,deployments.apps"),
      }),
    ]);
  });
});
