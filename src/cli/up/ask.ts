import { createInterface } from "node:readline/promises";

/** A terminal on which somebody can be asked. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Asks for a `y`; everything else is a no, and so is an end (Ctrl-C, Ctrl-D, `until` settling first). */
export async function askYesOrNo(
  question: string,
  { stdin, stderr }: Terminal,
  until: Promise<unknown>,
): Promise<"yes" | "no"> {
  const lines = createInterface({ input: stdin, output: stderr });
  const ended = new AbortController();
  const abort = () => ended.abort();
  lines.once("close", abort);
  // readline takes Ctrl-C for itself: hand it on, so that one Ctrl-C ends `up` here as everywhere.
  lines.once("SIGINT", () => {
    abort();
    process.kill(process.pid, "SIGINT");
  });
  void until.then(abort);
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: ended.signal });
    return /^y(es)?$/i.test(answer.trim()) ? "yes" : "no";
  } catch {
    return "no";
  } finally {
    lines.off("close", abort);
    lines.close();
  }
}
