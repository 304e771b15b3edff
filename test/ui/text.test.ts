import { expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { clock, duration } from "../../ui/hit.ts";
import { problemCount, problemsText } from "../../ui/problems.ts";
import { colourFor } from "../../ui/style.ts";
import { textLines } from "../../ui/text.ts";
import { hit, later, missed, notice, problem, ready } from "./events.ts";

const LINES: readonly [string, Event, readonly string[]][] = [
  [
    "the start: source, ports, and a URL to try for each host",
    ready,
    [
      "ingress-dev serves examples/quick-start (2 files, 2 Ingresses) as ingress-nginx would",
      "  http   127.0.0.1:31000",
      "  https  127.0.0.1:32000",
      "  4 routes, 3 hosts, ready in 212 ms",
      "  http://www.basic1.com:31000/path1",
      "  http://www.basic2.com:31000/",
      "  https://www.basic-ssl.com:32000/",
    ],
  ],
  [
    "IPv6 addresses are in brackets",
    { ...ready, http: { address: "::1", port: 31000 }, routes: 1, hosts: ["a"], urls: [] },
    [
      "ingress-dev serves examples/quick-start (2 files, 2 Ingresses) as ingress-nginx would",
      "  http   [::1]:31000",
      "  https  127.0.0.1:32000",
      "  1 route, 1 host, ready in 212 ms",
    ],
  ],
  [
    "a forwarded hit",
    hit({ durationMs: 3 }),
    [
      "12:00:01 200 GET www.basic1.com/path1 → default/service1:80 (echo/service1-0) 3 ms  rule /path1 Prefix of default/basic",
    ],
  ],
  [
    "a hit of one of several controllers",
    hit({ durationMs: 3, controller: "contour" }),
    [
      "12:00:01 contour 200 GET www.basic1.com/path1 → default/service1:80 (echo/service1-0) 3 ms  rule /path1 Prefix of default/basic",
    ],
  ],
  [
    "a reload of one of several controllers",
    { type: "reload", routes: 1, added: [], removed: [], ms: 3, controller: "contour" },
    ["contour reloaded in 3 ms: 1 route (0 added, 0 removed)"],
  ],
  [
    "a controller that a save names",
    later,
    [
      "  contour: 1 HTTPProxy",
      "    http   127.0.0.1:31001",
      "    https  127.0.0.1:32001",
      "    http://p.test:31001/",
    ],
  ],
  ["a hit that the cluster would not log", hit({ logged: false }), []],
  [
    "by https",
    hit({ scheme: "https", path: "/?a=b" }),
    [
      "12:00:01 200 GET https://www.basic1.com/?a=b → default/service1:80 (echo/service1-0) 3.2 ms  rule /path1 Prefix of default/basic",
    ],
  ],
  [
    "a path in UTF-8, which comes as bytes",
    hit({ path: Buffer.from("/日本").toString("latin1") }),
    [
      "12:00:01 200 GET www.basic1.com/日本 → default/service1:80 (echo/service1-0) 3.2 ms  rule /path1 Prefix of default/basic",
    ],
  ],
  [
    "a path in something else",
    hit({ path: "/\xe9\x9b" }),
    [
      "12:00:01 200 GET www.basic1.com/é\\x9b → default/service1:80 (echo/service1-0) 3.2 ms  rule /path1 Prefix of default/basic",
    ],
  ],
  [
    "a redirect: where to",
    hit({
      status: 308,
      decision: "redirect",
      location: "https://www.basic1.com:32000/path1",
      upstream: undefined,
    }),
    [
      "12:00:01 308 GET www.basic1.com/path1 → https://www.basic1.com:32000/path1 3.2 ms  rule /path1 Prefix of default/basic",
    ],
  ],
  ["no rule: why", missed(), ["12:00:01 404 GET nobody.test/ 0.2 ms  No rule is for the host nobody.test."]],
  [
    "a default backend",
    hit({ rule: undefined }),
    [
      "12:00:01 200 GET www.basic1.com/path1 → default/service1:80 (echo/service1-0) 3.2 ms  default backend of default/basic",
    ],
  ],
  [
    "a rule of an object without paths, in its controller's words",
    hit({ rule: undefined, match: "Host(`www.basic1.com`) && PathPrefix(`/path1`)" }),
    [
      "12:00:01 200 GET www.basic1.com/path1 → default/service1:80 (echo/service1-0) 3.2 ms  rule Host(`www.basic1.com`) && PathPrefix(`/path1`) of default/basic",
    ],
  ],
  [
    "a backend that refuses: what went wrong",
    hit({ status: 502, error: "connect ECONNREFUSED 127.0.0.1:3000", upstream: "127.0.0.1:3000" }),
    [
      "12:00:01 502 GET www.basic1.com/path1 → default/service1:80 (127.0.0.1:3000) 3.2 ms  rule /path1 Prefix of default/basic  connect ECONNREFUSED 127.0.0.1:3000",
    ],
  ],
  [
    "a reload names what came and went",
    {
      type: "reload",
      routes: 5,
      added: ["default/new a.test/ Prefix"],
      removed: ["default/old b.test/ Exact"],
      ms: 35.4,
    },
    [
      "reloaded in 35 ms: 5 routes (1 added, 1 removed)",
      "  + default/new a.test/ Prefix",
      "  - default/old b.test/ Exact",
    ],
  ],
  [
    "a large one counts the rest",
    { type: "reload", routes: 12, added: Array.from({ length: 12 }, (_, n) => `r${n}`), removed: [], ms: 1 },
    [
      "reloaded in 1 ms: 12 routes (12 added, 0 removed)",
      ...Array.from({ length: 10 }, (_, n) => `  + r${n}`),
      "  + and 2 more",
    ],
  ],
  [
    "a problem: file, line, level, code, object, field, message; the fix below",
    problem,
    [
      "examples/quick-start/ingress.yaml:12  error  missing-path-type  Ingress default/broken spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified",
      "  → Write pathType: Prefix below the path.",
    ],
  ],
  [
    "a problem whose message begins with its object and annotation: each once",
    {
      ...notice,
      field: "metadata.annotations[nginx.ingress.kubernetes.io/auth-secret]",
      message: "Ingress default/basic: nginx.ingress.kubernetes.io/auth-secret: the Secret is not there",
    },
    [
      "examples/quick-start/basic.yaml:1  notice  no-class  Ingress default/basic metadata.annotations[nginx.ingress.kubernetes.io/auth-secret]: the Secret is not there",
      "  → Add spec.ingressClassName: nginx.",
    ],
  ],
  [
    "a problem whose message begins with its field, as the API server's do",
    { ...notice, field: "spec.rules[0].host", message: 'spec.rules[0].host: Invalid value: "A"' },
    [
      'examples/quick-start/basic.yaml:1  notice  no-class  Ingress default/basic spec.rules[0].host: Invalid value: "A"',
      "  → Add spec.ingressClassName: nginx.",
    ],
  ],
  [
    "a problem whose message begins with its place, and has its object for a subject",
    {
      ...notice,
      message: "examples/quick-start/basic.yaml:1: Ingress default/basic asks for a password",
    },
    [
      "examples/quick-start/basic.yaml:1  notice  no-class  Ingress default/basic asks for a password",
      "  → Add spec.ingressClassName: nginx.",
    ],
  ],
  [
    "a problem of no file and no object",
    {
      type: "problem",
      code: "hosts-not-writable",
      level: "warning",
      message: "cannot write",
      fix: "Add the lines.",
    },
    ["warning  hosts-not-writable  cannot write", "  → Add the lines."],
  ],
  [
    "a message and a fix of several lines",
    { type: "problem", code: "c", level: "error", message: "one\ntwo", fix: "first\n  second" },
    ["error  c  one", "    two", "  → first", "      second"],
  ],
  [
    "a problem that is gone",
    { ...notice, resolved: true },
    [
      "resolved  examples/quick-start/basic.yaml:1  notice  no-class  Ingress default/basic: it names no class; served as on minikube",
    ],
  ],
  [
    "a cluster out of reach",
    { type: "cluster", context: "mini\u001b[2Jkube", state: "reconnecting", message: "ECONNREFUSED\n" },
    ["cluster mini\\x1b[2Jkube is reconnecting, what was last read is served: ECONNREFUSED\\x0a"],
  ],
  [
    "a cluster that is there",
    { type: "cluster", context: "minikube", state: "connected", message: "https://192.168.49.2:8443" },
    ["cluster minikube is connected: https://192.168.49.2:8443"],
  ],
  [
    "an upstream",
    { type: "upstream", upstream: "127.0.0.1:3000", state: "down", message: "connect ECONNREFUSED" },
    ["upstream 127.0.0.1:3000 is down: connect ECONNREFUSED"],
  ],
  ["the end", { type: "stopped", reason: "SIGTERM" }, ["stopped: SIGTERM"]],
];

test.each(LINES)("%s", (_, event, lines) => expect(textLines(event, { colour: "never" })).toEqual(lines));

test.each(LINES)("%s: colour adds nothing but colour", (_, event, lines) => {
  const coloured = textLines(event, { colour: "always" });
  expect(coloured.map((line) => line.replace(/\x1b\[\d+m/g, ""))).toEqual(lines);
});

test.each([
  [101, ""],
  [200, "\x1b[32m"],
  [308, "\x1b[36m"],
  [404, "\x1b[33m"],
  [502, "\x1b[31m"],
])("status %i has its colour", (status, sequence) => {
  expect(textLines(hit({ status }), { colour: "always" })[0]).toMatch(`12:00:01 ${sequence}${status}`);
});

test.each([
  [0, "0 ms"],
  [-1, "0 ms"],
  [0.04, "0 ms"],
  [0.21, "0.2 ms"],
  [3, "3 ms"],
  [9.97, "10 ms"],
  [999.4, "999 ms"],
  [999.6, "1.0 s"],
  [59_900, "59.9 s"],
  [60_000, "1 min"],
  [5_969_000, "99 min"],
  [7_200_000, "2 h"],
])("%d ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
  expect(text.length).toBeLessThanOrEqual(6);
});

test("a time that is none does not break the line", () => expect(clock(Number.NaN)).toBe("--:--:--"));

test("problems are listed errors first, in the order found", () => {
  const second = { ...problem, line: 20 };
  const lines = problemsText([notice, problem, second]);
  expect(lines.filter((line) => !line.startsWith(" ")).map((line) => line.split("  ")[0])).toEqual([
    "examples/quick-start/ingress.yaml:12",
    "examples/quick-start/ingress.yaml:20",
    "examples/quick-start/basic.yaml:1",
  ]);
});

test.each([
  [[], "no problems"],
  [[problem], "1 error"],
  [[notice, problem, problem], "2 errors, 1 notice"],
])("%# problems are counted", (problems, text) => expect(problemCount(problems)).toBe(text));

test.each([
  // terminal, environment, colours
  [true, {}, "always"],
  [false, {}, "never"],
  [true, { NO_COLOR: "1" }, "never"],
  [true, { NO_COLOR: "" }, "always"],
  [true, { TERM: "dumb" }, "never"],
  [false, { FORCE_COLOR: "1" }, "always"],
  [true, { FORCE_COLOR: "0" }, "never"],
  [true, { FORCE_COLOR: "1", NO_COLOR: "1" }, "never"],
] as const)("terminal: %s, environment %j: colours %s", (isTTY, env, colour) => {
  expect(colourFor({ isTTY }, env)).toBe(colour);
});
