import { counted } from "../src/counted.ts";
import type { ClusterEvent, Event, HitEvent, ReloadEvent, StreamEvent } from "../src/model/event.ts";
import { clock, destination, duration, rule, target } from "./hit.ts";
import { printable } from "./printable.ts";
import { problemLine, problemLines } from "./problems.ts";
import { controllerLines, listenerText, portLine, readyLines } from "./ready.ts";
import { type Colour, statusStyle, styled } from "./style.ts";

export interface TextStyle {
  readonly colour: Colour;
}

/** Routes of a reload that are named one by one; others are counted. */
const NAMED = 10;

/** A part of a line behind what is there; nothing for `""`. */
function part(text: string | undefined): string {
  return text === undefined || text === "" ? "" : `  ${printable(text)}`;
}

/** The reason of an answer, for the end of the line: the rule, or the first reason if none matched. */
function reason(hit: HitEvent): string {
  const matched = rule(hit);
  const of = hit.ingress === undefined ? "" : ` of ${printable(hit.ingress)}`;
  const place =
    matched === ""
      ? ""
      : `  ${hit.rule === undefined && hit.match === undefined ? "" : "rule "}${matched}${of}`;
  return place + part(hit.error) + (hit.decision === "respond" ? part(hit.why[0]?.text) : "");
}

function hitLine(hit: HitEvent, { colour }: TextStyle): string {
  const where = destination(hit);
  const upstream = hit.upstream === undefined ? "" : ` (${printable(hit.upstream)})`;
  const status = styled(String(hit.status), statusStyle(hit.status), colour);
  const by = hit.controller === undefined ? "" : `${printable(hit.controller)} `;
  const head = `${clock(hit.time)} ${by}${status} ${printable(hit.method)} ${target(hit)}`;
  return `${head}${where === "" ? "" : ` → ${where}`}${upstream} ${duration(hit.durationMs)}${reason(hit)}`;
}

function named(sign: string, ids: readonly string[]): readonly string[] {
  const lines = ids.slice(0, NAMED).map((id) => `  ${sign} ${printable(id)}`);
  return ids.length > NAMED ? [...lines, `  ${sign} and ${ids.length - NAMED} more`] : lines;
}

function reloadLines(event: ReloadEvent): readonly string[] {
  const changed = `${event.added.length} added, ${event.removed.length} removed`;
  return [
    `${event.controller === undefined ? "" : `${printable(event.controller)} `}reloaded in ${duration(event.ms)}: ${counted(event.routes, "route")} (${changed})`,
    ...named("+", event.added),
    ...named("-", event.removed),
  ];
}

/** `tcp 127.0.0.1:9000 → default/db:5432`, and the end of a connection. */
function streamLine(event: StreamEvent, { colour }: TextStyle): string {
  const { backend } = event;
  const target =
    backend === undefined
      ? "nothing: connections are closed"
      : `${backend.namespace}/${backend.service}:${backend.port}`;
  const way = `${event.protocol} ${listenerText(event)} → ${printable(target)}`;
  if (event.state === "listening") return `  ${way}`;
  if (event.state === "closed") return `${way} closed`;
  const upstream = event.upstream === undefined ? "" : ` (${printable(event.upstream)})`;
  if (event.state === "ended") return `${way}${upstream} ${counted(event.bytes ?? 0, "byte")}`;
  return styled(`${way}${upstream} failed: ${printable(event.message)}`, { colour: "red" }, colour);
}

/** While not connected, the last reading is served. */
export function clusterSentence({ context, state, message }: ClusterEvent): string {
  const about = `cluster ${printable(context)} is ${state}`;
  if (state === "connected" || state === "connecting") return `${about}: ${printable(message)}`;
  return `${about}, what was last read is served: ${printable(message)}`;
}

function clusterLine(event: ClusterEvent, { colour }: TextStyle): string {
  const plain = clusterSentence(event);
  if (event.state === "connecting") return plain;
  return styled(plain, { colour: event.state === "connected" ? "green" : "red" }, colour);
}

/**
 * An event as lines for a terminal or log file (`-o text`), without line ends; none for a request that the cluster
 * would not log. Text from a request or manifest is `printable`: no event can move a cursor or add a line.
 */
export function textLines(event: Event, style: TextStyle): readonly string[] {
  const { colour } = style;
  switch (event.type) {
    case "ready":
      return readyLines(event, colour);
    case "hit":
      return event.logged === false ? [] : [hitLine(event, style)];
    case "reload":
      return reloadLines(event);
    case "problem": {
      if (!event.resolved) return problemLines(event, colour);
      return [`${styled("resolved", { colour: "green" }, colour)}  ${problemLine(event)}`];
    }
    case "upstream": {
      const state = styled(event.state, { colour: event.state === "up" ? "green" : "red" }, colour);
      const message = event.message === "" ? "" : `: ${printable(event.message)}`;
      return [`upstream ${printable(event.upstream)} is ${state}${message}`];
    }
    case "stream":
      return [streamLine(event, style)];
    case "listener":
      return [`  ${portLine(event)}${event.state === "closed" ? " closed" : ""}`];
    case "controller":
      return controllerLines(event, event, colour);
    case "cluster":
      return [clusterLine(event, style)];
    case "stopped":
      return [`stopped: ${printable(event.reason)}`];
  }
}
