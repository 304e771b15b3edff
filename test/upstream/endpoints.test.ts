import { describe, expect, test } from "vitest";
import type { Endpoint, ServicePort } from "../../src/model/resource.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Upstream } from "../../src/model/upstream.ts";
import { parseMap } from "../../src/upstream/map.ts";
import type { PodForwards } from "../../src/upstream/port-forward/forwards.ts";
import { createResolver, type Resolver } from "../../src/upstream/resolve.ts";
import { backend, inCluster, pod, service, slice, snapshotWith } from "./manifests.ts";

const APP = new Map([["app", "web"]]);
const web = service("default/web", { selector: APP, origin: inCluster });

/** Opens nothing; records what is asked. */
function noForwards(): PodForwards & { readonly ended: string[] } {
  const ended: string[] = [];
  return {
    ended,
    open: async () => {
      throw new Error("not opened here");
    },
    keep: (isThere) => {
      for (const [pod, uid] of [
        ["web-1", "uid-of-default/web-1"],
        ["web-2", "uid-of-default/web-2"],
        ["old", ""],
      ] as const)
        if (!isThere({ namespace: "default", pod, uid, port: 80 })) ended.push(pod);
    },
    close: () => {},
  };
}

function cluster(parts: Partial<Snapshot>, maps: readonly string[] = [], forwards = noForwards()): Resolver {
  return createResolver({
    snapshot: snapshotWith(parts),
    maps: maps.map(parseMap),
    echo: undefined,
    forwards,
  });
}

function upstreamOf(resolver: Resolver, text = "web:80"): Upstream {
  const resolution = resolver.resolve(backend(text), "HTTP");
  if (resolution.kind === "none") throw new Error(resolution.why);
  return resolution.upstream;
}

/** The upstreams of successive requests, or the reason for none. */
function turns(resolver: Resolver, text: string, times: number): string {
  const names = Array.from({ length: times }, () => {
    const resolution = resolver.resolve(backend(text), "HTTP");
    return resolution.kind === "none" ? resolution.why : resolution.upstream.name;
  });
  return names.join(" ");
}

const at = (pod: string | undefined, more: Partial<Endpoint> = {}) => ({
  addresses: ["10.244.0.9"],
  ready: true,
  ...(pod === undefined ? {} : { pod }),
  ...more,
});
const port = (port: number, name = "", targetPort: number | string = port): ServicePort => ({
  name,
  port,
  targetPort,
});
const NONE = 'Service "default/web" does not have any active Endpoint: ';

