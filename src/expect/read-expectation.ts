import type { MapEntry, YamlNode } from "../yaml/node.ts";
import { cutText } from "./cut-text.ts";
import {
  type DocumentContext,
  mapOf,
  refuseAt,
  testFieldsOf,
  textOf,
  textsAt,
  wholeNumber,
  writtenScalar,
} from "./fields.ts";
import { EXPECTATION_KEYS } from "./keys.ts";
import { checkHeaderName, headerValue } from "./read-request.ts";
import type { Expectation, HeaderExpectation, ServicePattern } from "./test-file.ts";

const STATUSES = [100, 599] as const;
const PORTS = [1, 65_535] as const;
const KEYS_IN_WORDS = `Say what has to hold: ${EXPECTATION_KEYS.join(", ")}.`;

/** A map; or, in short, the name of a Service or a status. */
export function readExpectation(context: DocumentContext, node: YamlNode): Expectation {
  const value = writtenScalar(node);
  if (typeof value === "string" && value !== "") return { service: serviceOf(context, node, "expect") };
  if (typeof value === "number") return { status: wholeNumber(context, node, "a status", STATUSES) };
  if (value === null || value === "")
    return refuseAt(context, node, "nothing is expected, so that the test could not fail.", KEYS_IN_WORDS);
  const fields = testFieldsOf(context, node, "expect", EXPECTATION_KEYS);
  if (fields.size === 0)
    return refuseAt(context, node, "nothing is expected, so that the test could not fail.", KEYS_IN_WORDS);
  const at = <T>(key: (typeof EXPECTATION_KEYS)[number], read: (entry: MapEntry) => T): T | undefined => {
    const entry = fields.get(key);
    return entry === undefined ? undefined : read(entry);
  };
  return {
    service: at("service", ({ value: of }) => serviceOf(context, of, "service")),
    port: at("port", ({ value: of }) => portOf(context, of)),
    path: at("path", ({ value: of }) => pathOf(context, of)),
    status: at("status", ({ value: of }) => wholeNumber(context, of, "status", STATUSES)),
    redirect: at("redirect", ({ value: of }) => redirectOf(context, of)),
    ingress: at("ingress", ({ value: of }) => ingressOf(context, of)),
    rule: at("rule", ({ value: of }) => textOf(context, of, "rule")),
    headers: at("headers", (entry) => headersOf(context, entry, "headers")),
    responseHeaders: at("responseHeaders", (entry) => headersOf(context, entry, "responseHeaders")),
    notService: at("notService", (entry) => servicesOf(context, entry)),
    why: at("why", (entry) => textsAt(context, entry, "why")),
  };
}

const SERVICE =
  /^(?:([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\/)?([a-z0-9](?:[-.a-z0-9]*[a-z0-9])?)(?::([-a-z0-9]+))?$/;

function serviceOf(context: DocumentContext, node: YamlNode, what: string): ServicePattern {
  const text = textOf(context, node, what);
  const [, namespace, name, port] = SERVICE.exec(text) ?? [];
  if (name !== undefined) return { namespace, name, port };
  return refuseAt(
    context,
    node,
    `"${cutText(text)}" is no name of a Service.`,
    "Write NAME, NAMESPACE/NAME, or either with :PORT behind it.",
  );
}

function servicesOf(context: DocumentContext, { value, line }: MapEntry): readonly ServicePattern[] {
  if (value.kind !== "list") return [serviceOf(context, value, "notService")];
  if (value.items.length === 0) return refuseAt(context, { line }, "notService is an empty list.");
  return value.items.map((item) => serviceOf(context, item, "notService"));
}

function portOf(context: DocumentContext, node: YamlNode): string {
  if (typeof writtenScalar(node) === "number") return String(wholeNumber(context, node, "port", PORTS));
  return textOf(context, node, "port");
}

function pathOf(context: DocumentContext, node: YamlNode): string {
  const path = textOf(context, node, "path");
  if (path.startsWith("/")) return path;
  return refuseAt(
    context,
    node,
    `path begins with a slash, "${cutText(path)}" does not.`,
    "Write the path and query as the backend receives them: /cart?x=1.",
  );
}

function redirectOf(context: DocumentContext, node: YamlNode): string {
  const target = textOf(context, node, "redirect");
  if (!/\s/.test(target)) return target;
  return refuseAt(
    context,
    node,
    `"${cutText(target)}" is no Location.`,
    "Write the URL that clients are sent to, or its path: /login. The status goes into status:.",
  );
}

function ingressOf(context: DocumentContext, node: YamlNode): string {
  const name = textOf(context, node, "ingress");
  if (/^(?:[-a-z0-9]+\/)?[-.a-z0-9]+$/.test(name)) return name;
  return refuseAt(
    context,
    node,
    `"${cutText(name)}" is no name of an Ingress.`,
    "Write NAME or NAMESPACE/NAME.",
  );
}

function headersOf(
  context: DocumentContext,
  { value }: MapEntry,
  what: string,
): readonly HeaderExpectation[] {
  const { entries, line } = mapOf(context, value, what);
  if (entries.size === 0)
    return refuseAt(context, { line }, `${what} is empty.`, 'Write Name: "value", or Name: null for none.');
  return [...entries].map(([name, entry]) => {
    checkHeaderName(context, entry, name);
    const isAbsent = writtenScalar(entry.value) === null;
    return [name, isAbsent ? null : headerValue(context, entry.value, name)];
  });
}
