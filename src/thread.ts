import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";

/**
 * Starts a program of ours in a thread that does not keep the process alive. `program`: its file without extension,
 * relative to `importer`, a module's `import.meta.url`. In the package all files are in one folder, so it is `./NAME`.
 */
export function startThread(program: `./${string}`, importer: string): Worker {
  const extension = importer.endsWith(".ts") ? ".ts" : ".js";
  const url = new URL(`${program}${extension}`, importer);
  // Loaded with the first thread.
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const worker = extension === ".ts" ? new Worker(sourceProgram(url), { eval: true }) : new Worker(url);
  worker.unref();
  return worker;
}

/** For development: a thread of Node.js 20 takes no loader of TypeScript from the process that starts it. */
function sourceProgram(url: URL): string {
  const tsx = pathToFileURL(createRequire(url).resolve("tsx/package.json"));
  const loader = JSON.stringify(new URL("dist/esm/api/index.mjs", tsx).href);
  const program = JSON.stringify(url.href);
  return `import(${loader}).then((tsx) => (tsx.register(), import(${program})))`;
}