describe("the pods that a Service's EndpointSlices name", () => {
  const slices = (...all: ReturnType<typeof slice>[]) => ({ services: [web], endpointSlices: all });
  const two = slice("default/web", [at("web-1"), at("web-2")]);
  test.each<[string, Partial<Snapshot>, string, string]>([
    [
      "in turns, at the port of the pod",
      slices(two),
      "web:80",
      "pod/web-1:8080 pod/web-2:8080 pod/web-1:8080",
    ],
    [
      "of all slices, each once",
      slices(two, slice("default/web", [at("web-2"), at("web-3")])),
      "web:80",
      "pod/web-1:8080 pod/web-2:8080 pod/web-3:8080",
    ],
    [
      "the ready ones",
      slices(
        slice("default/web", [
          at("web-1", { ready: false }),
          at("web-2"),
          at("web-3", { terminating: true }),
        ]),
      ),
      "web:80",
      "pod/web-2:8080 pod/web-2:8080 pod/web-2:8080",
    ],
    [
      "not the one that is known to be terminating already",
      { ...slices(two), pods: [pod("default/web-1", {}, { terminating: true }), pod("default/web-2")] },
      "web:80",
      "pod/web-2:8080 pod/web-2:8080 pod/web-2:8080",
    ],
    [
      "by the name of the Service's port",
      {
        services: [
          service("default/web", {
            origin: inCluster,
            selector: APP,
            ports: [port(80, "http", "web"), port(90, "m", "metrics")],
          }),
        ],
        endpointSlices: [
          slice(
            "default/web",
            [at("web-1")],
            [
              { name: "m", port: 9 },
              { name: "http", port: 8 },
            ],
          ),
        ],
      },
      "web:http",
      "pod/web-1:8 pod/web-1:8 pod/web-1:8",
    ],
    [
      "ports by name that differ from pod to pod",
      {
        services: [
          service("default/web", { origin: inCluster, selector: APP, ports: [port(80, "http", "web")] }),
        ],
        endpointSlices: [
          slice("default/web", [at("web-1")], [{ name: "http", port: 8 }]),
          slice("default/web", [at("web-2")], [{ name: "http", port: 9 }]),
        ],
      },
      "web:80",
      "pod/web-1:8 pod/web-2:9 pod/web-1:8",
    ],
    [
      "by the targetPort where the slice names no port",
      {
        services: [service("default/web", { origin: inCluster, ports: [port(80, "", 3000)] })],
        endpointSlices: [slice("default/web", [at("web-1")], [])],
      },
      "web:80",
      "pod/web-1:3000 pod/web-1:3000 pod/web-1:3000",
    ],
  ])("%s", (_, parts, to, expected) => expect(turns(cluster(parts), to, 3)).toBe(expected));

  test.each<[string, Partial<Snapshot>, string]>([
    [
      "no slice",
      slices(),
      `${NONE}the Service has no ready pod (its selector matches none that has the port).`,
    ],
    [
      "none is ready",
      slices(
        slice("default/web", [
          at("web-1", { ready: false }),
          at("web-2", { terminating: true }),
          at("web-3", { ready: false }),
        ]),
      ),
      `${NONE}the Service has no ready pod (2 are not ready, 1 is being terminated).`,
    ],
    [
      "no such port",
      { ...slices(two), services: [service("default/web", { origin: inCluster, ports: [port(8081)] })] },
      `${NONE}it has no port 80 (it has only 8081).`,
    ],
    [
      "no such Service",
      {},
      'Error obtaining Endpoints for Service "default/web": no object matching key "default/web" in local store.',
    ],
    [
      "no selector",
      { services: [service("default/web", { origin: inCluster })] },
      `${NONE}it has no selector, and no EndpointSlice names an address for the port.`,
    ],
  ])("503: %s", (_, parts, why) => {
    const resolver = cluster(parts);
    expect(turns(resolver, "web:80", 1)).toBe(why);
    expect(resolver.noEndpoints(backend("web:80"), "HTTP")).toBe(why);
    expect(resolver.describe(backend("web:80"))).toBe("<no endpoints>");
  });
});

describe("a Service on disk means the pods that it selects, before it is applied", () => {
  const pods = [
    pod(
      "default/web-1",
      { app: "web", track: "old" },
      { containerPorts: [{ name: "web", port: 8, protocol: "TCP" }] },
    ),
    pod("default/web-2", { app: "web" }, { containerPorts: [{ name: "web", port: 9, protocol: "UDP" }] }),
    pod("default/web-3", { app: "web" }, { ready: false }),
    pod("other/web-4", { app: "web" }),
  ];
  const endpointSlices = [slice("default/web", [at("web-9")])];
  test.each<[string, ServicePort, Record<string, string>, string]>([
    ["by number", port(80, "", 3000), { app: "web" }, "pod/web-1:3000 pod/web-2:3000"],
    [
      "by name, where a container's port has it",
      port(80, "", "web"),
      { app: "web" },
      "pod/web-1:8 pod/web-1:8",
    ],
    ["by every label", port(80), { app: "web", track: "old" }, "pod/web-1:80 pod/web-1:80"],
    [
      "none",
      port(80),
      { app: "gone" },
      `${NONE}the Service has no ready pod (its selector matches none that has the port).`,
    ],
  ])("%s", (_, of, labels, expected) => {
    const services = [service("default/web", { selector: new Map(Object.entries(labels)), ports: [of] })];
    const resolver = cluster({ services, pods, endpointSlices });
    expect(turns(resolver, "web:80", expected.startsWith(NONE) ? 1 : 2)).toBe(expected);
  });

  test("where pods may not be listed, the slices count", () => {
    const services = [service("default/web", { selector: APP })];
    expect(turns(cluster({ services, endpointSlices }), "web:80", 1)).toBe("pod/web-9:8080");
  });
});

