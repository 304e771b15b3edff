import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { program } from "./peers.ts";
import { type Core, type Program, startOn } from "./program.ts";

const ROOT = resolve(import.meta.dirname, "../..");

export interface OursOptions {
  /** A checkout whose `dist` is run. default: this one */
  readonly root?: string | undefined;
  /** Arguments of `up`. */
  readonly args: readonly string[];
  /** Scratch; removed by the caller. */
  readonly folder: string;
  readonly core: Core;
  /** The file that standard output goes to. default: `folder/events.jsonl` */
  readonly output?: string | undefined;
}

/** @throws Error without `dist` */
export function mainOf(root = ROOT): string {
  const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const main = join(root, bin["ingress-dev"]);
  if (!existsSync(main)) throw new Error(`${main} is not built: npm run build comes first`);
  return main;
}

/** Flags that keep a started `up` apart from the machine. */
export function apart(folder: string): readonly string[] {
  const hosts = join(folder, "hosts");
  writeFileSync(hosts, "127.0.0.1 localhost\n");
  return [
    "--http-port",
    "0",
    "--https-port",
    "0",
    "--hosts-file",
    hosts,
    "--certs-dir",
    join(folder, "certs"),
  ];
}

/** `up -o json`, when it is ready. `events` gives the lines so far. */
export async function startOurs(options: OursOptions): Promise<Program & { events(): readonly string[] }> {
  const { root, args, folder, core } = options;
  const output = options.output ?? join(folder, "events.jsonl");
  const file = openSync(output, "w");
  const all = [mainOf(root), "up", ...args, "-o", "json", ...apart(folder)];
  const child = await startOn(core, process.execPath, all, ["ignore", file, "inherit"]);
  closeSync(file);
  const events = () => readFileSync(output, "utf8").split("\n").filter(Boolean);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`up ended: ${events().join("\n")}`);
    const ready = events().find((event) => event.startsWith('{"type":"ready"'));
    if (ready !== undefined) {
      const { http, https } = JSON.parse(ready);
      const ports = { http: http.port, https: https.port };
      return { ...program("ingress-dev", child, ports), events };
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}
