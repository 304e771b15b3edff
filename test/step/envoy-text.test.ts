import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { EMPTY_SNAPSHOT } from "../../src/model/snapshot.ts";
import { fillEnvoyText, readEnvoyText } from "../../src/step/envoy/text.ts";
import { lookupOf } from "../select/lookup.ts";

const { table } = compile(EMPTY_SNAPSHOT, { controller: "contour", classless: "served" });
const headers = { "x-a": "one", "x-b": "two", "x-forwarded-for": "192.0.2.1" };
const { request } = lookupOf("app.test", "/p?q", {
  headers,
  lines: (name) => Object.entries(headers).flatMap(([key, value]) => (key === name ? [value] : [])),
});
const path = { path: "/p", query: "q", sent: "/p?q", quoted: false };

test.each([
  ["plain", "plain"],
  ["%REQ(X-A)%", "one"],
  ["%REQ(X-None?X-B)%", "two"],
  ["%REQ(X-A):2%", "on"],
  ["%REQ(X-None)%", ""],
  ["a%REQ(:method)%b", "aGETb"],
  ["%REQ(:path)%", "/p?q"],
  // With what Envoy has appended.
  ["%REQ(X-Forwarded-For)%", "192.0.2.1,127.0.0.1"],
  ["%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %PROTOCOL%", "127.0.0.1 HTTP/1.1"],
  ["50%% of %", "50% of %"],
])("%j is %j", (source, filled) =>
  expect(fillEnvoyText(readEnvoyText(source), { request, path, table })).toBe(filled));

test.each([
  ["%START_TIME% 50%", "%START_TIME% 50%"],
  ["%%PROTOCOL%%", "%HTTP/1.1%"],
])("of %j only some names are operators: %j", (source, filled) => {
  const text = readEnvoyText(source, (name) => name === "PROTOCOL");
  expect(fillEnvoyText(text, { request, path, table })).toBe(filled);
});
