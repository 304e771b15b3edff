import { expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { jsonLine } from "../../ui/json.ts";
import { hit, missed, notice, problem, ready } from "./events.ts";

const TIME = hit().time;

/** Fields and order are the contract of interface.md. */
const LINES: readonly [string, Event, string][] = [
  [
    "ready",
    { ...ready, urls: ["http://www.basic1.com:31000/path1"], hosts: ["www.basic1.com"], startMs: 212 },
    '{"type":"ready","http":{"address":"127.0.0.1","port":31000},"https":{"address":"127.0.0.1","port":32000},' +
      '"controller":"ingress-nginx","source":"examples/quick-start (2 files, 2 Ingresses)","routes":4,' +
      '"hosts":["www.basic1.com"],"urls":["http://www.basic1.com:31000/path1"],"startMs":212}',
  ],
  [
    "a forwarded hit",
    hit(),
    `{"type":"hit","time":"${TIME}","id":"7a3f","method":"GET","scheme":"http","host":"www.basic1.com",` +
      '"path":"/path1","status":200,"durationMs":3.2,"bytes":512,"decision":"forward","ingress":"default/basic",' +
      '"rule":{"host":"www.basic1.com","path":"/path1","pathType":"Prefix"},' +
      '"backend":{"namespace":"default","service":"service1","port":80},"upstream":"echo/service1-0",' +
      '"upstreamPath":"/","why":["/path1 is the longest path that covers it."],' +
      '"route":"default/basic www.basic1.com/path1 Prefix"}',
  ],
  [
    "a hit that no rule took leaves out what it has not",
    missed(),
    `{"type":"hit","time":"${TIME}","id":"7a3f","method":"GET","scheme":"http","host":"nobody.test","path":"/",` +
      '"status":404,"durationMs":0.21,"bytes":512,"decision":"respond","why":["No rule is for the host nobody.test."]}',
  ],
  [
    "reload",
    { ms: 35, removed: [], added: ["a"], routes: 5, type: "reload" },
    '{"type":"reload","routes":5,"added":["a"],"removed":[],"ms":35}',
  ],
  [
    "a problem with everything",
    problem,
    '{"type":"problem","code":"missing-path-type","level":"error",' +
      '"object":{"kind":"Ingress","namespace":"default","name":"broken"},' +
      '"field":"spec.rules[0].http.paths[0].pathType","message":"Required value: pathType must be specified",' +
      '"fix":"Write pathType: Prefix below the path.","file":"examples/quick-start/ingress.yaml","line":12}',
  ],
  [
    "a problem that is gone",
    { ...notice, object: undefined, file: undefined, line: undefined, resolved: true },
    '{"type":"problem","code":"no-class","level":"notice","message":"it names no class; served as on minikube",' +
      '"fix":"Add spec.ingressClassName: nginx.","resolved":true}',
  ],
  [
    "cluster",
    { message: "https://c.test", state: "connected", context: "minikube", type: "cluster" },
    '{"type":"cluster","context":"minikube","state":"connected","message":"https://c.test"}',
  ],
  [
    "upstream",
    { message: "refused", state: "down", upstream: "127.0.0.1:3000", type: "upstream" },
    '{"type":"upstream","upstream":"127.0.0.1:3000","state":"down","message":"refused"}',
  ],
  ["stopped", { reason: "SIGTERM", type: "stopped" }, '{"type":"stopped","reason":"SIGTERM"}'],
];

test.each(LINES)("%s", (_, event, line) => expect(jsonLine(event)).toBe(line));

test("the order does not depend on the order in which the event was made", () => {
  const event = hit();
  const backwards = Object.fromEntries(Object.entries(event).reverse()) as unknown as Event;
  expect(Object.keys(JSON.parse(jsonLine(backwards)) as object).slice(0, 16)).toEqual(
    Object.keys(JSON.parse(jsonLine(event)) as object).slice(0, 16),
  );
});

test("a field that the list does not know is kept", () => {
  const event: Event & { later: string } = { ...hit(), later: "x" };
  expect(jsonLine(event)).toMatch(/"later":"x"\}$/);
});

test.each([
  ["U+2028", "\u2028", "\\u2028"],
  ["C1", "\x9b", "\\u009b"],
  ["DEL", "\x7f", "\\u007f"],
  ["U+202E", "\u202e", "\\u202e"],
  ["astral", "\u{e0041}", "\\udb40\\udc41"],
  ["ESC", "\x1b", "\\u001b"],
  ["a quote and a backslash", '"\\', '\\"\\\\'],
  ["letters stay", "é日", "é日"],
])("%s is written as an escape of JSON", (_, text, escaped) => {
  const line = jsonLine({ type: "stopped", reason: text });
  expect(line).toBe(`{"type":"stopped","reason":"${escaped}"}`);
  expect(JSON.parse(line)).toEqual({ type: "stopped", reason: text });
});
