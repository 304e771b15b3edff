import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { bundle } from "../../build/bundle.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".test-build");

/**
 * The JavaScript of a source file, for tests that start a process: it starts in a third of the processor time that tsx
 * takes. `tsconfig.test-build.json` lists the files.
 */
export function built(source: string): string {
  return join(FOLDER, relative(ROOT, source)).replace(/\.ts$/, ".js");
}

const BUNDLE = join(FOLDER, "bundle");

/** The program as it is published. */
export const MAIN = join(BUNDLE, "main.js");

/** Builds before the first test. Mistakes in types do not stop it: `npm run types` tells of them. */
export default async function build(): Promise<void> {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const [said] = await Promise.all([
    new Promise<string>((done) => {
      const args = [tsc, "-p", "tsconfig.test-build.json"];
      execFile(process.execPath, args, { cwd: ROOT }, (_, stdout) => done(stdout));
    }),
    bundle(BUNDLE),
  ]);
  const program = built(join(ROOT, "test/ui/driver.ts"));
  if (!existsSync(program)) throw new Error(`the programs of tests were not built:\n${said}`);
}
