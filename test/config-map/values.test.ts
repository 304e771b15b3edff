import { describe, expect, test } from "vitest";
import { ConfigData } from "../../src/compile/ingress-nginx/config-map/data.ts";
import { goBoolean, goInteger } from "../../src/compile/ingress-nginx/config-map/go-values.ts";
import { judgeOptions } from "../../src/compile/ingress-nginx/config-map/judge.ts";
import { KINDS } from "../../src/compile/ingress-nginx/config-map/kinds.ts";
import {
  ANNOTATION_DEFAULTS,
  OPTIONS_NOT_HONOURED,
  WITHOUT_EFFECT,
} from "../../src/compile/ingress-nginx/config-map/names.ts";
import { REFUSALS } from "../../src/compile/ingress-nginx/config-map/refusals.ts";
import { INVISIBLE } from "../support/invisible-options.ts";

test.each([
  ["true", true],
  ["True", true],
  ["TRUE", true],
  ["t", true],
  ["1", true],
  ["false", false],
  ["F", false],
  ["0", false],
  ["", false],
  [" true", undefined],
  ["true ", undefined],
  ["tRUE", undefined],
  ["yes", undefined],
  ["on", undefined],
  ["2", undefined],
])("the boolean %j is %j", (text, value) => expect(goBoolean(text)).toBe(value));

test.each([
  ["0", 0],
  ["12", 12],
  ["+12", 12],
  ["-12", -12],
  ["", 0],
  ["0x1E", 30],
  ["0b101", 5],
  ["0o17", 15],
  ["017", 15],
  ["1_000", 1000],
  ["0x_f", 15],
  [" 5", undefined],
  ["5 ", undefined],
  ["5s", undefined],
  ["1.5", undefined],
  ["1__0", undefined],
  ["_1", undefined],
  ["08", undefined],
  ["--1", undefined],
  ["99999999999999999999", undefined],
])("the number %j is %j", (text, value) => expect(goInteger(text)).toBe(value));

/** The reported code for one option, or nothing. */
function said(key: string, value: string, beside: Readonly<Record<string, string>> = {}): readonly string[] {
  const data = new ConfigData({
    kind: "ConfigMap",
    metadata: { namespace: "a", name: "b", labels: new Map(), annotations: new Map() },
    origin: { file: "f", document: 1, line: 1, lineOf: () => 1 },
    data: new Map([[key, value], ...Object.entries(beside)]),
  });
  judgeOptions(data);
  return data.problems.filter(({ field }) => field === `data[${key}]`).map(({ code }) => code);
}

const STOPS = ["controller-stops"];
const IGNORED = ["option-ignored"];
const GZIP = { "use-gzip": "true" };
const BROTLI = { "enable-brotli": "true" };

describe("what is said of a value", () => {
  test.each<[string, string, readonly string[], Readonly<Record<string, string>>?]>([
    ["block-cidrs", "10.0.0.0/8, 192.168.1.7,::1", []],
    ["block-cidrs", "all", []],
    ["block-cidrs", "", []],
    ["block-cidrs", "10.0.0.0/8,", []],
    ["block-cidrs", "10.0.0.0/8, ", STOPS],
    ["block-cidrs", "10.0.0.0/33", STOPS],
    ["block-cidrs", "banana", STOPS],
    ["whitelist-source-range", "127.0.0.1", []],
    ["whitelist-source-range", "127.0.0.1-127.0.0.9", STOPS],
    ["proxy-real-ip-cidr", "10.0.0.0/8", []],
    ["proxy-real-ip-cidr", "10.0.0.0/8;", STOPS],
    ["block-user-agents", "evil,~*bot", []],
    ["block-user-agents", "~*(bot", STOPS],
    ["block-user-agents", "two words", STOPS],
    ["block-user-agents", '"~*two words"', []],
    ["block-user-agents", "a,a", STOPS],
    ["block-referers", "a, ", STOPS],
    ["block-referers", `${"a".repeat(46)}`, []],
    ["block-referers", `${"a".repeat(47)}`, STOPS],
    ["block-referers", `${"a".repeat(47)}`, [], { "map-hash-bucket-size": "128" }],
    ["gzip-level", "9", [], GZIP],
    ["gzip-level", "0", STOPS, GZIP],
    ["gzip-level", "10", STOPS, GZIP],
    ["gzip-level", "10", []],
    ["gzip-level", " 5", IGNORED, GZIP],
    ["gzip-disable", "msie6", [], GZIP],
    ["gzip-disable", "(", STOPS, GZIP],
    ["brotli-level", "11", [], BROTLI],
    ["brotli-level", "12", STOPS, BROTLI],
    ["keep-alive", "0", []],
    ["keep-alive", "-1", STOPS],
    ["keep-alive", "75s", IGNORED],
    ["keep-alive-requests", "-5", STOPS],
    ["large-client-header-buffers", "4 8k", []],
    ["large-client-header-buffers", "4 16k ", []],
    ["large-client-header-buffers", "8k", STOPS],
    ["limit-req-status-code", "429", []],
    ["limit-req-status-code", "200", STOPS],
    ["limit-req-status-code", "429 ", IGNORED],
    ["custom-http-errors", "404, 500", []],
    ["custom-http-errors", "499", STOPS],
    ["proxy-next-upstream", "error timeout http_503", []],
    ["proxy-next-upstream", "", STOPS],
    ["proxy-next-upstream", "banana", STOPS],
    ["proxy-cookie-path", "off", []],
    ["proxy-cookie-path", "/ /shop/", []],
    ["proxy-cookie-path", "/one", STOPS],
    ["proxy-redirect-from", "default", []],
    ["proxy-redirect-from", "http://backend/", STOPS],
    ["proxy-redirect-from", "", STOPS],
    ["proxy-buffer-size", "8k", []],
    ["proxy-buffer-size", "8g", STOPS],
    ["proxy-buffer-size", "", STOPS],
    ["proxy-busy-buffers-size", "", []],
    ["proxy-read-timeout", "60", []],
    ["proxy-read-timeout", "-1", STOPS],
    ["proxy-request-buffering", "off", []],
    ["proxy-request-buffering", "false", STOPS],
    ["proxy-http-version", "1.0", []],
    ["proxy-http-version", "2", STOPS],
    ["ssl-protocols", "TLSv1.2 TLSv1.3", []],
    ["ssl-protocols", "TLSv1.2,TLSv1.3", STOPS],
    ["default-type", "", STOPS],
    ["hide-headers", "X-A, X-B", []],
    ["hide-headers", "X-A, ", STOPS],
    ["Hide-Headers", "X-A", ["option-unknown"]],
    ["USE-GZIP", "true", []],
    ["use-gzip", "yes", IGNORED],
    ["worker-processes", "many", []],
    ["worker-serial-reloads", "true", ["option-unknown"]],
    ["upstream-hash-by", "$host", ["option-ignored"]],
    ["nonsense", "1", ["option-unknown"]],
    ["enable-ocsp", "true", ["option-not-honoured"]],
    ["enable-ocsp", "false", []],
    ["server-snippet", "", []],
    ["server-snippet", "return 418;", ["option-not-honoured"]],
  ])("%s: %j", (key, value, codes, beside) => expect(said(key, value, beside)).toEqual(codes));
});

test("every name in the tables is one of the controller's", () => {
  const named = [
    ...ANNOTATION_DEFAULTS,
    ...WITHOUT_EFFECT,
    ...OPTIONS_NOT_HONOURED.keys(),
    ...INVISIBLE,
    ...REFUSALS.keys(),
  ];
  expect(named.filter((name) => !KINDS.has(name))).toEqual([]);
});
