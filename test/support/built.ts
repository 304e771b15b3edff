import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

/**
 * The JavaScript of a source file, for tests that start a process: it starts in a third of the processor time that tsx
 * takes. `tsconfig.test-build.json` lists the files.
 */
export function built(source: string): string {
  return join(ROOT, ".test-build", relative(ROOT, source)).replace(/\.ts$/, ".js");
}

/** The program. */
export const MAIN = built(join(ROOT, "src/main.ts"));

/** Builds before the first test. Mistakes in types do not stop it: `npm run types` tells of them. */
export default async function build(): Promise<void> {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const said = await new Promise<string>((done) => {
    const args = [tsc, "-p", "tsconfig.test-build.json"];
    execFile(process.execPath, args, { cwd: ROOT }, (_, stdout) => done(stdout));
  });
  if (!existsSync(MAIN)) throw new Error(`the program was not built:\n${said}`);
}
