import { describe, expect, test, vi } from "vitest";
import { UserError } from "../../src/errors.ts";
import { readCluster } from "../../src/source/cluster/cluster.ts";
import { ingress, PATIENCE, QUICK, watching, world } from "./cluster-support.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (name: string, text: string, namespace = "default") => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  type: "kubernetes.io/tls",
  data: { "tls.crt": base64(text), "tls.key": base64("key") },
});

describe("what is read", () => {
  test("every kind, as from files; oldest first; the origin is the context", async () => {
    const { server, api } = await world();
    server.apply({
      ...ingress("young", { secret: "tls" }),
      metadata: { name: "young", creationTimestamp: "2024-02-01T00:00:00Z" },
    });
    server.apply({
      ...ingress("old"),
      metadata: { name: "old", creationTimestamp: "2024-01-01T00:00:00Z" },
    });
    server.apply({
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: "nginx" },
      spec: { controller: "k8s.io/ingress-nginx" },
    });
    server.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "default" },
      spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: "main" }] },
    });
    server.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web-1", namespace: "default", labels: { app: "web" } },
      spec: {
        containers: [{ name: "c", image: "i", ports: [{ name: "main", containerPort: 8080 }] }],
        initContainers: [
          { name: "i", image: "i", ports: [{ containerPort: 1 }] },
          {
            name: "s",
            image: "i",
            restartPolicy: "Always",
            ports: [{ containerPort: 9090, protocol: "TCP" }],
          },
        ],
      },
      status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    });
    server.apply({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: "web-abc",
        namespace: "default",
        labels: { "kubernetes.io/service-name": "web" },
      },
      addressType: "IPv4",
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      endpoints: [
        {
          addresses: ["10.244.0.5"],
          conditions: { ready: true, serving: true, terminating: false },
          targetRef: { kind: "Pod", name: "web-1", namespace: "default" },
        },
      ],
    });
    server.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "headers", namespace: "default" },
      data: { "X-A": "1" },
    });
    server.apply(secret("tls", "cert"));
    server.apply(secret("unnamed", "cert"));
    const { snapshot, problems, description } = await readCluster({ api, namespaces: "all", limits: QUICK });
    expect(problems).toEqual([]);
    expect(description).toBe("the cluster minikube (2 Ingresses in all namespaces)");
    expect(snapshot.ingresses.map(({ metadata }) => metadata.name)).toEqual(["old", "young"]);
    const [old] = snapshot.ingresses;
    expect([old?.origin.file, old?.origin.line, old?.metadata.creationTimestamp]).toEqual([
      "minikube",
      0,
      "2024-01-01T00:00:00Z",
    ]);
    expect(snapshot.ingressClasses[0]?.controller).toBe("k8s.io/ingress-nginx");
    expect(snapshot.services[0]).toMatchObject({ ports: [{ name: "http", port: 80, targetPort: "main" }] });
    expect(snapshot.endpointSlices[0]).toMatchObject({
      service: "web",
      ports: [{ name: "http", port: 8080 }],
      endpoints: [
        { addresses: ["10.244.0.5"], ready: true, serving: true, terminating: false, pod: "web-1" },
      ],
    });
    expect(snapshot.pods[0]).toMatchObject({
      phase: "Running",
      ready: true,
      terminating: false,
      containerPorts: [
        { name: "main", port: 8080, protocol: "TCP" },
        { name: "", port: 9090, protocol: "TCP" },
      ],
    });
    expect(snapshot.configMaps[0]?.data).toEqual(new Map([["X-A", "1"]]));
    expect(snapshot.secrets.map(({ metadata }) => metadata.name)).toEqual(["tls"]);
    expect(
      server.requests
        .filter(({ path }) => path.includes("secrets"))
        .every(({ query }) => query.get("fieldSelector") === "metadata.name=tls"),
    ).toBe(true);
    await vi.waitFor(() => expect(server.running).toEqual([]), PATIENCE);
  });

  test("thousands of objects, page by page", async () => {
    const { server, api } = await world();
    for (let at = 0; at < 23; at++) server.apply(ingress(`i${at}`));
    const { snapshot } = await readCluster({ api, namespaces: "all", limits: { ...QUICK, pageSize: 5 } });
    expect(snapshot.ingresses.length).toBe(23);
    const pages = server.requests.filter(
      ({ path, query }) => path.endsWith("/ingresses") && query.get("limit") === "5",
    );
    expect(pages.length).toBe(5);
  });

  test("an old cluster has v1beta1 alone", async () => {
    const { server, api } = await world({ onlyV1beta1: ["networking.k8s.io", "discovery.k8s.io"] });
    server.apply({
      apiVersion: "networking.k8s.io/v1beta1",
      kind: "Ingress",
      metadata: { name: "old", namespace: "default" },
      spec: {
        rules: [
          { host: "old.test", http: { paths: [{ backend: { serviceName: "web", servicePort: "http" } }] } },
        ],
      },
    });
    const { names, now, until, watched } = await watching(api);
    expect([names(), watched.first.problems]).toEqual(["old", []]);
    expect(now().ingresses[0]?.spec.rules[0]?.paths?.[0]).toMatchObject({
      pathType: "ImplementationSpecific",
      backend: { kind: "service", name: "web", port: { name: "http" } },
    });
    server.remove("Ingress", "default", "old");
    await until("");
  });

  test("what another API server would refuse is served, for this one has taken it", async () => {
    const { server, api } = await world();
    server.apply({
      ...ingress("a"),
      metadata: { name: "a", namespace: "default", annotations: { "kubernetes.io/ingress.class": "other" } },
      spec: {
        ...(ingress("a").spec as object),
        newField: true,
        defaultBackend: { service: { name: "1st", port: { number: 80 } } },
      },
    });
    const { snapshot, problems } = await readCluster({ api, namespaces: "all", limits: QUICK });
    expect([snapshot.ingresses[0]?.spec.defaultBackend, problems]).toEqual([
      { kind: "service", name: "1st", port: { number: 80 } },
      [],
    ]);
  });
});

