import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished } from "vitest";
import { type Flags, readConfig } from "../../src/cli/options/config.ts";
import { type BusEvent, createBus } from "../../src/cli/up/bus.ts";
import { createProblemChanges } from "../../src/cli/up/problem-changes.ts";
import { type Serving, serve } from "../../src/cli/up/serve.ts";
import { readFiles } from "../../src/source/files.ts";

/** What `up` serves from one file, in this process, for as long as the test runs. */
export interface ServedHere {
  readonly serving: Serving;
  readonly folder: string;
  readonly told: readonly BusEvent[];
  /** The dashboard's explanation. */
  readonly explain: ReturnType<Serving["explainHits"]>;
  /** Fixes of the problems reported with this code. */
  readonly fixes: (code: string) => readonly string[];
  readonly save: (manifests: string) => Promise<void>;
}

export async function serveHere(manifests: string, flags: Flags = {}): Promise<ServedHere> {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-serve-"));
  const file = join(folder, "a.yaml");
  const read = async (written: string) => {
    writeFileSync(file, written);
    return await readFiles([file], { stdin: new PassThrough() as unknown as NodeJS.ReadStream });
  };
  const { settings } = await readConfig({ httpPort: "0", httpsPort: "0", ...flags }, {}, "/nowhere");
  const bus = createBus();
  const told: BusEvent[] = [];
  bus.subscribe((event) => told.push(event));
  const serving = await serve(await read(manifests), {
    ...{ settings, maps: [], certsDir: join(folder, "certs"), bus, problems: createProblemChanges(bus.tell) },
    ...{ forwards: undefined, onHosts: () => undefined, onFault: (fault) => expect.fail(String(fault)) },
  });
  onTestFinished(async () => {
    await serving.close(0);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const explain = serving.explainHits();
  serving.announce("a.yaml", 1);
  const fixes = (code: string) =>
    told.flatMap((event) =>
      event.type === "problem" && event.resolved !== true && event.code === code ? [event.fix] : [],
    );
  return {
    serving,
    folder,
    told,
    explain,
    fixes,
    save: async (written) => serving.take(await read(written)),
  };
}
