import { BlockList } from "node:net";
import { expect, test } from "vitest";
import type { Condition, TextTest } from "../../src/model/route/selection.ts";
import { compilePattern } from "../../src/pcre/pattern.ts";
import { conditionHolds } from "../../src/select/condition.ts";
import { lookupOf } from "./lookup.ts";

const compiled = compilePattern("^v[12]$", "anywhere");
const pattern = compiled.kind === "compiled" ? compiled.pattern : undefined;
if (pattern === undefined) throw new Error("the pattern is good");

const header = (value: TextTest): Condition => ({ kind: "header", name: "x-version", value });
const alone = (value: TextTest): Condition => ({ kind: "header", name: "x-version", value, lines: "alone" });
const pseudo = (name: string, text: string): Condition => ({
  ...{ kind: "header", name, value: { kind: "is", text } },
});
const query = (value: TextTest, read: "form" | "as-sent" | "first-as-sent" = "form"): Condition => ({
  ...{ kind: "query", name: "a b", value, read },
});
const POST: Condition = { kind: "method", methods: new Set(["POST"]) };
const PLAIN: Condition = { kind: "path", path: { kind: "exact", path: "/a" } };

const ipv4 = new BlockList();
ipv4.addSubnet("10.0.0.0", 8);
const from = (whose: "connection" | "client"): Condition => ({
  kind: "from",
  whose,
  addresses: { written: ["10.0.0.0/8"], ipv4, ipv6: new BlockList() },
});

const at = (target: string, more: Parameters<typeof lookupOf>[2] = {}) => lookupOf("a.test", target, more);
const version = (value: string) => at("/a", { headers: { "x-version": value } });

const versions = (...values: readonly string[]) =>
  at("/a", { headers: { "x-version": values.join(", ") }, lines: () => values });

test.each([
  ["a header that is there", header({ kind: "present" }), version(""), true],
  ["a header that is not", header({ kind: "present" }), at("/a"), false],
  ["a header with another value", header({ kind: "is", text: "v1" }), version("v2"), false],
  ["letters count", header({ kind: "is", text: "V1" }), version("v1"), false],
  ["letters do not count", header({ kind: "is", text: "V1", fold: true }), version("v1"), true],
  ["its beginning", header({ kind: "starts", text: "v" }), version("v1"), true],
  ["its end", header({ kind: "ends", text: "1" }), version("v1"), true],
  ["a part of it", header({ kind: "contains", text: "." }), version("v1.2"), true],
  ["an expression", header({ kind: "pattern", pattern }), version("v2"), true],
  ["an expression that does not match", header({ kind: "pattern", pattern }), version("v3"), false],
  ["a parameter, decoded", query({ kind: "is", text: "1+1" }), at("/a?c&a+b=0&a%20b=1%2B1"), true],
  ["a parameter as sent", query({ kind: "present" }, "as-sent"), at("/a?a+b=1"), false],
  ["a value with an equals sign", query({ kind: "is", text: "1=2" }, "as-sent"), at("/a?x=1&a b=1=2"), true],
  ["the first value", query({ kind: "is", text: "1" }, "first-as-sent"), at("/a?a b=1&a b=2"), true],
  ["no later value", query({ kind: "is", text: "2" }, "first-as-sent"), at("/a?a b=1&a b=2"), false],
  ["one of its lines", alone({ kind: "is", text: "v2" }), versions("v1", "v2"), true],
  ["not its lines joined", alone({ kind: "is", text: "v1, v2" }), versions("v1", "v2"), false],
  ["the host as sent", pseudo(":authority", "A.test:80"), at("/", { host: "A.test:80" }), true],
  ["the host of the target", pseudo(":authority", "b"), at("/", { authority: "b" }), true],
  ["the method as a header", pseudo(":method", "PUT"), at("/", { method: "PUT" }), true],
  ["no parameter", query({ kind: "present" }), at("/a"), false],
  ["a method", POST, at("/a", { method: "POST" }), true],
  ["another method", POST, at("/a"), false],
  ["a host", { kind: "host", host: { kind: "exact", name: "a.test" } }, at("/"), true],
  ["all of two", { kind: "all", of: [PLAIN, POST] }, at("/a"), false],
  ["one of two", { kind: "one-of", of: [PLAIN, POST] }, at("/a"), true],
  ["one of none", { kind: "one-of", of: [] }, at("/a"), false],
  ["what does not hold", { kind: "not", of: POST }, at("/a"), true],
  ["the client's address", from("client"), at("/", { remoteAddress: "10.1.2.3" }), true],
  [
    "the address of the connection, which trusted headers do not change",
    from("connection"),
    at("/", { remoteAddress: "10.1.2.3", connectedFrom: "192.0.2.1" }),
    false,
  ],
  [
    "the client's address behind a trusted proxy",
    from("client"),
    at("/", { remoteAddress: "10.1.2.3", connectedFrom: "192.0.2.1" }),
    true,
  ],
] as const)("%s", (_, condition, lookup, holding) =>
  expect(conditionHolds(condition, lookup, "some")).toBe(holding));
