import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".test-build");

/** The program as JavaScript: it starts in a third of the processor time that it takes from its sources. */
export const MAIN = join(FOLDER, "src/main.js");

/** Builds `MAIN` before the first test. Mistakes in types do not stop it: `npm run types` tells of them. */
export default async function build(): Promise<void> {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const to = ["--outDir", FOLDER, "--tsBuildInfoFile", join(FOLDER, ".tsbuildinfo")];
  const said = await new Promise<string>((done) => {
    execFile(process.execPath, [tsc, "-p", "tsconfig.build.json", ...to], { cwd: ROOT }, (_, stdout) =>
      done(stdout),
    );
  });
  if (!existsSync(MAIN)) throw new Error(`the program was not built:\n${said}`);
}