describe("changes", () => {
  test("are told once, together; what only says the same anew is no change", async () => {
    const { server, api } = await world();
    server.apply(ingress("a"));
    const { readings, until } = await watching(api);
    server.apply(ingress("b"));
    server.apply(ingress("c"));
    server.remove("Ingress", "default", "a");
    await until("b c");
    const told = readings.length;
    expect(told).toBeLessThanOrEqual(2);
    server.apply({ ...ingress("b"), status: { loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } } });
    server.apply(ingress("d"));
    await until("b c d");
    expect(readings.length).toBe(told + 1);
  });

  test("a Secret is renewed live, one that is named later is read, one that is named no longer is let go", async () => {
    const { server, api } = await world();
    server.apply(ingress("a", { secret: "tls" }));
    server.apply(secret("tls", "first"));
    const { now } = await watching(api);
    const certs = () =>
      now()
        .secrets.map((one) => `${one.metadata.name}=${one.data.get("tls.crt")?.toString()}`)
        .join(" ");
    expect(certs()).toBe("tls=first");
    server.apply(secret("tls", "second"));
    await vi.waitFor(() => expect(certs()).toBe("tls=second"), PATIENCE);
    server.apply(secret("other", "third"));
    server.apply(ingress("a", { secret: "other" }));
    await vi.waitFor(() => expect(certs()).toBe("other=third"), PATIENCE);
  });

  test("many Secrets of one namespace are watched together, and those that nobody names are let go", async () => {
    const { server, api } = await world();
    for (const name of ["a", "b", "c"]) {
      server.apply(ingress(name, { secret: name }));
      server.apply(secret(name, name));
    }
    server.apply(secret("unnamed", "x"));
    const { now } = await watching(api, { limits: { ...QUICK, namedSecrets: 2 } });
    expect(now().secrets.map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
    const asked = server.requests.filter(({ path }) => path.endsWith("/secrets"));
    expect(new Set(asked.map(({ query }) => query.get("fieldSelector")))).toEqual(
      new Set(["type!=helm.sh/release.v1"]),
    );
    server.apply(ingress("d", { secret: "unnamed" }));
    await vi.waitFor(
      () => expect(now().secrets.map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c", "unnamed"]),
      PATIENCE,
    );
  });

  test("Secrets that may be got and not listed are got one by one", async () => {
    const { server, api } = await world({ deny: [{ verbs: ["list", "watch"], resources: ["secrets"] }] });
    server.apply(ingress("a", { secret: "tls" }));
    server.apply(secret("tls", "first"));
    const { now, watched } = await watching(api);
    const cert = () => now().secrets[0]?.data.get("tls.crt")?.toString();
    expect([cert(), watched.first.problems]).toEqual(["first", []]);
    server.apply(secret("tls", "second"));
    await vi.waitFor(() => expect(cert()).toBe("second"), PATIENCE);
  });

  test("after sleep every connection is begun anew", async () => {
    const { server, api } = await world();
    let wall = 0;
    const clocks = { monotonic: () => performance.now(), wall: () => wall + performance.now() };
    await watching(api, { clocks, limits: { ...QUICK, tickMs: 30, watchSeconds: 300 } });
    const lists = () =>
      server.requests.filter(({ path, verb }) => path.endsWith("/ingresses") && verb === "list").length;
    const before = lists();
    wall = 3_600_000;
    await vi.waitFor(() => expect(lists()).toBeGreaterThan(before), PATIENCE);
  });
});

describe("namespaces", () => {
  const deny = [{ verbs: ["list", "watch"], resources: ["ingresses"], namespace: "" }];

  test("those that are named, and cluster-wide kinds once", async () => {
    const { server, api } = await world();
    for (const namespace of ["shop", "blog", "other"]) server.apply(ingress(namespace, { namespace }));
    for (const name of ["ingress-nginx-controller", "other"]) {
      server.apply({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace: "ingress-nginx" },
        data: {},
      });
    }
    const { names, now, watched } = await watching(api, {
      namespaces: ["shop", "blog"],
      controller: { usualConfigs: ["ingress-nginx-controller"] },
    });
    expect([names(), watched.first.description]).toEqual([
      "blog shop",
      "the cluster minikube (2 Ingresses in shop, blog)",
    ]);
    expect(now().configMaps.map(({ metadata }) => metadata.name)).toEqual(["ingress-nginx-controller"]);
    const watches = () => server.running.map(({ path }) => path);
    await vi.waitFor(() => expect(watches().length).toBe(12), PATIENCE);
    expect(watches().filter((path) => path.endsWith("/ingressclasses")).length).toBe(1);
    expect(
      watches()
        .filter((path) => path.endsWith("/pods"))
        .sort(),
    ).toEqual(["/api/v1/namespaces/blog/pods", "/api/v1/namespaces/shop/pods"]);
  });

  test("where all may not be read: the context's own, with a notice", async () => {
    const { server, api } = await world({ deny });
    server.apply(ingress("a"));
    server.apply(ingress("b", { namespace: "shop" }));
    const { names, watched } = await watching(api);
    expect(names()).toBe("a");
    expect(watched.first.problems).toEqual([
      expect.objectContaining({
        code: "cluster-forbidden",
        level: "notice",
        message:
          'the API server answered 403: ingresses.networking.k8s.io is forbidden: User "dev" cannot list resource "ingresses" in API group "networking.k8s.io" at the cluster scope; the namespace of the context, default, is read instead',
      }),
    ]);
  });

  test("-A: what may not be read in all is said, not replaced", async () => {
    const { api } = await world({ deny });
    const { watched } = await watching(api, { namespaces: "all" });
    expect(watched.first.problems.map(({ code, level }) => [code, level])).toEqual([
      ["cluster-forbidden", "error"],
    ]);
  });
});

