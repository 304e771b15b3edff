import { spawn } from "node:child_process";
import { UserError } from "../../errors.ts";

/** The user's own git, in the current folder. */
export interface Git {
  /** What git prints. @throws UserError `git-unusable` in git's words */
  bytes(args: readonly string[], input?: string): Promise<Buffer>;
  text(args: readonly string[]): Promise<string>;
  /** `undefined`: git says no. */
  tryText(args: readonly string[]): Promise<string | undefined>;
}

interface Ran {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A revision's manifests; more than this is no set of manifests. unit: bytes */
const MOST_BYTES = 512 * 1024 * 1024;

export function createGit({
  cwd,
  env,
}: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Git {
  const bytes = async (args: readonly string[], input?: string) => {
    const { status, stdout, stderr } = await run(args, input);
    if (status === 0) return stdout;
    throw new UserError(
      "git-unusable",
      `git ${args[0]} failed: ${firstLine(stderr) || `exit status ${status}`}`,
    );
  };
  function run(args: readonly string[], input = ""): Promise<Ran> {
    return runGit(args, input, { cwd, env });
  }
  return {
    bytes,
    text: async (args) => (await bytes(args)).toString("utf8"),
    tryText: async (args) => {
      const { status, stdout } = await run(args);
      return status === 0 ? stdout.toString("utf8") : undefined;
    },
  };
}

function runGit(
  args: readonly string[],
  input: string,
  { cwd, env }: Parameters<typeof createGit>[0],
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    // Takes no locks, and asks for no password.
    const own = { GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" };
    const child = spawn("git", ["--literal-pathspecs", ...args], {
      cwd,
      env: { ...env, ...own },
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BYTES) child.kill();
      else chunks.push(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (stderr.length < 10_000) stderr += text;
    });
    // It may end before it has read everything.
    child.stdin.on("error", () => undefined);
    child.on("error", (error: NodeJS.ErrnoException) => reject(notStarted(error, cwd)));
    child.on("close", (status) => {
      if (size > MOST_BYTES)
        reject(new UserError("file-too-large", "The revision's manifests are larger than 512 MiB."));
      else resolve({ status, stdout: Buffer.concat(chunks), stderr });
    });
    child.stdin.end(input);
  });
}

function notStarted(error: NodeJS.ErrnoException, cwd: string): UserError {
  const why = error.code === "ENOENT" ? "there is no program git in PATH" : error.message;
  return new UserError("git-unusable", `git cannot be started in ${cwd}: ${why}.`);
}

function firstLine(text: string): string {
  return (
    text
      .trim()
      .split("\n")[0]
      ?.replace(/^fatal: /, "") ?? ""
  );
}
