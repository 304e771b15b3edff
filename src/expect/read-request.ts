import { isIP } from "node:net";
import { closest } from "../closest.ts";
import type { HeaderLine } from "../model/decision.ts";
import { readSize } from "../request/size.ts";
import type { MapEntry, YamlNode } from "../yaml/node.ts";
import { cutText } from "./cut-text.ts";
import {
  anyText,
  type DocumentContext,
  mapOf,
  refuseAt,
  testFieldsOf,
  textOf,
  wholeNumber,
  withVariables,
  writtenScalar,
} from "./fields.ts";
import { METHODS, REQUEST_KEYS } from "./keys.ts";
import type { TestRequest } from "./test-file.ts";

/** RFC 9110 section 5.6.2, `token` */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FORMS = "Write METHOD URL, such as GET http://shop.test/cart, or a map of method, url and others.";

/** `host`: stands before a URL that begins with its path. */
export function readTestRequest(
  context: DocumentContext,
  node: YamlNode,
  host: string | undefined,
): TestRequest {
  if (node.kind === "map") return readLongForm(context, node, host);
  return readShortForm(context, node, textOf(context, node, "a request", FORMS), host);
}

/** `POST http://shop.test/upload`, or the URL alone. The variables are filled in. */
export function readShortForm(
  context: DocumentContext,
  node: { readonly line: number },
  text: string,
  host: string | undefined,
): TestRequest {
  if ((METHODS as readonly string[]).includes(text.trim()))
    return refuseAt(context, node, `${text.trim()} is a method without a URL.`, FORMS);
  const [, before, url = ""] = /^(?:(\S+)\s+)?(.*)$/s.exec(text.trim()) ?? [];
  const method = before === undefined ? "GET" : knownMethod(context, node, before);
  return { method, url: withHost(context, node, url, host), headers: [] };
}

function knownMethod(context: DocumentContext, node: { readonly line: number }, method: string): string {
  if ((METHODS as readonly string[]).includes(method)) return method;
  const meant = meantMethod(method);
  return refuseAt(
    context,
    node,
    `"${cutText(method)}" is no method.`,
    meant === undefined
      ? "Write METHOD URL. A method of your own goes into the long form: {method: LIST, url: …}."
      : `Did you mean ${meant}?`,
  );
}

/** Two letters that changed places are two edits to `closest`, too many for a short word. */
function meantMethod(method: string): string | undefined {
  const letters = (word: string) => [...word.toUpperCase()].sort().join("");
  return (
    closest(method, METHODS) ??
    (method.length <= 12 ? METHODS.find((known) => letters(known) === letters(method)) : undefined)
  );
}

function withHost(
  context: DocumentContext,
  node: { readonly line: number },
  url: string,
  host: string | undefined,
): string {
  if (!url.startsWith("/")) return url;
  if (host !== undefined) return `${host}${url}`;
  return refuseAt(
    context,
    node,
    `"${cutText(url)}" has no host.`,
    "Write the whole URL, or give the test a host: http://shop.test",
  );
}

function readLongForm(context: DocumentContext, node: YamlNode, host: string | undefined): TestRequest {
  const fields = testFieldsOf(context, node, "a request", REQUEST_KEYS);
  const url = fields.get("url");
  if (url === undefined) return refuseAt(context, node, "a request needs a url.", FORMS);
  const [body, bodySize] = [fields.get("body"), fields.get("bodySize")];
  if (body !== undefined && bodySize !== undefined)
    return refuseAt(
      context,
      bodySize,
      "body and bodySize say the same.",
      "Keep body, or the size of a body that need not be written.",
    );
  return {
    method: methodAt(context, fields.get("method")),
    url: withHost(context, url, textOf(context, url.value, "url"), host),
    headers: headersAt(context, fields.get("headers")),
    bodySize: sizeOf(context, body, bodySize),
    client: clientAt(context, fields.get("client")),
    chance: chanceAt(context, fields.get("chance")),
  };
}

function methodAt(context: DocumentContext, entry: MapEntry | undefined): string {
  if (entry === undefined) return "GET";
  const method = textOf(context, entry.value, "method");
  if (TOKEN.test(method) && method.toUpperCase() === method) return method;
  const meant = meantMethod(method);
  const fix =
    meant === undefined ? "A method has capital letters and no blanks: GET." : `Did you mean ${meant}?`;
  return refuseAt(context, entry.value, `"${cutText(method)}" is no method.`, fix);
}

function headersAt(context: DocumentContext, entry: MapEntry | undefined): readonly HeaderLine[] {
  if (entry === undefined) return [];
  const lines: HeaderLine[] = [];
  for (const [name, { line, value }] of mapOf(context, entry.value, "headers").entries) {
    checkHeaderName(context, { line }, name);
    const values = value.kind === "list" ? value.items : [value];
    for (const each of values) lines.push([name, headerValue(context, each, name)]);
  }
  return lines;
}

export function checkHeaderName(
  context: DocumentContext,
  node: { readonly line: number },
  name: string,
): void {
  if (!TOKEN.test(name))
    refuseAt(
      context,
      node,
      `"${cutText(name)}" is no name of a header.`,
      "A name has letters, digits and hyphens: X-Canary.",
    );
}

export function headerValue(context: DocumentContext, node: YamlNode, name: string): string {
  const value = anyText(context, node, `the header ${name}`);
  if (!/[\r\n\0]/.test(value)) return value;
  return refuseAt(
    context,
    node,
    `the header ${name} has more than one line.`,
    "Write its value on one line.",
  );
}

function sizeOf(
  context: DocumentContext,
  body: MapEntry | undefined,
  size: MapEntry | undefined,
): number | undefined {
  if (body !== undefined) return Buffer.byteLength(anyText(context, body.value, "body"), "utf8");
  if (size === undefined) return undefined;
  const value = writtenScalar(size.value);
  if (typeof value === "number")
    return wholeNumber(context, size.value, "bodySize", [0, Number.MAX_SAFE_INTEGER]);
  const text = typeof value === "string" ? withVariables(context, size.value, value) : "";
  return (
    readSize(text, "bkmg") ??
    refuseAt(
      context,
      size.value,
      "bodySize is a number of bytes, or one with k, m or g.",
      "Write 2m, for example.",
    )
  );
}

function clientAt(context: DocumentContext, entry: MapEntry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  const client = textOf(context, entry.value, "client");
  if (isIP(client) !== 0 && !client.includes("%")) return client;
  return refuseAt(
    context,
    entry.value,
    `"${cutText(client)}" is no address.`,
    "Write an IP address, such as 10.0.0.5 or 2001:db8::5.",
  );
}

function chanceAt(context: DocumentContext, entry: MapEntry | undefined): number | undefined {
  if (entry === undefined) return undefined;
  const value = writtenScalar(entry.value);
  if (typeof value === "number" && value >= 0 && value < 1) return value;
  return refuseAt(
    context,
    entry.value,
    "chance is a number from 0 up to 1, but less than 1.",
    "0 takes the share of a canary-weight; without it the larger share answers.",
  );
}
