import { type Edit, lineEnd } from "./edit.ts";
import { colonOf, endsLine, type MapStyle, mapStyleUnder, quotedAs } from "./map-style.ts";
import { type Entry, NotEdited, type WrittenDocument, type WrittenMap } from "./written.ts";

interface Service {
  readonly name: Entry | undefined;
  readonly port: Entry | undefined;
  /** `name` or `number`: by the type of the port's value. */
  readonly portKey: "name" | "number";
}

/**
 * `serviceName` and `servicePort` of a backend as `service: {name, port: {number}}`. Values, comments and the order of the
 * two stay. `parent` holds the backend. Returns no edits for a backend without them.
 */
export function serviceEdits(
  document: WrittenDocument,
  parent: WrittenMap,
  map: WrittenMap,
): readonly Edit[] {
  const [name, ...names] = document.ownEntries(map, "serviceName");
  const [port, ...ports] = document.ownEntries(map, "servicePort");
  const [first, last] = [name, port]
    .filter((entry) => entry !== undefined)
    .sort((a, b) => a.key.from - b.key.from);
  if (first === undefined) return [];
  const end = last ?? first;
  refuseUnclear(document, map, [first, end, ...names, ...ports]);
  const value = document.scalarOf(port?.node);
  const service: Service = { name, port, portKey: typeof value === "string" ? "name" : "number" };
  const style = mapStyleUnder(document, parent, map);
  return style.kind === "line"
    ? onOneLine(document, service, first, end, style.pad)
    : onLines(document, service, first, end, style);
}

function refuseUnclear(document: WrittenDocument, map: WrittenMap, entries: readonly Entry[]): void {
  const [first, last, repeated] = entries;
  if (first === undefined || last === undefined) return;
  const at = first.key.from;
  if (repeated !== undefined) throw new NotEdited("a backend names its Service or port twice", at);
  if (Math.abs(document.indexOf(first) - document.indexOf(last)) > 1) {
    throw new NotEdited("another key stands between serviceName and servicePort", at);
  }
  for (const { node, value } of entries) {
    if (node !== undefined && document.scalarOf(node) === undefined) {
      throw new NotEdited("a Service's name or port is no single value", value.from);
    }
  }
  if (first !== last) return;
  // The other one comes by a merge key, and a service of its own would hide it.
  const other = document.text.startsWith("serviceName", at) ? "servicePort" : "serviceName";
  const merged = document.merged(map).some((source) => document.entry(source, other) !== undefined);
  if (merged) throw new NotEdited("a merge key gives only a part of the backend", at);
}

/** `{serviceName: a, servicePort: 80}` → `{service: {name: a, port: {number: 80}}}` */
function onOneLine(
  document: WrittenDocument,
  { name, port, portKey }: Service,
  first: Entry,
  last: Entry,
  pad: string,
): readonly Edit[] {
  const colon = colonOf(document, first);
  const opened = (text: string) => `${quotedAs(first, text)}${colon}{${pad}`;
  const edits: Edit[] = [];
  for (const entry of [first, last]) {
    if (entry === last && last === first && edits.length > 0) break;
    const own = entry === name ? quotedAs(entry, "name") : `${opened("port")}${quotedAs(entry, portKey)}`;
    const closing = `${entry === port ? `${pad}}` : ""}${entry === last ? `${pad}}` : ""}`;
    edits.push({
      from: entry.key.from,
      to: entry.key.to,
      text: `${entry === first ? opened("service") : ""}${own}`,
    });
    edits.push({ from: entry.value.to, to: entry.value.to, text: closing });
  }
  return edits;
}

/** A key a line, in braces or without. The lines move to the right, by one step or by two. */
function onLines(
  document: WrittenDocument,
  { port, portKey }: Service,
  first: Entry,
  last: Entry,
  { kind, indent, step }: Exclude<MapStyle, { kind: "line" }>,
): readonly Edit[] {
  const { text } = document;
  const brace = kind === "lines" ? "{" : "";
  const colon = (entry: Entry) => (kind === "lines" ? `${colonOf(document, entry)}` : ":");
  const opened = (entry: Entry, key: string, inner: string) =>
    `${quotedAs(entry, key)}${colon(entry)}${brace}\n${inner}`;
  const edits: Edit[] = [];
  for (const entry of first === last ? [first] : [first, last]) {
    const service = entry === first ? opened(entry, "service", indent + step) : "";
    const own =
      entry === port
        ? `${opened(entry, "port", indent + step + step)}${quotedAs(entry, portKey)}`
        : quotedAs(entry, "name");
    edits.push({ from: entry.key.from, to: entry.key.to, text: `${service}${own}` });
  }
  const start = lineEnd(text, first.key.from) + 1;
  for (let line = start; line < last.value.to; line = lineEnd(text, line) + 1) {
    if (/^[ \t]*$/.test(text.slice(line, lineEnd(text, line)))) continue;
    const isOfPort = port !== undefined && line > port.key.from && line < port.value.to;
    edits.push({ from: line, to: line, text: isOfPort ? step + step : step });
  }
  return kind === "block" ? edits : [...edits, ...closings(text, port, last, indent, step)];
}

/** The braces that close. They stand behind a comment of the value before them. */
function closings(
  text: string,
  port: Entry | undefined,
  last: Entry,
  indent: string,
  step: string,
): readonly Edit[] {
  const closing = (entry: Entry, closed: string) => {
    const at = endsLine(text, entry.value.to) ? lineEnd(text, entry.value.to) : entry.value.to;
    return { from: at, to: at, text: closed };
  };
  const ofPort = `\n${indent}${step}}`;
  const ofService = `\n${indent}}`;
  if (port === undefined) return [closing(last, ofService)];
  if (port === last) return [closing(last, `${ofPort}${ofService}`)];
  return [closing(port, ofPort), closing(last, ofService)];
}
