import { expect, test } from "vitest";
import type { Problem } from "../src/model/problem.ts";
import { parseCaseFile } from "./support/case-file.ts";
import { hostHeader, parseRequestLine, parseRequestLines } from "./support/request-line.ts";
import { problemDifferences } from "./support/rows.ts";

// CONTRIBUTING.md describes case files. A slip in one must be an error, or the case would hold nothing.

const PORTS = { http: 40001, https: 40002 };

test.each([
  // line                                                          method  headers            body       scheme   target  Host
  ["GET http://a.test/ → respond 404", "GET", [], undefined, "http", "/", "a.test:40001"],
  ["GET https://a.test/b?c → forward n/s:80 /b?c", "GET", [], undefined, "https", "/b?c", "a.test:40002"],
  [
    "PUT -H 'X: http://b/' http://a.test/ → respond 404  # why",
    "PUT",
    [["X", "http://b/"]],
    undefined,
    "http",
    "/",
    "a.test:40001",
  ],
  ["GET -H 'Host: A.' http://a.test/ → respond 404", "GET", [["Host", "A."]], undefined, "http", "/", "A."],
  ["POST --body-size 5 http://a.test/ → redirect 308 https://a/", "POST", [], 5, "http", "/", "a.test:40001"],
  ["GET http://a.test/é → respond 404", "GET", [], undefined, "http", "/\xc3\xa9", "a.test:40001"],
] as const)("%s is read", (text, method, headers, bodySize, scheme, target, host) => {
  const line = parseRequestLine(text, "f", 1);
  expect(line).toMatchObject({ method, headers, bodySize, scheme, target });
  expect(hostHeader(line, PORTS)).toBe(host);
});

test("an outcome may be a guard's doing", () => {
  const { text, expected, guard } = parseRequestLine("GET http://a.test/ → respond 503 by limits", "f", 1);
  expect({ text, expected, guard }).toEqual({
    text: "GET http://a.test/ → respond 503 by limits",
    expected: "respond 503",
    guard: "limits",
  });
});

test("lines below a request look at its headers", () => {
  const text = "GET http://a.test/ → respond 404\n  < Vary: a…  # why\n  < !Server\n  > Host: a.test";
  expect(parseRequestLines(text, "f")[0]?.headersExpected).toEqual([
    { of: "response", name: "vary", value: "a…" },
    { of: "response", name: "server", value: undefined },
    { of: "backend request", name: "host", value: "a.test" },
  ]);
});

test.each([
  ["< Vary: a", "f:1: a header before the first request"],
  ["GET http://a.test/ → respond 404\n  < Vary", "f:2: not a header: < Vary"],
])("%j is refused: %s", (text, message) => expect(() => parseRequestLines(text, "f")).toThrow(message));

test.each([
  ["GET http://a.test/", "expected one arrow"],
  ["GET http://a.test/ → respond 404 → respond 404", "expected one arrow"],
  ["GET http://a.test → respond 404", "not a request"],
  ["http://a.test/ → respond 404", "not a request"],
  ["GET --bodysize 5 http://a.test/ → respond 404", "not an option"],
  ["GET http://a.test/ → answer 404", "not an outcome"],
  ["GET http://a.test/ → respond 404 by", "not an outcome"],
  ["GET http://a.test/ → forward web:80 /", "not an outcome"],
  ["GET http://a.test/ → forward n/web:80", "not an outcome"],
])("%s is refused: %s", (text, message) =>
  expect(() => parseRequestLine(text, "f", 7)).toThrow(`f:7: ${message}`));

test.each([
  [
    "=== manifests\na: b\n=== request\nGET http://a/ → respond 404",
    "section unknown or there twice: request",
  ],
  ["=== manifests\na: b\n=== manifests\na: b", "section unknown or there twice: manifests"],
  ["GET http://a/ → respond 404\n=== manifests\na: b", "text before the first section"],
  ["=== requests\nGET http://a/ → respond 404", "no manifests"],
  ["=== manifests\na: b\n=== options\n--map web=80", "a case cannot set --map"],
  ["=== manifests\na: b\n=== options\n--controller caddy", "no such controller: caddy"],
])("a case file is refused: %j", (text, message) => expect(() => parseCaseFile(text, "f")).toThrow(message));

const found = (level: Problem["level"]): Problem => ({
  code: "duplicate-path",
  level,
  object: { kind: "Ingress", namespace: "shop", name: "web" },
  message: 'host "a" and path "/" is already defined',
  fix: "",
});

test.each([
  // rows                                                    found      agreed
  [['warning duplicate-path shop/web host "a" and path "/"'], "warning", true],
  [["warning duplicate-path shop/web … is already defined"], "warning", true],
  [["warning duplicate-path shop/web … is not defined"], "warning", false],
  [["error duplicate-path shop/web host"], "warning", false],
  [["warning duplicate-path shop/web host", "warning duplicate-path shop/web host"], "warning", false],
  [[], "error", false],
  [[], "warning", false],
  [[], "notice", true],
] as const)("%j against one %s: %s", (rows, level, agreed) =>
  expect(problemDifferences(rows, [found(level)]).length === 0).toBe(agreed));
