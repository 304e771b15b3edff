import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Resolution } from "../../src/model/upstream.ts";
import { createEchoService } from "../../src/upstream/echo.ts";
import { parseMap } from "../../src/upstream/map.ts";
import { createResolver, type Resolver } from "../../src/upstream/resolve.ts";
import { processorTime } from "../support/processor-time.ts";
import { backend, ingress, service, slice, snapshotWith, workload } from "./manifests.ts";

const APP = new Map([["app", "web"]]);

function resolver(
  parts: Partial<Snapshot>,
  maps: readonly string[] = [],
  echo: "echo" | "no echo" = "echo",
): Resolver {
  return createResolver({
    snapshot: snapshotWith(parts),
    maps: maps.map(parseMap),
    echo: echo === "echo" ? createEchoService() : undefined,
  });
}

/** A resolution in one line: name, protocol, connection, base path; or the reason for none. */
function inWords(resolution: Resolution): string {
  if (resolution.kind === "none") return `none: ${resolution.why}`;
  const { name, protocol, connection, basePath } = resolution.upstream;
  const to = connection.kind === "tcp" ? `${connection.host} ${connection.port}` : connection.kind;
  return [name, protocol, to, basePath].filter((part) => part !== "").join(" | ");
}

function names(of: Resolver, text: string, times: number): string {
  const one = backend(text);
  return Array.from({ length: times }, () => inWords(of.resolve(one, "HTTP")).split(" | ")[0]).join(" ");
}

describe("maps: the most particular wins, of equals the last", () => {
  const known = service("shop/web", { ports: [{ name: "http", port: 80, targetPort: "web-port" }] });
  test.each([
    // maps                                                    backend            goes to
    [["web=1"], "shop/web:80", "127.0.0.1:1"],
    [["web=1", "web:80=2", "shop/web=3", "shop/web:80=4"], "shop/web:80", "127.0.0.1:4"],
    [["shop/web=3", "web:80=2", "web=1"], "shop/web:80", "127.0.0.1:3"],
    [["web=1", "web:80=2"], "shop/web:80", "127.0.0.1:2"],
    [["web:80=2", "web=1"], "shop/web:80", "127.0.0.1:2"],
    [["web=1", "web=2"], "shop/web:80", "127.0.0.1:2"],
    [["web:http=1"], "shop/web:80", "127.0.0.1:1"],
    [["web:80=1"], "shop/web:http", "127.0.0.1:1"],
    [["web:80=1"], "shop/web:web-port", "127.0.0.1:1"],
    [["web:90=1"], "shop/web:90", "127.0.0.1:1"],
    [["web:90=1"], "shop/web:80", "echo/web-0"],
    [["other/web=1"], "shop/web:80", "echo/web-0"],
    [["www=1"], "shop/web:80", "echo/web-0"],
    [["gone=1"], "shop/gone:80", "127.0.0.1:1"],
  ])("%j: %s → %s", (maps, to, name) => {
    expect(names(resolver({ services: [known] }, maps), to, 1)).toBe(name);
  });

  test.each([
    ["web=3000", "127.0.0.1:3000 | http | localhost 3000", "127.0.0.1:3000 | https | localhost 3000"],
    ["web=[::1]:3000", "[::1]:3000 | http | ::1 3000", "[::1]:3000 | https | ::1 3000"],
    [
      "web=http://localhost:3000/a",
      "localhost:3000 | http | localhost 3000 | /a",
      "localhost:3000 | http | localhost 3000 | /a",
    ],
    ["web=https://h/a", "h:443 | https | h 443 | /a", "h:443 | https | h 443 | /a"],
  ])("%s with backend-protocol HTTP is %s, with HTTPS %s", (map, http, https) => {
    const of = resolver({}, [map]);
    expect(inWords(of.resolve(backend("web:80"), "HTTP"))).toBe(http);
    expect(inWords(of.resolve(backend("web:80"), "HTTPS"))).toBe(https);
  });

  test("one name is never two connections", () => {
    const of = resolver({}, ["a=127.0.0.1:3000", "b=3000"]);
    expect(of.describe(backend("a:80"))).toBe("127.0.0.1:3000");
    expect(of.describe(backend("b:80"))).toBe("localhost:3000");
  });
});

