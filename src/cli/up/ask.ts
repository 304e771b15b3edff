export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Asks for `y`. Anything else means no, as do Ctrl-C, Ctrl-D and `until` settling first. */
export async function askYesOrNo(
  question: string,
  { stdin, stderr }: Terminal,
  until: Promise<unknown>,
): Promise<"yes" | "no"> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: stdin, output: stderr });
  const ended = new AbortController();
  const abort = () => ended.abort();
  lines.once("close", abort);
  // readline swallows Ctrl-C; passing it on lets one Ctrl-C end `up` here too.
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
