import type { Outcome } from "../match/outcome.ts";
import { resolvePlain } from "../yaml/scalar.ts";
import { actualOf, canaryOf } from "./actual.ts";
import type { TestOptionKey } from "./keys.ts";
import { isExpectedLocation } from "./location.ts";
import type { TestRequest } from "./test-file.ts";

/** A request, and what comes of it today. */
interface WrittenTest {
  /** The Ingress's. */
  readonly name: string;
  readonly request: TestRequest;
  readonly outcome: Outcome;
}

export interface WrittenTestFile {
  /** Relative to the file. */
  readonly schema: string;
  /** None: the folder of the file. */
  readonly manifests: readonly string[];
  readonly options: ReadonlyMap<TestOptionKey, unknown>;
  readonly tests: readonly WrittenTest[];
}

/** The text of a test file that holds what comes today: a test for each Ingress and host. */
export function writtenTestFile({ schema, manifests, options, tests }: WrittenTestFile): string {
  const groups = new Map<string, WrittenTest[]>();
  for (const test of tests) {
    const key = isPlain(test.request)
      ? `${test.name} ${originOf(test.request.url)}`
      : `${test.name} ${groups.size} odd`;
    groups.set(key, [...(groups.get(key) ?? []), test]);
  }
  return [
    `# yaml-language-server: $schema=${schema} (ingress-dev test file)`,
    ...(manifests.length === 0 ? [] : [`manifests: ${listed(manifests)}`]),
    ...[...options].map(
      ([key, value]) => `${key}: ${Array.isArray(value) ? listed(value.map(String)) : scalar(value)}`,
    ),
    "tests:",
    ...[...groups.values()].flatMap(groupLines),
    "",
  ].join("\n");
}

function listed(texts: readonly string[]): string {
  const [first = "", ...others] = texts.map(quoted);
  return others.length === 0 ? first : `[${[first, ...others].join(", ")}]`;
}

function scalar(value: unknown): string {
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

function isPlain({ method, headers, bodySize, client, chance }: TestRequest): boolean {
  return (
    /^[A-Z]+$/.test(method) &&
    headers.length === 0 &&
    [bodySize, client, chance].every((each) => each === undefined)
  );
}

/** `http://shop.test` of `http://shop.test/cart`. */
function originOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*/.exec(url)?.[0] ?? url;
}

function groupLines(group: readonly WrittenTest[]): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { name, request, outcome } = first;
  if (!isPlain(request))
    return [
      `  - name: ${quoted(name)}`,
      "    request:",
      ...requestLines(request).map((line) => `      ${line}`),
      `    expect: ${expectation(outcome, request)}`,
    ];
  const origin = originOf(request.url);
  const paths = new Map(
    group.map((test) => {
      const { method, url } = test.request;
      const path = url.slice(origin.length) || "/";
      return [
        method === "GET" ? path : `${method} ${path}`,
        expectation(test.outcome, test.request),
      ] as const;
    }),
  );
  return [
    `  - name: ${quoted(name)}`,
    `    host: ${quoted(origin)}`,
    "    paths:",
    ...[...paths].map(([path, expected]) => `      ${quoted(path)}: ${expected}`),
  ];
}

function requestLines({ method, url, headers, bodySize, client, chance }: TestRequest): readonly string[] {
  const names = new Map<string, string[]>();
  for (const [name, value] of headers) names.set(name, [...(names.get(name) ?? []), value]);
  const lines = [...names].map(([name, values]) => `${JSON.stringify(name)}: ${valuesOf(values)}`);
  return [
    ...(method === "GET" ? [] : [`method: ${quoted(method)}`]),
    `url: ${quoted(url)}`,
    ...(lines.length === 0 ? [] : [`headers: { ${lines.join(", ")} }`]),
    ...(bodySize === undefined ? [] : [`bodySize: ${bodySize}`]),
    ...(client === undefined ? [] : [`client: ${quoted(client)}`]),
    ...(chance === undefined ? [] : [`chance: ${chance}`]),
  ];
}

function valuesOf(values: readonly string[]): string {
  const [first = ""] = values;
  return values.length === 1 ? literal(first) : `[${values.map(literal).join(", ")}]`;
}

/** In short where a Service or a status says it all. */
function expectation(outcome: Outcome, { url }: TestRequest): string {
  const actual = actualOf(outcome);
  const { decision, status, location, service = "", path, ingress } = actual;
  if (decision === "respond") return String(status);
  if (decision === "redirect") return redirect(outcome, location ?? "", status);
  const [namespace, name = ""] = service.split("/");
  const own = namespace === ingress?.split("/")[0] ? name : service;
  const asked = url.slice(originOf(url).length) || "/";
  const isShort = path === asked || path === undefined || canaryOf(outcome.decision) !== undefined;
  return isShort ? quoted(own) : `{ service: ${quoted(own)}, path: ${quoted(path)} }`;
}

function redirect(outcome: Outcome, location: string, status: number): string {
  const path = location.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  const shown = path.startsWith("/") && isExpectedLocation(path, outcome) ? path : location;
  if (/\s/.test(shown) || shown === "") return String(status);
  return `{ redirect: ${quoted(shown)}, status: ${status} }`;
}

const SAFE =
  /^[A-Za-z0-9/._~][A-Za-z0-9/._~*=&+%-]*(?: \/[A-Za-z0-9/._~*=&+%-]*)?$|^https?:\/\/[A-Za-z0-9/._~?=&+%:-]*[A-Za-z0-9/._~]$/;

/** Plain where YAML reads it as this text; else in double quotes. A `${` is escaped. */
function quoted(text: string): string {
  return SAFE.test(text) && resolvePlain(text) === text ? text : literal(text);
}

function literal(text: string): string {
  return JSON.stringify(text.replaceAll("${", "$${"));
}
