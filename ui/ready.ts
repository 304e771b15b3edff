import { counted } from "../src/counted.ts";
import type { Listener, ReadyEvent, ServedListener, ShownController } from "../src/model/event.ts";
import { duration } from "./hit.ts";
import { printable } from "./printable.ts";
import { type Colour, styled } from "./style.ts";

/** The start block: who is shown, and which host is where. */
export function readyLines(event: ReadyEvent, colour: Colour): readonly string[] {
  const { controllers = [], controller, source, urls } = event;
  const isOne = controllers.length < 2;
  const names = isOne ? [controller] : controllers.map((each) => each.controller);
  const size = `${counted(event.routes, "route")}, ${counted(event.hosts.length, "host")}, ready in ${duration(event.startMs)}`;
  return [
    `ingress-dev serves ${printable(source)} as ${printable(inWords(names))} would`,
    ...(isOne
      ? [...portLines(event, event, controller), size, ...urlLines(urls, colour)].map((line) => `  ${line}`)
      : [`  ${size}`, ...controllers.flatMap((each) => controllerLines(event, each, colour))]),
  ];
}

/** One of several controllers: why it is shown, its ports and URLs. */
export function controllerLines(
  event: Pick<ReadyEvent, "listeners">,
  shown: ShownController,
  colour: Colour,
): readonly string[] {
  const why = shown.why === undefined ? "" : `: ${printable(shown.why)}`;
  const lines = [...portLines(event, shown, shown.controller), ...urlLines(shown.urls, colour)];
  return [`  ${printable(shown.controller)}${why}`, ...lines.map((line) => `    ${line}`)];
}

/** `a`, `a and b`, `a, b and c`. */
function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

function urlLines(urls: readonly string[], colour: Colour): readonly string[] {
  return urls.map((url) => styled(printable(url), { colour: "cyan" }, colour));
}

/** The usual two, and every other. */
function portLines(
  { listeners = [] }: Pick<ReadyEvent, "listeners">,
  { http, https }: Pick<ReadyEvent, "http" | "https">,
  controller: string,
): readonly string[] {
  const others = listeners.filter(
    (each) => each.controller === controller && each.localPort !== http.port && each.localPort !== https.port,
  );
  return [`http   ${listenerText(http)}`, `https  ${listenerText(https)}`, ...others.map(portLine)];
}

/** `8080   127.0.0.1:40123  default/gw http-alt HTTP` */
export function portLine({ gateway, name, protocol, port, address, localPort }: ServedListener): string {
  const what = [gateway, name, protocol].filter((part) => part !== undefined).join(" ");
  return `${String(port).padEnd(5)}  ${listenerText({ address, port: localPort })}  ${printable(what)}`;
}

/** `127.0.0.1:31000`, `[::1]:31000`. */
export function listenerText({ address, port }: Listener): string {
  return printable(`${address.includes(":") ? `[${address}]` : address}:${port}`);
}
