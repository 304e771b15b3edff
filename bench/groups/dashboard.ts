import { join } from "node:path";
import { type BenchOptions, inScratch, stopAll } from "../bench.ts";
import { apart, mainOf, startOurs } from "../beside/ours.ts";
import { accepts, freePort, program } from "../beside/peers.ts";
import { isCommand, type Program, startOn } from "../beside/program.ts";
import { bestInTurns } from "../beside/rounds.ts";
import { startLoader } from "../load/load.ts";
import { ONE_HOST, writeOne } from "../manifests.ts";
import { startBackend } from "./contestants.ts";

const REQUESTS = 20_000;

/** Processor time of a small request with the dashboard on a terminal, beside `-o json`. */
export async function benchDashboard(options: BenchOptions): Promise<void> {
  const what = "a small request with the dashboard on";
  if (!isCommand("script"))
    return options.report({ what, skipped: "there is no script(1) to make a terminal" });
  await inScratch(async (folder) => {
    const backend = await startBackend("loading");
    const loader = startLoader();
    const manifests = join(folder, "manifests");
    writeOne(join(manifests, "basic.yaml"));
    const args = [manifests, "--map", `web=${backend.port}`];
    const [{ root }] = options.checkouts;
    const running: Program[] = [];
    try {
      const json = await startOurs({ root, args, folder, core: "measured" });
      running.push(json);
      const tui = await startDashboard(root, args, folder);
      running.push(tui);
      const requests = Math.round(REQUESTS * options.size);
      const best = await bestInTurns(running, options.rounds, async (each) => {
        const before = each.cpu();
        const { http: port } = each.ports;
        await loader.run({ kind: "http", port, hosts: [ONE_HOST], connections: 32, requests });
        return (each.cpu() - before) / requests;
      });
      const [beside, ours] = [best.get(json) ?? Number.NaN, best.get(tui) ?? Number.NaN];
      const figures = { dashboard: ours, "-o json": beside };
      options.report({ what, figures, unit: "µs", ratio: ours / beside, limit: 1.1, of: "-o json" });
    } finally {
      loader.stop();
      await stopAll([...running, backend]);
    }
  });
}

/** In a pseudo terminal of 200 columns and 50 rows. Its processor time includes that of script(1), which copies. */
async function startDashboard(root: string, args: readonly string[], folder: string): Promise<Program> {
  const [http, https] = [await freePort(), await freePort()];
  const flags = [...apart(folder).slice(4), "--http-port", String(http), "--https-port", String(https)];
  const words = [process.execPath, mainOf(root), "up", ...args, "-o", "tui", ...flags];
  const command = `stty rows 50 cols 200; exec ${words.map((word) => `'${word}'`).join(" ")}`;
  const child = await startOn("measured", "env", [
    "-u",
    "CI",
    "TERM=xterm-256color",
    "script",
    "-qfec",
    command,
    "/dev/null",
  ]);
  while (!(await accepts(http))) {
    if (child.exitCode !== null) throw new Error(`the dashboard ended with ${child.exitCode}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  return program("dashboard", child, { http, https });
}
