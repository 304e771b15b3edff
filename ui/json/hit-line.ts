import type { HitEvent } from "../../src/model/event.ts";
import { safeJson } from "../safe-json.ts";
import { INNER, ordered } from "./ordered.ts";

/** Characters that stand for themselves in a string of JSON. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : safeJson(text);
}

/** One field with a comma before it; `""` if it is missing. */
function field(name: string, text: string | undefined): string {
  return text === undefined ? "" : `,"${name}":${quoted(text)}`;
}

/** The JSON of what the hits of a route share, and of which values it is. */
interface Shared {
  readonly of: Pick<HitEvent, "ingress" | "rule" | "backend" | "route">;
  /** Ingress, rule and backend. */
  readonly place: string;
  readonly route: string;
  /** Of the last hit: mostly the route's own reasons. */
  why: HitEvent["why"];
  reasons: string;
}

function sharedBy({ ingress, rule, backend, why, route }: HitEvent): Shared {
  const inner = (name: "rule" | "backend", value: object | undefined) =>
    value === undefined ? "" : `,"${name}":${safeJson(ordered(value, INNER[name]))}`;
  return {
    of: { ingress, rule, backend, route },
    place: field("ingress", ingress) + inner("rule", rule) + inner("backend", backend),
    route: field("route", route),
    why,
    reasons: reasonsOf(why),
  };
}

function isShared({ of }: Shared, hit: HitEvent): boolean {
  return (
    of.backend === hit.backend && of.rule === hit.rule && of.ingress === hit.ingress && of.route === hit.route
  );
}

function reasonsOf(why: HitEvent["why"]): string {
  return `,"why":[${why.map(({ text }) => quoted(text)).join(",")}]`;
}

/** RFC 3339 times. Most hits come within the second of the one before. */
function createTimes(): (time: number) => string {
  let second = Number.NaN;
  let beginning = "";
  return (time) => {
    const now = Math.floor(time / 1000);
    if (now !== second) {
      second = now;
      beginning = new Date(now * 1000).toISOString().slice(0, -"000Z".length);
    }
    return `${beginning}${String(time - now * 1000).padStart(3, "0")}Z`;
  };
}

/** In the order in which the proxy makes them. */
const FIELDS: readonly (keyof HitEvent)[] = [
  ...(["type", "time", "id", "method", "scheme", "host", "path", "status", "durationMs", "bytes"] as const),
  ...(["decision", "ingress", "rule", "backend", "upstream", "upstreamPath", "location", "why"] as const),
  ...(["error", "logged", "route"] as const),
];
const KNOWN: ReadonlySet<string> = new Set(FIELDS);

/** Fields that a later version adds. */
function others(hit: HitEvent): string {
  let text = "";
  let at = 0;
  for (const name in hit) {
    // A name in its place needs no look-up; all of them take 1 % of a request.
    if (name === FIELDS[at++] || KNOWN.has(name)) continue;
    const value: unknown = Reflect.get(hit, name);
    if (value !== undefined) text += `,${safeJson(name)}:${safeJson(value)}`;
  }
  return text;
}

/**
 * Makes the lines of hits: what `JSON.stringify` gives, in a tenth of its time. It remembers what the hits of a
 * route share.
 */
export function createHitLines(): (hit: HitEvent) => string {
  const timeOf = createTimes();
  const known = new WeakMap<object, Shared>();
  const sharedOf = (hit: HitEvent) => {
    const key = hit.backend ?? hit.rule;
    const found = key && known.get(key);
    if (found === undefined || !isShared(found, hit)) {
      const made = sharedBy(hit);
      if (key !== undefined) known.set(key, made);
      return made;
    }
    if (found.why !== hit.why) {
      found.why = hit.why;
      found.reasons = reasonsOf(hit.why);
    }
    return found;
  };
  return (hit) => {
    const { place, reasons, route } = sharedOf(hit);
    return (
      `{"type":"hit","time":"${timeOf(hit.time)}","id":${quoted(hit.id)},"method":${quoted(hit.method)}` +
      `,"scheme":"${hit.scheme}","host":${quoted(hit.host)},"path":${quoted(hit.path)}` +
      `,"status":${hit.status},"durationMs":${hit.durationMs},"bytes":${hit.bytes},"decision":"${hit.decision}"` +
      `${place}${field("upstream", hit.upstream)}${field("upstreamPath", hit.upstreamPath)}` +
      `${field("location", hit.location)}${reasons}${field("error", hit.error)}` +
      `${hit.logged === undefined ? "" : ',"logged":false'}${route}${others(hit)}}`
    );
  };
}
