import type { Worker } from "node:worker_threads";
import { startThread } from "../thread.ts";
import type { Excerpt } from "../yaml/excerpt.ts";
import type { YamlNode } from "../yaml/node.ts";
import { readsTooLong, type SyntaxFault } from "../yaml/syntax-fault.ts";
import type { General } from "../yaml/yaml.ts";

/** A thread that reads YAML: 50 kB with a syntax error take a tenth of a second and more. */
export interface YamlThread {
  readonly read: (text: string, excerpt?: Excerpt) => Promise<YamlNode | SyntaxFault>;
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

  async function readNow(general: General): Promise<YamlNode | SyntaxFault> {
    worker ??= startWorker();
    const answer = await answerOf(worker, general, longestMs);
    if (answer === "late") {
      await end();
      return readsTooLong(longestMs);
    }
    if ("tree" in answer) return answer.tree;
    throw answer.error;
  }

  return {
    read: (general, excerpt) => {
      const answer = last.then(() => readNow({ general, excerpt }));
      last = answer.catch(end);
      return answer;
    },
    close: end,
  };
}

function startWorker(): Worker {
  const worker = startThread("./yaml-worker", import.meta.url);
  // Between texts nobody listens, and an error without a listener would end the process.
  worker.on("error", () => undefined);
  return worker;
}

function answerOf(worker: Worker, general: General, longestMs: number): Promise<Answer | "late"> {
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
    worker.postMessage(general);
  });
}
