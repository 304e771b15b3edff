/**
 * The dashboard with made-up events, for a terminal: `tsx test/ui/driver.ts SCENARIO [FILE]`. Prints the
 * reason of its end on the restored terminal and in FILE.
 */
import { writeFileSync } from "node:fs";
import type { Event } from "../../src/model/event.ts";
import { textsOf } from "../../src/model/reason.ts";
import { startDashboard } from "../../ui/dashboard.tsx";
import { initialState, type UiAction } from "../../ui/state.ts";
import { hit, missed, notice, problem, ready, rows } from "./events.ts";

const HITS = [
  hit(),
  hit({ path: "/path2", status: 201, method: "POST", durationMs: 41, route: rows[1]?.id }),
  hit({ scheme: "https", host: "www.basic-ssl.com", path: "/", route: rows[3]?.id, bytes: 3 }),
  hit({
    ...{ host: "www.basic-ssl.com", path: "/", status: 308, decision: "redirect", durationMs: 0.4 },
    ...{ location: "https://www.basic-ssl.com:32000", backend: undefined, upstream: undefined },
  }),
  missed(),
  hit({ status: 502, durationMs: 1234, error: "connect ECONNREFUSED 127.0.0.1:3000", method: "DELETE" }),
  hit({ path: "/\x1b[31mred\x1b]52;c;AAAA\x07\u202e日本語/👍", host: "www.basic1.com" }),
];

/** Hits of the scenario `flood`: 10,000 per second if the machine keeps up. */
const FLOOD = { every: 10, hits: 100 };

const [scenario = "hits", file] = process.argv.slice(2);
let listener: ((event: Event | UiAction) => void) | undefined;
let timer: NodeJS.Timeout | undefined;
let sent = 0;
const send = (event: Event | UiAction) => listener?.(event);

function end(reason: string): void {
  clearInterval(timer);
  void dashboard.stop().then(() => {
    if (file !== undefined) writeFileSync(file, reason);
    if (reason !== "terminal-closed") process.stdout.write(`ended by ${reason} after ${sent} hits\n`);
  });
}

function flood(): void {
  for (let index = 0; index < FLOOD.hits; index++) {
    sent += 1;
    send(hit({ path: `/path1/${sent}`, id: String(sent) }));
  }
}

const dashboard = startDashboard({
  stdin: process.stdin,
  stdout: process.stdout,
  initial: initialState(),
  subscribe: (given) => {
    listener = given;
    return () => {
      listener = undefined;
    };
  },
  explain: (event) => [
    ...textsOf(event.why),
    "examples/quick-start/basic.yaml:9",
    "Passed over:",
    "  /path2 Prefix of default/basic: the path does not start with it",
  ],
  onQuit: end,
});

send(ready);
send({ type: "routes", rows });
for (const event of HITS) send(event);
for (const event of [notice, problem]) send(event);
// Something must keep the process alive, as the proxy's listeners do; a closing server releases it the same
// way.
timer = setInterval(scenario === "flood" ? flood : () => undefined, FLOOD.every);
for (const signal of ["SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => scenario !== "deaf" && end(signal));
process.on("SIGUSR2", () => {
  throw new Error("the proxy fell over");
});
