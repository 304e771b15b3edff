import { join } from "node:path";
import { type Core, forkOn } from "../beside/program.ts";

/** What a loader asks. */
export interface Load {
  readonly kind: "http" | "https" | "h2" | "websocket" | "download" | "upload";
  readonly port: number;
  readonly hosts: readonly string[];
  readonly connections: number;
  /** Requests, messages, or transfers in all. */
  readonly requests: number;
}

/** unit of times: ms */
export interface LoadResult {
  readonly p50: number;
  readonly p99: number;
  readonly totalMs: number;
}

/** A process that loads contestants from the other core. */
export interface Loader {
  /** @throws Error for another answer than 2xx, and for a connection that breaks off */
  run(load: Load): Promise<LoadResult>;
  stop(): void;
}

export function startLoader(core: Core = "loading"): Loader {
  const child = forkOn(core, join(import.meta.dirname, "loader.ts"));
  return {
    run: (load) =>
      new Promise((done, fail) => {
        const left = (code: number | null) => fail(new Error(`the loader ended with ${code}`));
        child.once("exit", left);
        child.once("message", (answer: { result?: LoadResult; error?: string }) => {
          child.off("exit", left);
          if (answer.result !== undefined) done(answer.result);
          else fail(new Error(answer.error));
        });
        child.send(load);
      }),
    stop: () => void child.kill("SIGKILL"),
  };
}
