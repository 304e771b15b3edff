import { isAbsolute, relative, resolve, sep } from "node:path";
import { printable } from "../../../ui/printable.ts";
import { STDIN_NAME } from "../../source/stdin.ts";

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * A file as a repository names it: from its root on, with `/`. The root is where GitHub's runner checked it out
 * (`GITHUB_WORKSPACE`) if the current folder is in it, else the current folder. `undefined`: the file is outside, is
 * standard input, or has a name that nobody can show.
 */
export function repositoryPath(file: string | undefined, { cwd, env }: Place): string | undefined {
  if (file === undefined || file === STDIN_NAME || printable(file) !== file) return undefined;
  const workspace = env.GITHUB_WORKSPACE;
  const root = workspace && within(workspace, cwd) !== undefined ? workspace : cwd;
  return within(root, resolve(cwd, file))?.split(sep).join("/");
}

/** The way down from a folder to a path; `undefined` for a path elsewhere. */
function within(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : way;
}
