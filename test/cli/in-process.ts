import { PassThrough } from "node:stream";
import { run } from "../../src/cli/run.ts";

/** Output and exit status of a command line. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function collected(stream: PassThrough): () => string {
  const chunks: string[] = [];
  stream.on("data", (chunk) => chunks.push(String(chunk)));
  return () => chunks.join("");
}

/** Runs a command line in this process, with its own streams, variables and current folder. */
export async function runHere(
  argv: readonly string[],
  { env = {}, cwd = "/", input = "" }: { env?: Record<string, string>; cwd?: string; input?: string } = {},
): Promise<Said> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [collected(stdout), collected(stderr)];
  stdin.end(input);
  const code = await run(argv, {
    version: "1.2.3",
    env,
    cwd,
    // Not a terminal: only `up` needs more of a stream.
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
  });
  return { code, stdout: out(), stderr: err() };
}