describe("an ExternalName leads to its DNS name", () => {
  const ports = [
    { name: "http", port: 80, targetPort: 8080 },
    { name: "same", port: 90, targetPort: "same" },
  ];
  const none = 'none: Service "default/ext" does not have any active Endpoint: ';
  test.each([
    ["api.example.com", "ext:80", "api.example.com:8080 | http | api.example.com 8080"],
    ["api.example.com", "ext:http", "api.example.com:8080 | http | api.example.com 8080"],
    ["api.example.com", "ext:same", "api.example.com:90 | http | api.example.com 90"],
    ["api.example.com", "ext:443", "api.example.com:443 | http | api.example.com 443"],
    ["api.example.com.", "ext:80", "api.example.com:8080 | http | api.example.com 8080"],
    ["192.0.2.7", "ext:80", "192.0.2.7:8080 | http | 192.0.2.7 8080"],
    ["2001:db8::1", "ext:80", "[2001:db8::1]:8080 | http | 2001:db8::1 8080"],
    ["api.example.com", "ext:nope", `${none}it has no port named "nope" (it has 80 (http) and 90 (same)).`],
    ["api.example.com", "ext:90", `${none}its targetPort "same" is a name, and no pod can tell its number.`],
    ["not_dns", "ext:80", `${none}its externalName "not_dns" is an invalid DNS name.`],
    ["", "ext:80", `${none}its externalName "" is an invalid DNS name.`],
    ["a..b", "ext:80", `${none}its externalName "a..b" is an invalid DNS name.`],
    ["x\u001b[2J", "ext:80", `${none}its externalName "x\\u001b[2J" is an invalid DNS name.`],
    [
      "localhost",
      "ext:80",
      `${none}the controller refuses the externalName "localhost" (Invalid attempt to use localhost name).`,
    ],
    [
      "127.0.0.2",
      "ext:80",
      `${none}the controller refuses the externalName "127.0.0.2" (Invalid attempt to use localhost name).`,
    ],
    [
      "::1",
      "ext:80",
      `${none}the controller refuses the externalName "::1" (Invalid attempt to use localhost name).`,
    ],
    ["web.shop.svc.cluster.local", "ext:443", "echo/web-0 | http | stream"],
    ["web.shop.svc", "ext:443", "echo/web-0 | http | stream"],
    ["ext.default.svc", "ext:80", `${none}its externalName leads round in a circle.`],
  ])("%j: %s → %s", (externalName, to, expected) => {
    const of = resolver({
      services: [service("default/ext", { type: "ExternalName", externalName, ports })],
    });
    expect(inWords(of.resolve(backend(to), "HTTP"))).toBe(expected);
  });

  test.each([
    "192.0.2.7",
    "2001:db8::1",
  ])("with --exact %s leads nowhere, as in the cluster", (externalName) => {
    const ext = service("default/ext", { type: "ExternalName", externalName, ports });
    const of = createResolver({
      snapshot: snapshotWith({ services: [ext] }),
      maps: [],
      echo: undefined,
      exact: true,
    });
    expect(inWords(of.resolve(backend("ext:80"), "HTTP"))).toBe(
      `${none}its externalName ${externalName} is an address, which the controller looks up as a name and does not find.`,
    );
  });

  test("https where backend-protocol says so, and without the echo service too", () => {
    const ext = service("default/ext", { type: "ExternalName", externalName: "h.test", ports: [] });
    const of = resolver({ services: [ext] }, [], "no echo");
    expect(inWords(of.resolve(backend("ext:443"), "HTTPS"))).toBe("h.test:443 | https | h.test 443");
  });
});

