import type { Event } from "../src/model/event.ts";
import { textsOf } from "../src/model/reason.ts";

/** The fields of each kind of event in the order of the contract (`-o json`). Others follow. */
const ORDER: { readonly [Type in Event["type"]]: readonly string[] } = {
  ready: ["type", "http", "https", "controller", "source", "routes", "hosts", "urls", "startMs"],
  hit: [
    ...[
      "type",
      "time",
      "id",
      "method",
      "scheme",
      "host",
      "path",
      "status",
      "durationMs",
      "bytes",
      "decision",
    ],
    ...["ingress", "rule", "backend", "upstream", "upstreamPath"],
  ],
  reload: ["type", "routes", "added", "removed", "ms"],
  problem: ["type", "code", "level", "object", "field", "message", "fix", "file", "line"],
  upstream: ["type", "upstream", "state", "message"],
  stream: ["type", "protocol", "address", "port", "backend", "state", "upstream", "bytes", "message"],
  cluster: ["type", "context", "state", "message"],
  stopped: ["type", "reason"],
};

/** The same for inner objects, by the field that holds them. */
const INNER: Readonly<Record<string, readonly string[]>> = {
  http: ["address", "port"],
  https: ["address", "port"],
  rule: ["host", "path", "pathType"],
  backend: ["namespace", "service", "port"],
  object: ["kind", "namespace", "name"],
};

/** Characters that JSON.stringify leaves alone and that a terminal or JavaScript parser acts on; see printable.ts. */
const UNSAFE = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** A copy with its fields in this order. A missing field is `undefined`, which JSON leaves out. */
function ordered(value: object, order: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of order) fields[name] = undefined;
  return Object.assign(fields, value);
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** A value as JSON on one line. Everything that a terminal would obey is a `\u` escape. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return PLAIN.test(text) ? text : text.replace(UNSAFE, escaped);
}

/** One event as one line of JSON, without the line end: the contract of `up -o json`. */
export function jsonLine(event: Event): string {
  const fields = ordered(event, ORDER[event.type]);
  if (event.type === "hit") fields.why = textsOf(event.why);
  for (const [name, order] of Object.entries(INNER)) {
    const value = fields[name];
    if (typeof value === "object" && value !== null) fields[name] = ordered(value, order);
  }
  return safeJson(fields);
}
