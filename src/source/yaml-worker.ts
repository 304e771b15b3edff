import { parentPort } from "node:worker_threads";
import { readGeneralYaml } from "../yaml/general-yaml.ts";

// The program of the thread: takes a text, returns its tree or what is wrong with it.
parentPort?.on("message", (text: string) => {
  try {
    parentPort?.postMessage({ tree: readGeneralYaml(text) });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});