describe("the echo service stands in for pods", () => {
  const web = service("default/web", { selector: APP });
  const ready = { addresses: ["192.0.2.1"], ready: true };
  const named = [{ name: "", port: 80, targetPort: "http" }];
  test.each<[string, Partial<Snapshot>, string]>([
    ["a Service that is not in the manifests", {}, "echo/web-0 echo/web-0"],
    ["a Service that selects nothing known", { services: [web] }, "echo/web-0 echo/web-0"],
    [
      "one pod per replica, in turns",
      { services: [web], workloads: [workload("Deployment", "default/front", 2, { app: "web", tier: "x" })] },
      "echo/web-0 echo/web-1 echo/web-0",
    ],
    [
      "a StatefulSet's pods have its own name",
      { services: [web], workloads: [workload("StatefulSet", "default/db", 2, { app: "web" })] },
      "echo/db-0 echo/db-1 echo/db-0",
    ],
    [
      "several workloads: all their pods",
      {
        services: [web],
        workloads: [
          workload("Deployment", "default/blue", 1, { app: "web" }),
          workload("Deployment", "default/green", 2, { app: "web" }),
          workload("Deployment", "default/idle", 0, { app: "web" }),
        ],
      },
      "echo/web-0 echo/web-1 echo/web-2 echo/web-0",
    ],
    [
      "another namespace's workload is not selected",
      { services: [web], workloads: [workload("Deployment", "shop/front", 2, { app: "web" })] },
      "echo/web-0 echo/web-0",
    ],
    [
      "every pair of the selector must match",
      {
        services: [service("default/web", { selector: new Map([...APP, ["tier", "front"]]) })],
        workloads: [workload("Deployment", "default/front", 2, { app: "web", tier: "back" })],
      },
      "echo/web-0 echo/web-0",
    ],
    [
      "a named targetPort counts the workloads that have it",
      {
        services: [service("default/web", { selector: APP, ports: named })],
        workloads: [
          workload("Deployment", "default/a", 2, { app: "web" }, [{ name: "http", port: 8080 }]),
          workload("Deployment", "default/b", 2, { app: "web" }),
        ],
      },
      "echo/web-0 echo/web-1 echo/web-0",
    ],
    ["without selector and slices: one", { services: [service("default/web")] }, "echo/web-0 echo/web-0"],
    [
      "an empty selector is none",
      {
        services: [service("default/web", { selector: new Map() })],
        workloads: [workload("Deployment", "default/front", 2, { app: "web" })],
      },
      "echo/web-0 echo/web-0",
    ],
    [
      "without selector: one per ready endpoint, each once",
      {
        services: [service("default/web")],
        endpointSlices: [
          slice("default/web", [ready, { addresses: ["192.0.2.2"], ready: true }]),
          slice("default/web", [ready, { addresses: ["192.0.2.3"], ready: false }]),
          slice("shop/web", [{ addresses: ["192.0.2.4"], ready: true }]),
        ],
      },
      "echo/web-0 echo/web-1 echo/web-0",
    ],
  ])("%s", (_what, parts, expected) => {
    expect(names(resolver(parts), "web:80", expected.split(" ").length)).toBe(expected);
  });

  test("backend-protocol HTTPS is spoken to in plain http, and takes turns with HTTP", () => {
    const workloads = [workload("Deployment", "default/front", 2, { app: "web" })];
    const of = resolver({ services: [web], workloads });
    expect(inWords(of.resolve(backend("web:80"), "HTTP"))).toBe("echo/web-0 | http | stream");
    expect(inWords(of.resolve(backend("web:80"), "HTTPS"))).toBe("echo/web-1 | http | stream");
  });

  test.each([
    ["HTTP", "function"],
    ["HTTPS", "function"],
    ["FCGI", "function"],
    ["GRPC", "undefined"],
    ["GRPCS", "undefined"],
  ] as const)("backend-protocol %s: requests are answered by a %s, beside connections", (protocol, type) => {
    const found = resolver({}).resolve(backend("web:80"), protocol);
    const connection = found.kind === "upstream" ? found.upstream.connection : undefined;
    expect(connection?.kind).toBe("stream");
    expect(typeof (connection?.kind === "stream" ? connection.answer : "none")).toBe(type);
  });

  test("two routes to one backend share the turns", () => {
    const of = resolver({
      services: [web],
      workloads: [workload("Deployment", "default/f", 3, { app: "web" })],
    });
    const seen = [backend("web:80"), backend("web:80"), backend("web:80")].map((one) =>
      inWords(of.resolve(one, "HTTP")),
    );
    expect(seen.map((line) => line.split(" | ")[0])).toEqual(["echo/web-0", "echo/web-1", "echo/web-2"]);
  });
});

