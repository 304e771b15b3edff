import { parentPort } from "node:worker_threads";
import { readGeneralYaml } from "../yaml/general-yaml.ts";
import type { General } from "../yaml/yaml.ts";

// The program of the thread: takes a document, returns its tree or what is wrong with it.
parentPort?.on("message", ({ general, excerpt }: General) => {
  try {
    parentPort?.postMessage({ tree: readGeneralYaml(general, excerpt) });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});