describe("what may not be read is said, with the permission to ask for; the rest is served", () => {
  test.each([
    ["ingressclasses", "warning", "--verb=list,watch --resource=ingressclasses.networking.k8s.io"],
    ["pods", "warning", "--verb=list,watch --resource=pods"],
    ["secrets", "warning", "--verb=get --resource=secrets -n default"],
    ["endpointslices", "warning", "--verb=list,watch --resource=endpointslices.discovery.k8s.io"],
  ])("%s", async (resource, level, role) => {
    const { server, api } = await world();
    const allow = server.deny({ resources: [resource] });
    server.apply(ingress("a", { secret: "tls" }));
    const { names, watched, readings } = await watching(api);
    expect(names()).toBe("a");
    expect(watched.first.problems).toEqual([
      expect.objectContaining({ code: "cluster-forbidden", level, fix: expect.stringContaining(role) }),
    ]);
    allow();
    await vi.waitFor(() => expect(readings.at(-1)?.problems).toEqual([]), PATIENCE);
    expect(server.requests.length).toBeLessThan(60);
  });

  test("watching alone forbidden: changes are seen late", async () => {
    const { server, api } = await world({ deny: [{ verbs: ["watch"], resources: ["ingresses"] }] });
    server.apply(ingress("a"));
    const { until, readings } = await watching(api);
    server.apply(ingress("b"));
    await until("a b");
    await vi.waitFor(
      () => expect(readings.at(-1)?.problems[0]?.message).toMatch(/changes are seen late$/),
      PATIENCE,
    );
  });

  test("a kind that the cluster does not have", async () => {
    const { server, api } = await world();
    server.fault({ do: "status", status: 404, path: /endpointslices$/ });
    const { watched } = await watching(api);
    expect(watched.first.problems).toEqual([
      expect.objectContaining({ code: "cluster-without-kind", level: "warning" }),
    ]);
  });
});