describe("a pod that has failed the request is not chosen again", () => {
  const web = service("default/web", { selector: APP });
  const workloads = [workload("Deployment", "default/f", 3, { app: "web" })];
  test.each([
    [[], "echo/web-0"],
    [["echo/web-1"], "echo/web-0"],
    [["echo/web-0"], "echo/web-1"],
    [["echo/web-0", "echo/web-1"], "echo/web-2"],
    [["echo/web-0", "echo/web-1", "echo/web-2"], "echo/web-0"],
  ])("tried %j: %s", (tried, expected) => {
    const of = resolver({ services: [web], workloads });
    const found = of.resolve(backend("web:80"), "HTTP", { tried });
    expect(inWords(found).split(" | ")[0]).toBe(expected);
  });
});

describe("no endpoints: 503", () => {
  const web = service("default/web", {
    selector: APP,
    ports: [{ name: "http", port: 80, targetPort: "main" }],
  });
  const why = 'Service "default/web" does not have any active Endpoint: ';
  test.each<[string, Partial<Snapshot>, string]>([
    ["web:81", { services: [web] }, `${why}it has no port 81 (it has only 80 (http)).`],
    ["web:https", { services: [web] }, `${why}it has no port named "https" (it has only 80 (http)).`],
    [
      "web:80",
      { services: [service("default/web", { ports: [] })] },
      `${why}it has no port 80 (it has none).`,
    ],
    [
      "web:80",
      {
        services: [web],
        workloads: [workload("Deployment", "default/front", 0, { app: "web" }, [{ name: "main", port: 1 }])],
      },
      `${why}Deployment "front" has 0 replicas.`,
    ],
    [
      "web:80",
      { services: [web], workloads: [workload("Deployment", "default/front", 1, { app: "web" })] },
      `${why}its targetPort "main" is the name of no container port of Deployment "front".`,
    ],
    [
      "web:80",
      {
        services: [service("default/web")],
        endpointSlices: [slice("default/web", [{ addresses: ["192.0.2.1"], ready: false }])],
      },
      `${why}its EndpointSlices hold no ready endpoint for the port.`,
    ],
    [
      "web:http",
      {
        services: [service("default/web", { ports: [{ name: "http", port: 80, targetPort: "x" }] })],
        endpointSlices: [
          slice("default/web", [{ addresses: ["192.0.2.1"], ready: true }], [{ name: "other", port: 1 }]),
        ],
      },
      `${why}its EndpointSlices hold no ready endpoint for the port.`,
    ],
  ])("%s in %j", (to, parts, expected) => {
    const of = resolver(parts);
    expect(of.resolve(backend(to), "HTTP")).toEqual({ kind: "none", why: expected });
    expect(of.describe(backend(to))).toBe("<no endpoints>");
  });

  test.each<[string, Partial<Snapshot>, string]>([
    [
      "not in the manifests",
      {},
      'Error obtaining Endpoints for Service "default/web": no object matching key "default/web" in local store (--no-echo: nothing stands in for it).',
    ],
    [
      "in the manifests",
      { services: [service("default/web")] },
      'Service "default/web" does not have any active Endpoint: no cluster runs its pods (--no-echo: nothing stands in for them).',
    ],
  ])("--no-echo, a Service %s", (_what, parts, expected) => {
    expect(resolver(parts, [], "no echo").resolve(backend("web:80"), "HTTP")).toEqual({
      kind: "none",
      why: expected,
    });
  });
});

describe("a port is found by number, name or targetPort", () => {
  const ports = [
    { name: "http", port: 80, targetPort: "main" },
    { name: "admin", port: 9000, targetPort: 8081 },
  ];
  const of = resolver({ services: [service("default/web", { ports })] });
  test.each([
    ["web:80", "echo/web-0"],
    ["web:http", "echo/web-0"],
    ["web:main", "echo/web-0"],
    ["web:9000", "echo/default/web-0:9000"],
    ["web:8081", "echo/default/web-0:9000"],
  ])("%s → %s", (to, name) => expect(names(of, to, 1)).toBe(name));
});

