import type { ControllerEvent, HitEvent, ProblemEvent, ReadyEvent } from "../../src/model/event.ts";
import { reason } from "../../src/model/reason.ts";
import type { RouteRow } from "../../ui/dashboard-state.ts";

/** The `ready` of `up examples/quick-start`. */
export const ready: ReadyEvent = {
  type: "ready",
  http: { address: "127.0.0.1", port: 31000 },
  https: { address: "127.0.0.1", port: 32000 },
  controller: "ingress-nginx",
  source: "examples/quick-start (2 files, 2 Ingresses)",
  routes: 4,
  hosts: ["www.basic1.com", "www.basic2.com", "www.basic-ssl.com"],
  urls: [
    "http://www.basic1.com:31000/path1",
    "http://www.basic2.com:31000/",
    "https://www.basic-ssl.com:32000/",
  ],
  startMs: 212.4,
};

/** A controller that comes after `ready`. */
export const later: ControllerEvent = {
  type: "controller",
  controller: "contour",
  why: "1 HTTPProxy",
  http: { address: "127.0.0.1", port: 31001 },
  https: { address: "127.0.0.1", port: 32001 },
  hosts: ["p.test"],
  urls: ["http://p.test:31001/"],
  listeners: [
    {
      controller: "contour",
      name: "http",
      protocol: "HTTP",
      port: 80,
      address: "127.0.0.1",
      localPort: 31001,
    },
    {
      controller: "contour",
      name: "https",
      protocol: "HTTPS",
      port: 443,
      address: "127.0.0.1",
      localPort: 32001,
    },
  ],
};

function row(host: string, path: string, service: string): RouteRow {
  return {
    id: `default/basic ${host}${path} Prefix`,
    host,
    path,
    pathType: "Prefix",
    backend: `default/${service}:80`,
    upstream: `echo/${service}-0`,
    why: [`The Ingress default/basic sends ${host}${path} to ${service}.`],
  };
}

export const rows: readonly RouteRow[] = [
  row("www.basic1.com", "/path1", "service1"),
  row("www.basic1.com", "/path2", "service2"),
  row("www.basic2.com", "/", "service2"),
  row("www.basic-ssl.com", "/", "s1"),
];

/** A hit at noon in the local time zone, so that no test depends on it. */
export function hit(changes: Partial<HitEvent> = {}): HitEvent {
  return {
    type: "hit",
    time: new Date(2024, 0, 1, 12, 0, 1).getTime(),
    id: "7a3f",
    method: "GET",
    scheme: "http",
    host: "www.basic1.com",
    path: "/path1",
    status: 200,
    durationMs: 3.2,
    bytes: 512,
    decision: "forward",
    ingress: "default/basic",
    rule: { host: "www.basic1.com", path: "/path1", pathType: "Prefix" },
    backend: { namespace: "default", service: "service1", port: 80 },
    upstream: "echo/service1-0",
    upstreamPath: "/",
    why: [reason("longest-prefix", "/path1 is the longest path that covers it.")],
    route: "default/basic www.basic1.com/path1 Prefix",
    ...changes,
  };
}

/** A hit without a rule. */
export function missed(changes: Partial<HitEvent> = {}): HitEvent {
  return hit({
    host: "nobody.test",
    path: "/",
    status: 404,
    durationMs: 0.21,
    decision: "respond",
    ingress: undefined,
    rule: undefined,
    backend: undefined,
    upstream: undefined,
    upstreamPath: undefined,
    route: undefined,
    why: [reason("no-rule-for-host", "No rule is for the host nobody.test.")],
    ...changes,
  });
}

export const problem: ProblemEvent = {
  type: "problem",
  code: "missing-path-type",
  level: "error",
  object: { kind: "Ingress", namespace: "default", name: "broken" },
  field: "spec.rules[0].http.paths[0].pathType",
  message: "Required value: pathType must be specified",
  fix: "Write pathType: Prefix below the path.",
  file: "examples/quick-start/ingress.yaml",
  line: 12,
};

export const notice: ProblemEvent = {
  type: "problem",
  code: "no-class",
  level: "notice",
  object: { kind: "Ingress", namespace: "default", name: "basic" },
  message: "it names no class; served as on minikube",
  fix: "Add spec.ingressClassName: nginx.",
  file: "examples/quick-start/basic.yaml",
  line: 1,
};