describe("beside pods", () => {
  test("a map comes first", () => {
    const parts = { services: [web], endpointSlices: [slice("default/web", [at("web-1")])] };
    expect(turns(cluster(parts, ["web=3000"]), "web:80", 1)).toBe("127.0.0.1:3000");
  });

  test("addresses without a pod are connected to, with advice", () => {
    const resolver = cluster({
      services: [service("default/web", { origin: inCluster })],
      endpointSlices: [slice("default/web", [at(undefined, { addresses: ["192.168.1.9", "2001:db8::1"] })])],
    });
    const [first, second] = [upstreamOf(resolver), upstreamOf(resolver)];
    expect([first.name, second.name]).toEqual(["192.168.1.9:8080", "[2001:db8::1]:8080"]);
    expect(first.connection).toEqual({ kind: "tcp", host: "192.168.1.9", port: 8080 });
    expect(first.advice).toContain("--map the Service");
  });

  test("an ExternalName leads on to the pods of a Service", () => {
    const external = service("default/ext", {
      type: "ExternalName",
      externalName: "web.default.svc",
      ports: [port(80)],
      origin: inCluster,
    });
    const resolver = cluster({
      services: [web, external],
      endpointSlices: [slice("default/web", [at("web-1")])],
    });
    expect(turns(resolver, "ext:80", 1)).toBe("pod/web-1:8080");
  });
});

describe("over updates", () => {
  const parts = (...pods: string[]): Partial<Snapshot> => ({
    services: [web],
    endpointSlices: [
      slice(
        "default/web",
        pods.map((name) => at(name)),
      ),
    ],
    pods: pods.map((name) => pod(`default/${name}`)),
  });
  const retired = ({ connection }: Upstream) => connection.kind === "stream" && connection.retired?.aborted;

  test("a pod stays the same upstream, and retires when it is to get no requests any more", () => {
    const forwards = noForwards();
    const resolver = cluster(parts("web-1", "web-2"), [], forwards);
    const [one, two] = [upstreamOf(resolver), upstreamOf(resolver)];
    resolver.update(
      snapshotWith({
        ...parts("web-1", "web-2"),
        pods: [pod("default/web-1"), pod("default/web-2", {}, { terminating: true })],
      }),
    );
    expect([retired(one), retired(two)]).toEqual([false, true]);
    expect(forwards.ended, "what is under way in a pod that is terminating may go on").toEqual([]);
    resolver.update(snapshotWith(parts("web-1")));
    expect(upstreamOf(resolver)).toBe(one);
    expect(forwards.ended, "of pods that are known by nothing but their name nothing is known").toEqual([
      "web-2",
    ]);
  });

  test("a pod made again under its name is another upstream", () => {
    const resolver = cluster(parts("web-1"));
    const before = upstreamOf(resolver);
    resolver.update(
      snapshotWith({ ...parts("web-1"), pods: [pod("default/web-1", {}, { uid: "another" })] }),
    );
    const after = upstreamOf(resolver);
    expect([before.name, after.name]).toEqual(["pod/web-1:8080", "pod/web-1:8080"]);
    expect(after).not.toBe(before);
    expect([retired(before), retired(after)]).toEqual([true, false]);
  });

  test("pods of one name in two namespaces have names of their own, each again when the other has gone", () => {
    const other = { ...web, metadata: { ...web.metadata, namespace: "shop" } };
    const both = {
      services: [web, other],
      endpointSlices: [slice("default/web", [at("db-0")]), slice("shop/web", [at("db-0")])],
    };
    const resolver = cluster(both);
    expect([turns(resolver, "web:80", 1), turns(resolver, "shop/web:80", 1)]).toEqual([
      "pod/db-0:8080",
      "pod/shop/db-0:8080",
    ]);
    resolver.update(snapshotWith({ ...both, endpointSlices: [] }));
    resolver.update(snapshotWith({ ...both, endpointSlices: both.endpointSlices.slice(1) }));
    expect(turns(resolver, "shop/web:80", 1)).toBe("pod/db-0:8080");
  });
});