describe("nothing to begin with", () => {
  const failure = async (running: Promise<unknown>) => {
    const error: unknown = await running.catch((reason: unknown) => reason);
    if (!(error instanceof UserError)) throw new Error(`no UserError: ${String(error)}`);
    return `${error.code}: ${error.message} | ${error.fix}`;
  };

  test("no API server", async () => {
    const { server, api } = await world();
    await server.close();
    expect(await failure(watching(api))).toBe(
      `cluster-unreachable: The API server of minikube (${server.url}) cannot be read: connect ECONNREFUSED ${server.url.slice(7)}. | Start it: minikube start`,
    );
  });

  test("one that takes no credentials", async () => {
    const { api } = await world({ token: "t", kubeconfigUser: { token: "other" } });
    expect(await failure(watching(api))).toMatch(
      /^cluster-unauthorized: .* does not take the credentials: the API server answered 401: Unauthorized\./,
    );
  });

  test("no credentials to be had", async () => {
    const { api } = await world({
      kubeconfigUser: { exec: { command: "/nowhere/aws", installHint: "install it" } },
    });
    expect(await failure(watching(api))).toBe(
      "exec-plugin: The credential plugin /nowhere/aws of the kubeconfig is not installed. | install it",
    );
  });

  test("one that goes on failing", async () => {
    const { server, api } = await world();
    server.fault({ do: "status", status: 500, kind: "Pod", message: "etcd is full" });
    expect(await failure(watching(api, { limits: { ...QUICK, firstMs: 300 } }))).toMatch(
      /^cluster-unreachable: .* cannot be read: the API server answered 500: etcd is full\./,
    );
    await vi.waitFor(() => expect(server.running).toEqual([]), PATIENCE);
  });

  test("one hiccup at the start is none", async () => {
    const { server, api } = await world();
    server.apply(ingress("a"));
    server.fault({ do: "reset", count: 1 });
    expect((await watching(api)).names()).toBe("a");
  });
});