describe("names", () => {
  test("belong to the first Ingress that needs them, whoever asks first", () => {
    const of = resolver({
      ingresses: [ingress("b/one", ["web:80", "web:http"]), ingress("a/two", ["web:80"])],
    });
    expect(of.describe(backend("a/web:80"))).toBe("echo/a/web-0:80");
    expect(of.describe(backend("b/web:http"))).toBe("echo/b/web-0:http");
    expect(of.describe(backend("b/web:80"))).toBe("echo/web-0");
  });

  test("two Services of one StatefulSet have pods of their own", () => {
    const services = ["db", "db-headless"].map((name) => service(`default/${name}`, { selector: APP }));
    const of = resolver({ services, workloads: [workload("StatefulSet", "default/db", 1, { app: "web" })] });
    expect(of.describe(backend("db:80"))).toBe("echo/db-0");
    expect(of.describe(backend("db-headless:80"))).toBe("echo/default/db-headless/db-0:80");
  });

  test("many pods are counted, as kubectl does", () => {
    const web = service("default/web", { selector: APP });
    const of = (replicas: number) =>
      resolver({
        services: [web],
        workloads: [workload("Deployment", "default/f", replicas, { app: "web" })],
      });
    expect(of(3).describe(backend("web:80"))).toBe("echo/web-0, echo/web-1, echo/web-2");
    expect(of(5).describe(backend("web:80"))).toBe("echo/web-0, echo/web-1, echo/web-2 + 2 more...");
    expect(of(2_000_000_000).describe(backend("web:80"))).toBe(
      "echo/web-0, echo/web-1, echo/web-2 + 997 more...",
    );
  });
});

describe("update", () => {
  const web = service("default/web", { selector: APP });
  const two = { services: [web], workloads: [workload("Deployment", "default/f", 2, { app: "web" })] };

  test("keeps the Upstream of a pod that is still there, and finds the new ones", () => {
    const of = resolver({});
    const one = backend("web:80");
    const before = of.resolve(one, "HTTP");
    of.update(snapshotWith(two));
    expect(of.resolve(one, "HTTP")).toBe(before);
    expect(inWords(of.resolve(one, "HTTP"))).toBe("echo/web-1 | http | stream");
    of.update(
      snapshotWith({
        services: [service("default/web", { ports: [{ name: "", port: 81, targetPort: 81 }] })],
      }),
    );
    expect(of.resolve(one, "HTTP").kind).toBe("none");
    of.update(snapshotWith({}));
    expect(of.resolve(one, "HTTP")).toBe(before);
  });

  test("never gives a name to another port's pod, whose open connections would answer", () => {
    const of = resolver({ services: [web] });
    expect(of.describe(backend("web:80"))).toBe("echo/web-0");
    of.update(
      snapshotWith({
        services: [service("default/web", { ports: [{ name: "", port: 81, targetPort: 81 }] })],
      }),
    );
    expect(of.describe(backend("web:81"))).toBe("echo/default/web-0:81");
  });
});

test("10,000 backends of 10,000 Services are ready in a moment", () => {
  const numbers = Array.from({ length: 10_000 }, (_, at) => at);
  const parts = snapshotWith({
    services: numbers.map((at) =>
      service(`default/s${at}`, {
        selector: new Map([
          ["app", `s${at}`],
          ["all", "x"],
        ]),
      }),
    ),
    workloads: numbers.map((at) => workload("Deployment", `default/s${at}`, 2, { all: "x", app: `s${at}` })),
    ingresses: numbers.map((at) => ingress(`default/i${at}`, [`s${at}:80`])),
  });
  const of = resolver({});
  const spent = processorTime();
  of.update(parts);
  // About 100 ms; comparing each Service with each workload would take a minute.
  expect(spent()).toBeLessThan(5_000);
  expect(of.describe(backend("s9999:80"))).toBe("echo/s9999-0, echo/s9999-1");
});
