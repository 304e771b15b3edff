import type { Event, HitEvent } from "../src/model/event.ts";
import { createHitLines } from "./json/hit-line.ts";
import { INNER, ordered } from "./json/ordered.ts";
import { safeJson } from "./safe-json.ts";

type OtherEvent = Exclude<Event, HitEvent>;

/** The fields of each kind of event in the order of the contract (`-o json`). Others follow. */
const ORDER: { readonly [Type in OtherEvent["type"]]: readonly string[] } = {
  ready: [
    "type",
    "http",
    "https",
    "controller",
    "source",
    "routes",
    "hosts",
    "urls",
    "startMs",
    "listeners",
    "controllers",
  ],
  reload: ["type", "routes", "added", "removed", "ms"],
  problem: ["type", "code", "level", "object", "field", "message", "fix", "file", "line"],
  upstream: ["type", "upstream", "state", "message"],
  stream: ["type", "protocol", "address", "port", "backend", "state", "upstream", "bytes", "message"],
  listener: ["type", "state", "controller", "gateway", "name", "protocol", "port", "address", "localPort"],
  controller: ["type", "controller", "why", "http", "https", "hosts", "urls", "listeners"],
  cluster: ["type", "context", "state", "message"],
  stopped: ["type", "reason"],
};

function otherLine(event: OtherEvent): string {
  const fields = ordered(event, ORDER[event.type]);
  for (const [name, order] of Object.entries(INNER)) {
    const value = fields[name];
    if (typeof value === "object" && value !== null) fields[name] = ordered(value, order);
  }
  return safeJson(fields);
}

/** Makes one line of JSON of each event, without the line end: the contract of `up -o json`. */
export function createJsonLines(): (event: Event) => string {
  const hitLine = createHitLines();
  return (event) => (event.type === "hit" ? hitLine(event) : otherLine(event));
}
