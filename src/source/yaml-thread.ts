import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { readsTooLong, type SyntaxFault } from "../yaml/general-yaml.ts";
import type { YamlNode } from "../yaml/node.ts";

/** A thread that reads YAML: 50 kB with a syntax error take a tenth of a second and more. */
export interface YamlThread {
  readonly read: (text: string) => Promise<YamlNode | SyntaxFault>;
  readonly close: () => Promise<void>;
}

/** The longest that a document may take. unit: ms */
const LONGEST_MS = 10_000;

type Answer = { readonly tree: YamlNode | SyntaxFault } | { readonly error: unknown };

/** Starts the thread at the first text, and again after it was ended. Reads texts one after the other. */
export function createYamlThread(longestMs = LONGEST_MS): YamlThread {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function end(): Promise<void> {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  }

  async function readNow(text: string): Promise<YamlNode | SyntaxFault> {
    worker ??= startWorker();
    const answer = await answerOf(worker, text, longestMs);
    if (answer === "late") {
      await end();
      return readsTooLong(longestMs);
    }
    if ("tree" in answer) return answer.tree;
    throw answer.error;
  }

  return {
    read: (text) => {
      const answer = last.then(() => readNow(text));
      last = answer.catch(end);
      return answer;
    },
    close: end,
  };
}

function startWorker(): Worker {
  const url = new URL(import.meta.url.replace(/yaml-thread(\.[jt]s)$/, "yaml-worker$1"));
  const worker = url.pathname.endsWith(".ts") ? workerOfSource(url) : new Worker(url);
  worker.unref();
  // Between texts nobody listens, and an error without a listener would end the process.
  worker.on("error", () => undefined);
  return worker;
}

/** For development: a thread of Node.js 20 takes no loader of TypeScript from the process that starts it. */
function workerOfSource(url: URL): Worker {
  const tsx = pathToFileURL(createRequire(url).resolve("tsx/package.json"));
  const loader = JSON.stringify(new URL("dist/esm/api/index.mjs", tsx).href);
  const program = JSON.stringify(url.href);
  return new Worker(`import(${loader}).then((tsx) => (tsx.register(), import(${program})))`, { eval: true });
}

function answerOf(worker: Worker, text: string, longestMs: number): Promise<Answer | "late"> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => resolve("late")), longestMs);
    const onMessage = (answer: Answer) => settle(() => resolve(answer));
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = () => settle(() => reject(new Error("the thread that reads YAML ended")));
    const settle = (how: () => void) => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      how();
    };
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(text);
  });
}
