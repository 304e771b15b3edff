import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { type Entries, readEntries } from "./entries.ts";

/** The kubeconfig files, read and merged. */
export interface KubeConfigFiles extends Entries {
  /** The files that are there, in their order. */
  readonly files: readonly string[];
  /** The files that were looked for. */
  readonly searched: readonly string[];
}

/** What names the kubeconfig. */
export interface KubeConfigPlace {
  /** `--kubeconfig FILE`: this one alone, and it must exist. */
  readonly file?: string | undefined;
  /** `KUBECONFIG` (a list of files) is read from it, and `HOME`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The files that kubectl would read: `--kubeconfig`, else those of `KUBECONFIG`, else `~/.kube/config`. */
export function kubeConfigFiles({ file, env }: KubeConfigPlace): readonly string[] {
  if (file !== undefined) return [file];
  const listed = (env.KUBECONFIG ?? "").split(delimiter).filter((one) => one !== "");
  return listed.length > 0 ? [...new Set(listed)] : [join(env.HOME ?? homedir(), ".kube", "config")];
}

/** The text of a file; `undefined` where there is none. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UserError("bad-kubeconfig", `${file} cannot be read: ${code}.`);
  }
}

/** The first that names an entry has it, as with kubectl (client-go tools/clientcmd/loader.go). */
function merged<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}

/**
 * Reads the kubeconfig as kubectl does: a file of `KUBECONFIG` that is missing is passed over, of two entries with one
 * name the first counts, and so does the first `current-context`. No file at all is an empty kubeconfig.
 *
 * Throws `UserError("bad-kubeconfig")` with file and line for one that cannot be read, or names what it does not hold.
 */
export async function readKubeConfig(place: KubeConfigPlace): Promise<KubeConfigFiles> {
  const searched = kubeConfigFiles(place);
  const files: string[] = [];
  const all: Entries[] = [];
  for (const file of searched) {
    const text = await textOf(file);
    if (text === undefined && place.file !== undefined) {
      throw new UserError("bad-kubeconfig", `${file}: there is no such file.`);
    }
    if (text === undefined) continue;
    files.push(file);
    all.push(await readEntries(text, file, dirname(file)));
  }
  return {
    files,
    searched,
    contexts: merged(all.map(({ contexts }) => contexts)),
    clusters: merged(all.map(({ clusters }) => clusters)),
    users: merged(all.map(({ users }) => users)),
    currentContext: all.map(({ currentContext }) => currentContext).find((name) => name !== undefined),
  };
}
