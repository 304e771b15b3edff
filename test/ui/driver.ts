/**
 * The dashboard with made-up events, for a terminal: `tsx test/ui/driver.ts SCENARIO`. Prints why it ended when it has
 * given the terminal back.
 */
import type { Event } from "../../src/model/event.ts";
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
  hit({ path: "/\x1b[31mred\x1b]52;c;AAAA\x07\u202e日本語/👩‍👩‍👧", host: "www.basic1.com" }),
];

const listeners = new Set<(event: Event | UiAction) => void>();
const send = (event: Event | UiAction) => {
  for (const listener of listeners) listener(event);
};

let sent = 0;
let flood: NodeJS.Timeout | undefined;

const dashboard = startDashboard({
  stdin: process.stdin,
  stdout: process.stdout,
  initial: initialState(),
  subscribe: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  explain: (event) => [
    ...event.why,
    "examples/quick-start/basic.yaml:9",
    "Passed over:",
    "  /path2 Prefix of default/basic: the path does not start with it",
  ],
  onQuit: (reason) => {
    clearInterval(flood);
    void dashboard.stop().then(() => {
      process.stdout.write(`ended by ${reason} after ${sent} hits\n`);
      process.exitCode = 0;
    });
  },
});
const keepAlive = setInterval(() => listeners.size === 0 && clearInterval(keepAlive), 50);

const scenario = process.argv[2] ?? "hits";
if (scenario !== "before-ready") {
  send(ready);
  send({ type: "routes", rows });
}
if (scenario === "hits" || scenario === "problems") for (const event of HITS) send(event);
if (scenario === "problems") for (const event of [notice, problem]) send(event);
if (scenario === "crash")
  setTimeout(() => {
    throw new Error("the proxy fell over");
  }, 500);
if (scenario === "flood") {
  flood = setInterval(() => {
    for (let index = 0; index < 100; index++) {
      sent += 1;
      send(hit({ path: `/path1/${sent}`, id: String(sent) }));
    }
  }, 10);
}
