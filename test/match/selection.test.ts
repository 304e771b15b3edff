import { expect, test } from "vitest";
import { hostsOf, urlsOf } from "../../src/cli/addresses.ts";
import { explain } from "../../src/match/explain.ts";
import { match } from "../../src/match/match.ts";
import { matchTls } from "../../src/match/tls.ts";
import type { HostMatch, RouteEntry } from "../../src/model/route/selection.ts";
import { mainBackend, type RouteTable } from "../../src/model/route.ts";
import { rankOrder } from "../../src/select/rank-order.ts";
import { lookupOf } from "../select/lookup.ts";
import { MISS, virtualHost } from "../select/tables.ts";
import { compileCase } from "../support/compiled-case.ts";

/** The specification's table of three hosts, and the same rules as one list: specific hosts first, then longer paths. */
const { table: hostFirst } = compileCase(
  [
    {
      file: "a.yaml",
      text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
    - host: a.test
      http: { paths: [{ path: /a, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] }
    - host: "*.b.test"
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: b, port: { number: 80 } } } }] }
    - http: { paths: [{ path: /all, pathType: Prefix, backend: { service: { name: all, port: { number: 80 } } } }] }
`,
    },
  ],
  { controller: "kubernetes", exact: false, echo: true },
);

function listOf(
  { routes }: RouteTable,
  ties: "first" | "drawn",
  rankOf: (host: string) => number,
): RouteTable {
  const entries = routes.flatMap((route): readonly RouteEntry[] => {
    const { host = "", path = "/" } = route.rule ?? {};
    const kind = host.startsWith("*.") ? "one-label" : "exact";
    const hosts: readonly HostMatch[] | undefined = host === "" ? undefined : [{ kind, name: host }];
    const rank = rankOf(host);
    return [{ kind: "route", route, rank, match: { hosts, path: { kind: "prefix-element", path } } }];
  });
  const host = virtualHost("*", entries, rankOrder(entries, { ties }));
  const selection = { kind: "list", host } as const;
  return { ...hostFirst, entryPoints: [{ name: "web", scheme: "http", port: 80, selection }] };
}

const list = listOf(hostFirst, "first", (host) => (host === "" ? 2 : host.startsWith("*.") ? 1 : 0));
const ask = (host: string, target: string) => ({ ...lookupOf(host, target).request, target });

test.each([
  ["a.test", "/a/x", "a"],
  ["a.test", "/all/x", "all"],
  ["x.b.test", "/all", "b"],
  ["x.x.b.test", "/all", "all"],
  ["nobody.test", "/all", "all"],
])("%s%s is for %s, host first and by one list", (host, target, service) => {
  for (const table of [hostFirst, list])
    expect(match(table, ask(host, target))).toMatchObject({ kind: "forward", backend: { service } });
});

test("a path that no rule has is a miss of either form", () => {
  expect(match(hostFirst, ask("a.test", "/none"))).toMatchObject({ kind: "respond", status: 404 });
  expect(match(list, ask("a.test", "/none")).route?.id).toBe(MISS.route.id);
});

test("rules of one rank are drawn among: the decision names all of them", () => {
  const drawn = listOf(hostFirst, "drawn", () => 0);
  const decision = match(drawn, ask("x.b.test", "/all"));
  expect(decision).toMatchObject({ kind: "forward", backend: { service: "all" } });
  expect(decision.oneOf?.map((route) => mainBackend(route)?.service)).toEqual(["b"]);
  expect(match(drawn, ask("a.test", "/a")).oneOf).toBeUndefined();
});

test("explain names the rules that a request may have been for, whatever holds them", () => {
  const facts = ask("a.test", "/a");
  const rejectedOf = (table: RouteTable) => {
    const { rejected } = explain(table, { facts, decision: match(table, facts) });
    return rejected.map(({ rule }) => `${rule.host}${rule.path}`);
  };
  expect(rejectedOf(hostFirst)).toEqual(["/all"]);
  expect(rejectedOf(list)).toEqual(["/all"]);
});

test("the names of a list are those of its rules, and it serves whoever asks for one by TLS", () => {
  expect([...hostsOf(list)].sort()).toEqual([...hostsOf(hostFirst)].sort());
  expect(urlsOf(list, { http: { port: 80 }, https: { port: 443 } })).toEqual(["http://a.test/a"]);
  expect(matchTls(list, "any.test")).toMatchObject({ kind: "end", servername: "any.test" });
  expect(matchTls(list, undefined)).toMatchObject({ kind: "end", servername: undefined });
});
