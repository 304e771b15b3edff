import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event, HitEvent } from "../../src/model/event.ts";
import { reason } from "../../src/model/reason.ts";
import { createJsonLines } from "../../ui/json.ts";
import { hit, later, missed, notice, problem, ready } from "./events.ts";

const jsonLine = createJsonLines();
const TIME = new Date(hit().time).toISOString();

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
    "a controller that comes later",
    later,
    '{"type":"controller","controller":"contour","why":"1 HTTPProxy","http":{"address":"127.0.0.1","port":31001},' +
      '"https":{"address":"127.0.0.1","port":32001},"hosts":["p.test"],"urls":["http://p.test:31001/"],"listeners":[' +
      '{"controller":"contour","name":"http","protocol":"HTTP","port":80,"address":"127.0.0.1","localPort":31001},' +
      '{"controller":"contour","name":"https","protocol":"HTTPS","port":443,"address":"127.0.0.1","localPort":32001}]}',
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

/** The same by `JSON.stringify` alone. */
function plainJson(event: HitEvent): string {
  const { type, time, id, method, scheme, host, path, status, durationMs, bytes, decision, ...more } = event;
  const { ingress, rule, backend, upstream, upstreamPath, location, why, error, logged, route, ...others } =
    more;
  const text = JSON.stringify({
    ...{ type, time: new Date(time).toISOString(), id, method, scheme, host, path, status, durationMs },
    ...{ bytes, decision, ingress },
    rule: rule && { host: rule.host, path: rule.path, pathType: rule.pathType },
    backend: backend && { namespace: backend.namespace, service: backend.service, port: backend.port },
    ...{ upstream, upstreamPath, location, why: why.map((each) => each.text), error, logged, route },
    ...others,
  });
  return text.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

describe("a hit's line is what JSON.stringify gives", () => {
  const ODD = '"\\ \x00\n\x1b\x7f\x9b\xad\xff \ud800 \udc00 👍 \u2028 \u{e0041} 日本 </script>';
  const shared = hit();
  test.each<[string, Partial<HitEvent>]>([
    ["a redirect", { decision: "redirect", location: "https://a.test/", backend: undefined }],
    ["a default backend", { rule: undefined }],
    ["a rule without path", { rule: undefined, match: "Host(`a.test`)" }],
    ["an answer of the controller's own", missed()],
    ["a fault", { error: "connect ECONNREFUSED 127.0.0.1:3000", status: 502 }],
    ["one that the cluster would not log", { logged: false }],
    ["another Ingress with the same rule and backend", { ingress: "default/other" }],
    ["another route", { route: "another" }],
    ["other reasons", { why: [reason("canary", "the canary takes it"), ...shared.why] }],
    ["no reason", { why: [] }],
    ["a named port", { backend: { namespace: "a", service: "b", port: "http" } }],
    ["fields in another order", { rule: { pathType: "Exact", path: "/", host: "a.test" } }],
    ["a request without a host", { host: "", upstreamPath: "" }],
    ["a duration of nothing", { durationMs: 0, bytes: 0 }],
    ["a long duration", { durationMs: 123456.78, bytes: 2 ** 40 }],
    ["the first millisecond of a second", { time: Date.UTC(2024, 1, 29, 23, 59, 59) }],
    ["its last", { time: Date.UTC(2024, 1, 29, 23, 59, 59, 999) }],
    ["before 1970", { time: -1 }],
    ["odd texts of the request", { id: ODD, method: ODD, host: ODD, path: ODD, upstreamPath: ODD }],
    [
      "odd texts of the manifests",
      { ingress: ODD, rule: { host: ODD, path: ODD, pathType: ODD }, route: ODD },
    ],
    ["odd texts of what happened", { upstream: ODD, location: ODD, error: ODD, why: [reason("rule", ODD)] }],
  ])("%s", (_, changes) => {
    const event = { ...shared, ...changes };
    // The second line is made with what the first left behind.
    expect([jsonLine(shared), jsonLine(event), jsonLine(event)]).toEqual(
      [shared, event, event].map(plainJson),
    );
  });

  test("random hits, which share their parts as those of a route do", () => {
    const unit = (max: number) => fc.integer({ min: 0, max }).map((code) => String.fromCharCode(code));
    const text = fc.oneof(
      fc.string({ maxLength: 12 }),
      ...[0xff, 0xffff].map((max) => fc.string({ unit: unit(max), maxLength: 6 })),
      fc.string({ unit: "binary", maxLength: 6 }),
    );
    const few = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 3 });
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const pools = fc.tuple(
      few(fc.record({ host: text, path: text, pathType: text })),
      few(fc.record({ namespace: text, service: text, port: fc.oneof(fc.nat(65_535), text) })),
      few(few(text.map((each) => reason("rule", each)))),
      few(text),
    );
    const hits = pools.chain(([rules, backends, whys, names]) => {
      const event: fc.Arbitrary<HitEvent> = fc.record({
        type: fc.constant("hit"),
        time: fc.date({ noInvalidDate: true }).map((date) => date.getTime()),
        ...{ id: text, method: text, host: text, path: text },
        scheme: fc.constantFrom("http", "https"),
        ...{ status: fc.nat(999), bytes: fc.maxSafeNat() },
        durationMs: fc.nat(1e9).map((hundredths) => hundredths / 100),
        decision: fc.constantFrom("forward", "redirect", "respond"),
        ingress: maybe(fc.constantFrom(...names)),
        rule: maybe(fc.constantFrom(...rules)),
        backend: maybe(fc.constantFrom(...backends)),
        ...{ upstream: maybe(text), upstreamPath: maybe(text), location: maybe(text) },
        why: fc.constantFrom(...whys),
        ...{ error: maybe(text), logged: fc.constantFrom(false as const, undefined) },
        route: maybe(fc.constantFrom(...names)),
      });
      return fc.array(event, { minLength: 1, maxLength: 5 });
    });
    fc.assert(
      fc.property(hits, (events) => {
        const line = createJsonLines();
        expect(events.map(line).join("\n")).toBe(events.map(plainJson).join("\n"));
      }),
      { numRuns: 60 },
    );
  });
});
