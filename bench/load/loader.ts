import { askHttp2 } from "./http2.ts";
import type { Load, LoadResult } from "./load.ts";
import { askRaw } from "./raw.ts";
import { askWebSocket } from "./web-socket.ts";

/** Runs a load: every connection asks again as soon as it is answered. */
function run(load: Load): Promise<LoadResult> {
  const times: number[] = [];
  const started = performance.now();
  let left = load.requests;
  const turn = {
    take: () => left-- > 0,
    took: (ms: number) => void times.push(ms),
  };
  const ask = load.kind === "h2" ? askHttp2 : load.kind === "websocket" ? askWebSocket : askRaw;
  const connections = Array.from({ length: load.connections }, (_, at) => ask(load, turn, at));
  return Promise.all(connections).then(() => {
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    return { p50: at(0.5), p99: at(0.99), totalMs: performance.now() - started };
  });
}

process.on("message", (load: Load) => {
  run(load).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.once("disconnect", () => process.exit());
