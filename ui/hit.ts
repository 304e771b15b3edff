import type { HitEvent } from "../src/model/event.ts";
import { printable } from "./printable.ts";

/** The local time of day. */
export function clock(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "--:--:--";
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A duration in at most 6 columns: `3 ms`, `1.2 s`, `12 min`. */
export function duration(ms: number): string {
  if (ms < 9.95) return `${Number(Math.max(0, ms).toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 5_970_000
    ? `${Math.round(ms / 60_000)} min`
    : `${Math.min(9999, Math.round(ms / 3_600_000))} h`;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

const ASCII = /^[\0-\x7f]*$/;
const BYTES = /^[\0-\xff]*$/;

/** A request has one character per byte; browsers and curl send UTF-8. */
function decoded(bytes: string): string {
  if (ASCII.test(bytes) || !BYTES.test(bytes)) return bytes;
  try {
    return UTF8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return bytes;
  }
}

/** The URL as people type it: `www.basic1.com/path1`, with `https://` in front if it came by https. */
export function target(hit: HitEvent): string {
  return printable(`${hit.scheme === "https" ? "https://" : ""}${hit.host}${decoded(hit.path)}`);
}

/** The target: a Service and port (`default/service1:80`), a redirect's location; `""`: the controller answered. */
export function destination(hit: HitEvent): string {
  if (hit.decision === "redirect") return printable(hit.location ?? "");
  if (hit.backend === undefined) return "";
  const { namespace, service, port } = hit.backend;
  return printable(`${namespace}/${service}:${port}`);
}

/** The rule that matched: `/path1 Prefix`; Traefik's text of it; `default backend` of an Ingress; `""`: none. */
export function rule(hit: HitEvent): string {
  if (hit.rule !== undefined) return printable(`${hit.rule.path} ${hit.rule.pathType}`);
  if (hit.match !== undefined) return printable(hit.match);
  return hit.ingress === undefined ? "" : "default backend";
}
